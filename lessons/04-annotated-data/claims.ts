/**
 * The claims about annotated data that lesson 04 puts to the test. What is measured, and the smallest
 * effect that counts, was written before the experiment was run.
 *
 * @module
 */
import { type Claim, differenceOver, type RunRow } from "@tunebook/experiments";
import type { Key, Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "4.1",
    claim: "Label noise lowers test quality, and the more the worse.",
    measure: "test accuracy on reviews (400 labels, head) with clean labels less that with 40 % " +
      "wrong ones, over seeds",
    smallestEffect: 0.05,
    effect: (rows) => noiseCost(rows, { method: "head" }, 0.4),
    conditions: (rows) => [{
      condition: "the same with e-mails, by at least 2 points",
      holds: counts(noiseCost(rows, { task: "mails" }, 0.4), 0.02),
    }, {
      condition: "the same when everything is tuned, by at least 5 points",
      holds: counts(noiseCost(rows, { method: "full" }, 0.4), 0.05),
    }, {
      condition: "a tenth of wrong labels costs less than a quarter of what four tenths cost",
      holds: noiseCost(rows, {}, 0.1).value < noiseCost(rows, {}, 0.4).value / 4,
    }],
    finding: {
      outcome: "held",
      text: "Accuracy falls with the dose on reviews and on e-mails, with a head alone and with " +
        "everything tuned. A tenth of wrong labels costs hardly anything that can be " +
        "measured, four tenths most of what training had brought.",
    },
  },
  {
    id: "4.2",
    claim: "More labelled data raises quality, with diminishing returns.",
    measure: "test accuracy on reviews (head) with 1600 labels less that with 100, over seeds",
    smallestEffect: 0.03,
    effect: (rows) => gainOfSize(rows, 100, 1600),
    conditions: (rows) => [{
      condition: "from 100 to 400 labels brings more than from 400 to 1600",
      holds: gainOfSize(rows, 100, 400).value > gainOfSize(rows, 400, 1600).value,
    }, {
      condition: "the same with e-mails from 50 to 800, by at least 3 points",
      holds: counts(gainOfSize(rows, 50, 800, "mails"), 0.03),
    }],
    finding: {
      outcome: "held",
      text: "Accuracy rises with the number of labels, and each four-fold step brings less. The " +
        "base model read addresses, so even the largest set leaves reviews and e-mails hard " +
        "for it.",
    },
  },
  {
    id: "4.3",
    claim: "Near-duplicates in place of diverse samples lower quality.",
    measure:
      "test accuracy on reviews (head) with 400 different texts less that with 50 texts and " +
      "350 near-copies of them, over seeds",
    smallestEffect: 0.03,
    effect: (rows) =>
      difference(rows, { sweep: "copies", dose: 0 }, { sweep: "copies", dose: 0.875 }),
    conditions: (rows) => [{
      condition: "the near-copies bring at most 2 points over the 50 texts alone",
      holds:
        difference(rows, { sweep: "copies", dose: 0.875 }, { sweep: "size", dose: 50 }).value <=
          0.02,
    }],
    finding: {
      outcome: "held in part",
      text:
        "The copies bring nothing that can be told from none. With 100 texts and 300 copies of " +
        "them the loss is clear. With 50 texts it is just under the smallest that counts, and its " +
        "interval reaches below zero: so few texts differ much from draw to draw, and six seeds " +
        "are too few.",
    },
  },
  {
    id: "4.4",
    claim: "Skewed classes lower minority recall; weighting or re-sampling repairs part of it.",
    measure:
      "the share of bad reviews found (400 labels, head) when half of the labels are bad less " +
      "that when a tenth are, over seeds",
    smallestEffect: 0.1,
    effect: (rows) => difference(rows, skew(0.5), skew(0.1), rareRecall),
    conditions: (rows) => [
      ...(["weights", "over", "under"] as const).map((repair) => ({
        condition: `${NAMES[repair]} brings back at least 10 points`,
        holds: counts(difference(rows, skew(0.1, repair), skew(0.1), rareRecall), 0.1),
      })),
      {
        condition: "but not all: accuracy stays below that of balanced labels with each repair",
        holds: (["weights", "over", "under"] as const).every((repair) =>
          difference(rows, skew(0.5), skew(0.1, repair)).low > 0
        ),
      },
    ],
    finding: {
      outcome: "held in part",
      text: "With a rare class the head hardly ever names it, and each repair brings back tens " +
        "of points of recall. At a tenth, over-sampling can't be told from balanced labels " +
        "in accuracy with six seeds; weights and under-sampling stay below. At a twentieth " +
        "all three stay far below.",
    },
  },
];

const NAMES = { weights: "weighting", over: "over-sampling", under: "under-sampling" };

/** Which runs: reviews with a trained head unless said otherwise. */
type Which = Partial<Pick<Key, "sweep" | "task" | "method" | "dose" | "repair">>;

/** The runs asked for, with their seeds. */
export function runsOf(rows: readonly Row[], which: Which) {
  const { sweep, task = "reviews", method = "head", dose, repair } = which;
  return rows.filter(({ key }) =>
    key.sweep === sweep && key.task === task && key.method === method && key.dose === dose &&
    key.repair === repair
  ).map(({ key, value }) => ({ seed: key.seed, ...value }));
}

type Run = ReturnType<typeof runsOf>[number];

/** The share of the test part that is right. */
export function accuracyOf({ accuracy }: Run): number {
  return accuracy;
}

/** The share of the rare class that is found. */
export function rareRecall({ recalls }: Run): number {
  return recalls[0]!;
}

/** How much better one kind of run is than another. */
export function difference(rows: readonly Row[], one: Which, other: Which, of = accuracyOf) {
  return differenceOver(runsOf(rows, one), runsOf(rows, other), of);
}

function noiseCost(rows: readonly Row[], which: Which, dose: number) {
  const noise = { ...which, sweep: "noise" } as const;
  return difference(rows, { ...noise, dose: 0 }, { ...noise, dose });
}

function gainOfSize(
  rows: readonly Row[],
  few: number,
  many: number,
  task: Key["task"] = "reviews",
) {
  return difference(rows, { sweep: "size", task, dose: many }, { sweep: "size", task, dose: few });
}

function skew(dose: number, repair?: Key["repair"]): Which {
  return { sweep: "skew", dose, ...(repair && { repair }) };
}

/** Whether an effect is large enough and surely above zero. */
function counts({ value, low }: { value: number; low: number }, smallest: number): boolean {
  return value >= smallest && low > 0;
}
