/**
 * The claims about fine-tuning that lesson 02 puts to the test. What is measured, and the smallest
 * effect that counts, was written before the experiment was run.
 *
 * @module
 */
import type { Claim, RunRow } from "@tunebook/experiments";
import { meanInterval } from "@tunebook/training";
import type { Key, Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "2.1",
    claim:
      "Fine-tuning reaches a given quality in fewer steps and less time than training from scratch.",
    measure:
      "share of the steps saved: of those that training from scratch takes to its best validation " +
      "accuracy, how many does fine-tuning not need to get there; 300 labels, over seeds",
    smallestEffect: 0.3,
    effect: (rows) =>
      meanInterval(
        runs(rows, "scratch", "full").map(({ key, value }) => {
          const best = Math.max(...value.curve!.map(({ score }) => score));
          const tuned = runs(rows, "pretrained", "full").find((row) => row.key.seed === key.seed)!;
          return 1 - stepsTo(best, tuned.value) / stepsTo(best, value);
        }),
      ),
    conditions: (rows) => [{
      condition: "it ends better as well, with every seed",
      holds: runs(rows, "scratch", "full").every(({ key, value }) =>
        runs(rows, "pretrained", "full").find((row) => row.key.seed === key.seed)!.value.score >
          value.score
      ),
    }],
    finding: {
      outcome: "held",
      text:
        "Fine-tuning got in a quarter of the steps to where training from scratch ended, and went " +
        "on from there. A step costs both the same, so time follows the steps.",
    },
  },
  {
    id: "2.2",
    claim: "Adapting only a few layers already gets most of the gain.",
    measure:
      "share of full fine-tuning's gain over training from scratch that the last block and the " +
      "head get, in test accuracy, over seeds",
    smallestEffect: 0.8,
    effect: (rows) => meanInterval(shareOfGain(rows, "lastBlock")),
    conditions: (rows) => [{
      condition: "less than a third of the parameters train",
      holds: runs(rows, "pretrained", "lastBlock").every(({ value }) =>
        value.parameters!.trained < value.parameters!.all / 3
      ),
    }],
    finding: {
      outcome: "held",
      text:
        "The last block with the head got all of the gain, and with 300 labels was more often right " +
        "than full fine-tuning. The head alone can't be told from full fine-tuning.",
    },
  },
  {
    id: "2.3",
    claim: "The same base adapts to text classification and to question answering.",
    measure:
      "token F1 on questions about unread addresses, less that of always giving the most frequent " +
      "kind of span, over seeds",
    smallestEffect: 0.05,
    effect: (rows) => {
      const [baseline] = rows.filter(({ key }) => key.start === "frequent span");
      return meanInterval(
        questionRuns(rows).map(({ value }) => value.score - baseline!.value.score),
      );
    },
    conditions: (rows) => [{
      condition: "as a classifier it is right more often than one in two, with every seed",
      holds: runs(rows, "pretrained", "full").every(({ value }) => value.score > 0.6),
    }],
    finding: {
      outcome: "held",
      text:
        "It adapts to classification at once. For question answering 300 steps, at the best of three " +
        "rates on validation data, bring it well past the baseline of always giving the most " +
        "frequent kind of span. In a first run a hundred steps, at a rate that was not tuned, did " +
        "not.",
    },
  },
];

/** The classification runs of one kind, by seed. */
export function runs(rows: readonly Row[], start: Key["start"], method: Key["method"]): Row[] {
  return rows.filter(({ key }) =>
    key.task === "agreement" && key.start === start && key.method === method
  );
}

/** The runs on questions, by seed, without those that tried learning rates. */
export function questionRuns(rows: readonly Row[]): Row[] {
  return rows.filter(({ key }) => key.task === "questions" && key.seed !== undefined);
}

/** For each seed, how much of full fine-tuning's gain over scratch a method gets. */
export function shareOfGain(rows: readonly Row[], method: "lastBlock" | "head"): number[] {
  const score = (start: Key["start"], name: Key["method"], seed?: number) =>
    runs(rows, start, name).find(({ key }) => key.seed === seed)!.value.score;
  return runs(rows, "pretrained", method).map(({ key: { seed } }) => {
    const scratch = score("scratch", "full", seed);
    return (score("pretrained", method, seed) - scratch) /
      (score("pretrained", "full", seed) - scratch);
  });
}

/** The first step at which a run was as good as that; its last one if it never was. */
export function stepsTo(score: number, { curve }: Value): number {
  return (curve!.find((point) => point.score >= score) ?? curve!.at(-1)!).step;
}
