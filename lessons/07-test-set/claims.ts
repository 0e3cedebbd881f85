/**
 * What is claimed of test sets, and how the experiment decides whether it is so.
 *
 * @module
 */

import type { Claim, RunRow } from "@tunebook/experiments";
import {
  bootstrapInterval,
  type Interval,
  meanInterval,
  pairedDifference,
} from "@tunebook/training";
import type { Key, Value } from "./experiment.ts";
import type { ShareResult, TwoSplits } from "./probes.ts";
import {
  binomialInterval,
  blocksOf,
  middleWidth,
  type Right,
  scoreAt,
  scoresOfDraws,
  scoresOfPairs,
  winnerAt,
} from "./scores.ts";

/** A row of the experiment. */
export type Row = RunRow<Key, Value>;

/** How many sentences a test set has whose interval is put to the test: 10 % of 1,600 texts. */
export const TEST = 160;

/** What each model was right about, one list a model. */
export function models(rows: readonly Row[]): Right[] {
  return rows.flatMap(({ value: { right } }) =>
    right === undefined ? [] : [[...right].map(Number)]
  );
}

/** The address of each sentence of the pool. */
export function groupsOf(rows: readonly Row[]): number[] {
  return rows.find(({ value }) => value.groups)!.value.groups!;
}

/** Two ways of dividing mails or sentences, one a seed. */
export function splitsOf(rows: readonly Row[], part: "mails" | "sentences"): TwoSplits[] {
  return rows.flatMap(({ key, value }) => key.part === part && value.splits ? [value.splits] : []);
}

/** The results of every share, one list a seed. */
export function sharesOf(rows: readonly Row[]): ShareResult[][] {
  return rows.flatMap(({ value }) => value.shares ? [value.shares] : []);
}

/** How much the best of the first `count` models is inflated, over ten separate test sets. */
export function inflation(rows: readonly Row[], count: number): Interval {
  const some = models(rows).slice(0, count);
  const winners = blocksOf(some[0]!.length, 10).map((places) => winnerAt(some, places));
  return pairedDifference(winners.map(({ test }) => test), winners.map(({ fresh }) => fresh));
}

/**
 * The same less that of the average model on the same test sets. Whether a test set is easy or hard
 * for everybody cancels.
 */
export function inflationBesideAverage(rows: readonly Row[], count: number): Interval {
  const some = models(rows).slice(0, count);
  const extra = blocksOf(some[0]!.length, 10).map((places) => {
    const { test, fresh } = winnerAt(some, places);
    const average = some.map((right) => winnerAt([right], places));
    return test - fresh - mean(average.map((one) => one.test - one.fresh));
  });
  return meanInterval(extra);
}

/** The width that was observed of each model over that of the theory. */
function widthRatios(rows: readonly Row[]): number[] {
  return models(rows).map((right, i) => {
    const { low, high } = binomialInterval(scoreAt(right), TEST);
    return middleWidth(scoresOfDraws(right, TEST, 400, i)) / (high - low);
  });
}

/** For each model the bootstrap's width of one test set over that of the theory. */
function bootstrapRatios(rows: readonly Row[]): number[] {
  return models(rows).map((right) => {
    const sample = right.slice(0, TEST);
    const { low, high } = bootstrapInterval(sample, { resamples: 400 });
    const theory = binomialInterval(scoreAt(sample), TEST);
    return (high - low) / (theory.high - theory.low);
  });
}

/** For each model the width over test sets of whole addresses, over that of the theory. */
export function groupRatios(rows: readonly Row[]): number[] {
  const groups = groupsOf(rows);
  return models(rows).map((right) => {
    const pairs = scoresOfPairs(right, groups);
    const count = mean(pairs.map((pair) => pair.count));
    const { low, high } = binomialInterval(scoreAt(right), count);
    return middleWidth(pairs.map(({ score }) => score)) / (high - low);
  });
}

/** By how much a split at random overstates, the mean of both methods, one a seed. */
function overstatements(rows: readonly Row[], part: "mails" | "sentences"): number[] {
  return splitsOf(rows, part).map(({ random, grouped }) =>
    (random.head + random.tfidf - grouped.head - grouped.tfidf) / 2
  );
}

const mean = (values: readonly number[]) => meanInterval(values).value;

