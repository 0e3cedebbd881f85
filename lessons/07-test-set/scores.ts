/**
 * What test sets drawn from a pool of answers would have shown.
 *
 * @module
 */

import { Random } from "@tunebook/tensor";
import type { Interval } from "@tunebook/training";

/** Which answers of a model were right, 1 or 0 each. */
export type Right = readonly number[];

/** The share of right answers at the given places; at all without them. */
export function scoreAt(right: Right, places?: readonly number[]): number {
  const list = places ? places.map((place) => right[place]!) : right;
  return list.reduce((a, b) => a + b, 0) / list.length;
}

/** The interval of a score by the binomial distribution: 1.96 standard errors to either side. */
export function binomialInterval(score: number, count: number): Interval {
  const half = 1.96 * Math.sqrt(score * (1 - score) / count);
  return { value: score, low: score - half, high: score + half };
}

/** How far the middle 95 % of numbers reach from end to end. */
export function middleWidth(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return at(0.975) - at(0.025);
}

/** Places of a test set of `count` records, drawn from a pool with replacement. */
export function drawPlaces(pool: number, count: number, random: Random): number[] {
  return Array.from({ length: count }, () => Math.floor(random.next() * pool));
}

/** The scores that `draws` test sets of `count` records show of one model. */
export function scoresOfDraws(right: Right, count: number, draws: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: draws },
    () => scoreAt(right, drawPlaces(right.length, count, random)),
  );
}

/** What the best of some models shows on the test set that chose it, and on all other records. */
export interface Winner {
  /** On the test set. */
  test: number;
  /** On the records that played no part in the choice. */
  fresh: number;
}

/** Chooses among models by their score at the places of a test set; of equal ones the first. */
export function winnerAt(models: readonly Right[], places: readonly number[]): Winner {
  const inside = new Set(places);
  const scores = models.map((right) => scoreAt(right, places));
  const best = models[scores.indexOf(Math.max(...scores))]!;
  return { test: Math.max(...scores), fresh: scoreAt(best.filter((_, at) => !inside.has(at))) };
}

/** The pool cut into equal test sets, every `blocks`-th record in each. */
export function blocksOf(pool: number, blocks: number): number[][] {
  return Array.from(
    { length: blocks },
    (_, block) => Array.from({ length: Math.floor(pool / blocks) }, (_, i) => block + i * blocks),
  );
}

/** The scores of all test sets that are made of two whole groups, with their sizes. */
export function scoresOfPairs(
  right: Right,
  groups: readonly number[],
): { score: number; count: number }[] {
  const placesOf = [...Map.groupBy(groups.keys(), (at) => groups[at]!).values()];
  return placesOf.flatMap((one, i) =>
    placesOf.slice(i + 1).map((other) => {
      const places = [...one, ...other];
      return { score: scoreAt(right, places), count: places.length };
    })
  );
}
