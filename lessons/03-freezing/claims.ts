/**
 * What is claimed about freezing, and what our data says. Measures and smallest effects were written
 * before the experiment was run.
 *
 * @module
 */

import type { Claim, RunRow } from "@tunebook/experiments";
import { meanInterval, pairedDifference } from "@tunebook/training";
import type { Key, Value, Values } from "./experiment.ts";

/** A row of the experiment. */
export type Row = RunRow<Key, Value>;

type PartKey<Part extends Key["part"]> = Extract<Key, { part: Part }>;

/** What the rows of one part gave that have these fields, in order of their seeds. */
export function valuesOf<Part extends Key["part"]>(
  rows: readonly Row[],
  part: Part,
  fields: Partial<PartKey<Part>> = {},
): Values[Part][] {
  return rows
    .filter(({ key }) =>
      key.part === part &&
      Object.entries(fields).every(([name, value]) => key[name as keyof Key] === value)
    )
    .sort((a, b) => a.key.seed - b.key.seed)
    .map(({ value }) => value as Values[Part]);
}

/** By how much the loss on validation data is above that on the training examples, in the end. */
export function lossGap({ evaluations }: Values["tuning"]): number {
  const { validationLoss, fittedLoss } = evaluations.at(-1)!;
  return validationLoss - fittedLoss!;
}