/** The results at one share, one a seed. */
function atShare(rows: readonly Row[], share: number): ShareResult[] {
  return sharesOf(rows).map((results) => results.find((one) => one.share === share)!);
}

/** How far the test set's word is from the truth, on average. */
export function errorAt(rows: readonly Row[], share: number): number {
  return mean(atShare(rows, share).map(({ shown, truth }) => Math.abs(shown - truth)));
}

/** The claims of row 7. */
export const claims: Claim<Row>[] = [
  {
    id: "7.1",
    claim: "Choosing among many models by the test score inflates it.",
    measure:
      "accuracy of the best of 30 models on the test set that chose it, a tenth of the pool, " +
      "less its accuracy on all other sentences, over ten separate test sets",
    smallestEffect: 0.02,
    effect: (rows) => inflation(rows, 30),
    conditions: (rows) => [
      {
        condition: "one model alone isn't inflated by a point",
        holds: Math.abs(inflation(rows, 1).value) < 0.01,
      },
      {
        condition: "thirty models inflate more than five",
        holds: inflation(rows, 30).value > inflation(rows, 5).value,
      },
    ],
    finding: {
      outcome: "held in part",
      text: "The winner of 30 models scores several points more on the test set that chose " +
        "it than elsewhere. The interval of the plain difference reaches zero, since " +
        "small test sets are easy or hard for everybody. Less the average model's " +
        "difference on the same test sets, inflation is certain from five models on.",
    },
  },
  {
    id: "7.2",
    claim: "The interval of a 5-10 % test set is as wide as theory says.",
    measure:
      "1 less the relative difference between the width that 400 test sets of 160 show and " +
      "the binomial width, over models",
    smallestEffect: 0.9,
    effect: (rows) => meanInterval(widthRatios(rows).map((ratio) => 1 - Math.abs(ratio - 1))),
    conditions: (rows) => [
      {
        condition: "the bootstrap's interval of one test set is within a tenth of the theory's",
        holds: Math.abs(mean(bootstrapRatios(rows)) - 1) < 0.1,
      },
      {
        condition: "it is so as well for test sets made of whole addresses",
        holds: Math.abs(mean(groupRatios(rows)) - 1) < 0.1,
      },
    ],
    finding: {
      outcome: "held in part",
      text: "Drawn one by one, sentences give scores that spread as the binomial " +
        "distribution says, and the bootstrap agrees. Test sets of whole addresses " +
        "spread several times as widely: the formula counts sentences, but what is " +
        "independent are addresses.",
    },
  },
  {
    id: "7.3",
    claim: "A split that ignores groups overstates quality.",
    measure:
      "test accuracy of a random split less that of a split by group, the mean over mails by " +
      "sender and sentences by president, and over a head and word counts, over splits",
    smallestEffect: 0.02,
    effect(rows) {
      const sentences = overstatements(rows, "sentences");
      return meanInterval(
        overstatements(rows, "mails").map((value, i) => (value + sentences[i]!) / 2),
      );
    },
    conditions: (rows) =>
      (["mails", "sentences"] as const).map((part) => ({
        condition: `${part} alone: at least a point`,
        holds: mean(overstatements(rows, part)) >= 0.01,
      })),
    finding: {
      outcome: "held in part",
      text: "On mails the split at random flatters, word counts more than the head on the " +
        "base model. On sentences by president it does not: nothing of a president " +
        "that the models learned shows in his other sentences. A shared group does harm as " +
        "far as it tells about the answer.",
    },
  },
  {
    id: "7.4",
    claim: "Shares other than the usual ones cost score or certainty.",
    measure: "true accuracy with 10 % of 300 labelled texts for the test, less that with 70 %, " +
      "over draws",
    smallestEffect: 0.02,
    effect: (rows) =>
      pairedDifference(
        atShare(rows, 0.1).map(({ truth }) => truth),
        atShare(rows, 0.7).map(({ truth }) => truth),
      ),
    conditions: (rows) => [{
      condition: "a test set of 5 % is further from the truth than one of 20 %",
      holds: errorAt(rows, 0.05) > errorAt(rows, 0.2),
    }],
    finding: {
      outcome: "held",
      text: "With 70 % of 300 texts in the test set too few are left to train on, and true " +
        "accuracy falls. With 5 % the test set is a handful of texts, and its score is " +
        "far from the truth. Between 5 and 40 % the model hardly changes.",
    },
  },
];
