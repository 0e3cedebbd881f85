/**
 * The claims about pretrained models that lesson 01 puts to the test. What is measured, and the
 * smallest effect that counts, was written before the experiment was run.
 *
 * @module
 */
import { baseTrainingLog } from "@tunebook/base";
import { type Claim, differenceOver, type RunRow } from "@tunebook/experiments";
import { meanInterval, pairedDifference } from "@tunebook/training";
import type { Key, Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

const { evaluations } = await baseTrainingLog();

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "1.1",
    claim: "Next-word prediction needs no labels, and held-out loss falls as more text is seen.",
    measure: "bits per byte that pretraining takes off a validation document, over documents",
    smallestEffect: 0.5,
    effect: (rows) => {
      const { bits } = part(rows, "text")[0]!.value;
      return pairedDifference(
        bits!.map(({ untrained }) => untrained),
        bits!.map(({ pretrained }) => pretrained),
      );
    },
    conditions: () => [{
      condition: "each evaluation during pretraining found a lower loss than the one before",
      holds: evaluations.every(({ validationLoss }, i) =>
        i === 0 || validationLoss < evaluations[i - 1]!.validationLoss
      ),
    }],
    finding: {
      outcome: "held",
      text:
        "On every validation document the pretrained model needs far fewer bits a byte than the " +
        "untrained one, and each evaluation found a lower loss than the one before.",
    },
  },
  {
    id: "1.2",
    claim: "A pretrained start beats a random start on a labelled task.",
    measure: "difference in test accuracy on agreement with 200 labels, paired over seeds",
    smallestEffect: 0.05,
    effect: (rows) => gain(rows, 200),
    finding: {
      outcome: "held",
      text: "With the same 200 labels the pretrained start is some thirteen points ahead.",
    },
  },
  {
    id: "1.3",
    claim: "The gain is largest with few labels.",
    measure: "gain in accuracy with 50 labels less that with 1,000, paired over seeds",
    smallestEffect: 0.02,
    effect: (rows) => {
      const of = (start: Key["start"], labels: number) =>
        scores(rows, "task", start, labels).map(({ score }) => score);
      const difference = (labels: number) =>
        of("pretrained", labels).map((score, i) => score - of("untrained", labels)[i]!);
      return pairedDifference(difference(50), difference(1000));
    },
    finding: {
      outcome: "did not hold",
      text: "On agreement the gain is smallest with fifty labels, and larger with 200 and with a " +
        "thousand. All runs took equally many steps and kept their best moment on validation data, " +
        "so the steps are not the reason (in a first run they were unequal, and it came out the " +
        "same). Whether it holds on another task was not run.",
    },
  },
  {
    id: "1.4",
    claim: "Generated text goes from noise to words to grammar.",
    measure: "share of the words written that are words of the corpus, at the end less at the " +
      "beginning of training, over prompts",
    smallestEffect: 0.2,
    effect: (rows) => risen(rows, "known"),
    conditions: (rows) => [{
      condition: "the share of pairs of neighbouring words that the corpus has rises as well",
      holds: risen(rows, "pairs").low > 0,
    }],
    finding: {
      outcome: "held in part",
      text:
        "Pairs of words rise clearly. Single words rise too, but three prompts are too few to be " +
        "sure, and much of what an untrained network writes is words already, since many tokens " +
        "are whole words.",
    },
  },
  {
    id: "1.5",
    claim: "The pretrained model holds syntax and meaning.",
    measure:
      "share of 300 minimal pairs in which the right sentence is likelier, less one half, over " +
      "kinds of mistakes",
    smallestEffect: 0.15,
    effect: (rows) => {
      const { pairs } = part(rows, "pairs")[0]!.value;
      return meanInterval(pairs!.map(({ pretrained, count }) => pretrained / count - 0.5));
    },
    conditions: (rows) => [{
      condition:
        "a linear probe tells the period of a sentence better from its features than from those " +
        "of an untrained network",
      holds: differenceOver(
        scores(rows, "topics", "pretrained"),
        scores(rows, "topics", "untrained"),
        ({ score }) => score,
      ).low > 0,
    }],
    finding: {
      outcome: "held",
      text:
        "It prefers the right sentence in nine of ten pairs, least surely for the number of a " +
        "verb; and its features tell the period of a sentence, where random features hardly do.",
    },
  },
];

function part(rows: readonly Row[], name: Key["part"]): Row[] {
  return rows.filter(({ key }) => key.part === name);
}

/** The scores of one kind of run, by seed. */
export function scores(
  rows: readonly Row[],
  name: Key["part"],
  start: Key["start"],
  labels?: number,
): { seed: number; score: number }[] {
  return part(rows, name)
    .filter(({ key }) => key.start === start && key.labels === labels)
    .map(({ key, value }) => ({ seed: key.seed!, score: value.score! }));
}

function gain(rows: readonly Row[], labels: number) {
  return differenceOver(
    scores(rows, "task", "pretrained", labels),
    scores(rows, "task", "untrained", labels),
    ({ score }) => score,
  );
}

/** How much a share rose from the first to the last moment, over prompts. */
function risen(rows: readonly Row[], share: "known" | "pairs") {
  const { words } = part(rows, "samples")[0]!.value;
  const last = Math.max(...words!.map(({ step }) => step));
  const at = (step: number) => words!.filter((one) => one.step === step).map((one) => one[share]);
  return pairedDifference(at(last), at(0));
}
