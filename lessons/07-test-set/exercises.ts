/**
 * The exercises of lesson 07. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";
import type { Ends, Sizes } from "./types.ts";

/**
 * Exercise 1 (warm-up). The interval of a test score.
 *
 * @param right How many test records the model was right about.
 * @param count How many test records there are.
 * @returns 1.96 standard errors to either side of the accuracy; a standard error is the square root
 * of p (1 - p) / n.
 */
export function intervalOf(right: number, count: number): Ends {
  // TODO: the accuracy p, its standard error, and 1.96 of them to either side.
  return todo(right, count);
}

/**
 * Exercise 2. The bootstrap by hand.
 *
 * @param scores For each test record 1 if the model was right, else 0.
 * @param resamples How many test sets to draw.
 * @param random Gives a number from 0 to 1 (1 excluded), another at each call.
 * @returns The accuracy of each test set drawn: as many records as there are, each drawn afresh from
 * all of them.
 */
export function bootstrap(
  scores: readonly number[],
  resamples: number,
  random: () => number,
): number[] {
  // TODO: draw, take the mean, again and again.
  return todo(scores, resamples, random);
}

/**
 * Exercise 3. A split that keeps groups together.
 *
 * @param groups The author of each record.
 * @param share The least share of the records that the test part gets, from 0 to 1.
 * @returns Positions of both parts, each rising. No author is in both, every record is in one, and
 * the test part reaches its share, but would miss it without its largest author.
 */
export function splitByGroup(
  groups: readonly string[],
  share: number,
): { train: number[]; test: number[] } {
  // TODO: move whole authors to the test part until it is large enough.
  return todo(groups, share);
}

/**
 * Exercise 4 (stretch). Design a split.
 *
 * @param count How many labelled records there are.
 * @param margin How far the test score may be from the truth: the interval of exercise 1 must not
 * reach further than this to either side, whatever the score turns out to be.
 * @returns The smallest test part that does it, a validation part of the same size, and the rest to
 * train on; nothing (`undefined`) if less than half of the records would be left for that.
 */
export function designSplit(count: number, margin: number): Sizes | undefined {
  // TODO: at which score is the interval widest? How many records does it take then?
  return todo(count, margin);
}