/** By how much the accuracy on the training examples is above that on validation data, in the end. */
export function scoreGap({ evaluations }: Values["tuning"]): number {
  const { validationScore, fittedScore } = evaluations.at(-1)!;
  return fittedScore! - validationScore;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Everything but the last block, the last norm and the head. */
const DEEP = 4;

/** Step time at a depth, as a share of the full step's, round by round. */
export function timeShares(rows: readonly Row[], depth: number): number[] {
  return valuesOf(rows, "cost").map((depths) =>
    depths[depth]!.timing.secondsPerStep / depths[0]!.timing.secondsPerStep
  );
}

const cost: Claim<Row> = {
  id: "3.1",
  claim: "A frozen layer makes a step cheaper in time and memory, by what the accounting predicts.",
  measure: "the share of a full step's time that is saved with the embeddings and three of four " +
    "blocks frozen; mean over five rounds",
  smallestEffect: 0.2,
  effect: (rows) => meanInterval(timeShares(rows, DEEP).map((share) => 1 - share)),
  conditions(rows) {
    const rounds = valuesOf(rows, "cost"), depths = rounds[0]!;
    const shares = depths.map((_, depth) => mean(timeShares(rows, depth)));
    return [
      {
        condition: "no depth takes over 3 % more of a full step than the one before it",
        holds: shares.every((share, i) => i === 0 || share <= shares[i - 1]! + 0.03),
      },
      {
        condition: "at each depth the time is within 10 % of a full step of the prediction",
        holds: depths.every(({ cost }, i) => Math.abs(shares[i]! - cost) <= 0.1),
      },
      {
        condition: "at each depth weights, gradients and state take what was predicted, within 5 %",
        holds: depths.every(({ bytes, timing }) => Math.abs(timing.bytes / bytes - 1) <= 0.05),
      },
    ];
  },
  finding: {
    outcome: "held in part",
    text:
      "The time was as predicted at every depth. Memory fell as predicted but lay a tenth above " +
      "the prediction: the engine hands it out in pieces of fixed sizes, and part of each is unused.",
  },
};

const overfitting: Claim<Row> = {
  id: "3.2",
  claim:
    "With few labels, freezing shallow layers reduces the gap between training and validation.",
  measure:
    "how much smaller the gap in loss is after the last step, in nats, with the lower half " +
    "frozen than without; agreement, 50 labels, paired over five seeds, each at its own rate",
  smallestEffect: 0.05,
  effect: (rows) =>
    pairedDifference(
      valuesOf(rows, "tuning", { way: "full" }).map(lossGap),
      valuesOf(rows, "tuning", { way: "half" }).map(lossGap),
    ),
  conditions(rows) {
    const of = (way: "full" | "half") => valuesOf(rows, "tuning", { way });
    const test = (way: "full" | "half") => mean(of(way).map(({ test }) => test.score));
    return [
      {
        condition: "the gap in accuracy is smaller too, on average",
        holds: mean(of("half").map(scoreGap)) < mean(of("full").map(scoreGap)),
      },
      {
        condition: "it costs no more than 0.02 of the test accuracy, on average",
        holds: test("half") >= test("full") - 0.02,
      },
    ];
  },
  finding: {
    outcome: "held in part",
    text:
      "The gap in accuracy shrank and test accuracy did not suffer, but the gap in loss grew: " +
      "validation chose a larger rate for the frozen model. The claim holds for one careless rate.",
  },
};

/** How much further right the probe of the first block is than that of the last, by seed. */
export function shallowLead(rows: readonly Row[], task: "agreement" | "period"): number[] {
  return valuesOf(rows, "probe", { task, start: "pretrained" })
    .map((layers) => layers[1]!.test - layers.at(-1)!.test);
}

const textTransfer: Claim<Row> = {
  id: "3.3",
  claim: "Shallow features transfer better than deep ones, on text.",
  measure:
    "test accuracy of a linear probe behind the first block minus behind the last; mean of " +
    "two tasks, 100 labels, five seeds",
  smallestEffect: 0.01,
  effect(rows) {
    const period = shallowLead(rows, "period");
    return meanInterval(shallowLead(rows, "agreement").map((lead, i) => (lead + period[i]!) / 2));
  },
  conditions: (rows) =>
    (["agreement", "period"] as const).map((task) => ({
      condition: `the first block is ahead on ${task}`,
      holds: mean(shallowLead(rows, task)) > 0,
    })),
  finding: {
    outcome: "did not hold",
    text:
      "On agreement, which is close to what the model was pretrained for, probes rise with depth; " +
      "on period they jump at the first block and stay flat. It may hold for tasks that are farther.",
  },
};

/** How much further right the probe of the first block is than that of the description, by seed. */
export function imageLead(rows: readonly Row[], target: "near" | "far"): number[] {
  const [rotation, classes] = (["rotation", "classes"] as const).map((start) =>
    valuesOf(rows, "image probe", { start, target, each: 20 })
      .map((depths) => depths[1]!.test - depths.at(-1)!.test)
  );
  return rotation!.map((lead, i) => (lead + classes![i]!) / 2);
}

/** How much a pretrained image model gains on a random one when all of it is tuned, by seed. */
export function imageGain(rows: readonly Row[], target: "near" | "far", each: number): number[] {
  const scores = (start: "rotation" | "classes" | "random") =>
    valuesOf(rows, "image tuning", { start, target, each, frozen: 0 }).map(({ score }) => score);
  const rotation = scores("rotation"), classes = scores("classes");
  return scores("random").map((score, i) => (rotation[i]! + classes[i]!) / 2 - score);
}

const imageTransfer: Claim<Row> = {
  id: "3.4",
  claim: "The same holds on images: shallow features transfer better, most of all to a far task.",
  measure:
    "test accuracy of a linear probe behind the first block minus on the last description; " +
    "digits, 20 labels a class, mean of two pretrainings, five seeds",
  smallestEffect: 0.02,
  effect: (rows) => meanInterval(imageLead(rows, "far")),
  conditions: (rows) => [
    {
      condition: "the first block is ahead on the near task too",
      holds: mean(imageLead(rows, "near")) > 0,
    },
    {
      condition: "its lead is larger on the far task than on the near one",
      holds: mean(imageLead(rows, "far")) > mean(imageLead(rows, "near")),
    },
    {
      condition: "with 5 labels a class, a pretrained start beats a random one on the near task",
      holds: meanInterval(imageGain(rows, "near", 5)).low > 0,
    },
    {
      condition: "with 5 labels a class, a pretrained start beats a random one on the far task",
      holds: meanInterval(imageGain(rows, "far", 5)).low > 0,
    },
  ],
  finding: {
    outcome: "held in part",
    text:
      "The last description transfers worse than the block before it, but the middle is best on " +
      "digits, not the first block. With 5 labels a class, no gain of pretraining could be shown.",
  },
};

/** The claims of the lesson. */
export const claims: Claim<Row>[] = [cost, overfitting, textTransfer, imageTransfer];
