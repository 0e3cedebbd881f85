/**
 * The exercises of lesson 04. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). A weight for each class, so that every class weighs the same in the loss.
 *
 * @param counts How many examples each class has; at least one each.
 * @returns examples in all / (classes × examples of the class), for each class.
 */
export function balancedWeights(counts: readonly number[]): number[] {
  // TODO: rare classes get a large weight, and the average example weighs 1.
  return todo(counts);
}

/**
 * Exercise 2. How far two annotators agree beyond chance: Cohen's kappa.
 *
 * @param first The labels of one annotator.
 * @param second The labels of the other, for the same examples. Between them they used at least two
 * labels.
 * @returns (observed − expected) / (1 − expected).
 */
export function kappa(first: readonly string[], second: readonly string[]): number {
  // TODO: how often do they agree? How often would they by chance, each with their own habits?
  return todo(first, second);
}

/**
 * Exercise 3. A careless annotator: a share of the labels becomes wrong.
 *
 * @param labels The right labels, from 0 to `classes - 1`. They stay as they are.
 * @param share The share to get wrong; rounded to whole labels.
 * @param classes How many classes there are, at least two.
 * @param random Draws a number from 0 up to 1, like `Math.random`.
 * @returns The labels, exactly so many of them wrong: at places drawn by chance, each wrong label
 * equally likely.
 */
export function spoil(
  labels: readonly number[],
  share: number,
  classes: number,
  random: () => number,
): number[] {
  // TODO: draw different places, and give each a label that it doesn't have.
  return todo(labels, share, classes, random);
}

/**
 * Exercise 4. Find near-duplicates: pairs of texts that share most of their words.
 *
 * @param texts Each text word by word; each has a word.
 * @param threshold The smallest similarity that counts.
 * @returns Positions [i, j] with i < j, sorted by i, then by j. The similarity is Jaccard's: words
 * that both have / words that either has, each word counted once.
 */
export function nearDuplicatePairs(
  texts: readonly (readonly string[])[],
  threshold: number,
): [number, number][] {
  // TODO: make a Set of each text's words, then compare each pair once.
  return todo(texts, threshold);
}

/**
 * Exercise 5. The loss with class weights, and its gradient.
 *
 * With p the softmax of an example's scores, y its label and w the weight of that label, the loss is
 * the sum of w · (−ln p[y]), divided by the sum of w.
 *
 * @param scores For each example the scores of the classes.
 * @param labels For each example its class.
 * @param weights For each class its weight.
 * @returns The loss, and how it changes with each score: w · (p − 1 at y) / the sum of w.
 */
export function weightedLoss(
  scores: readonly (readonly number[])[],
  labels: readonly number[],
  weights: readonly number[],
): { loss: number; gradient: number[][] } {
  // TODO: first the softmax of each row, then the loss, then the gradient.
  return todo(scores, labels, weights);
}

/**
 * Exercise 6 (design). You can pay for a few more labels. Which texts should be labelled next?
 *
 * Choose those of which the model is least sure: whose highest probability is lowest. But of a group
 * of near-duplicates choose at most one: the same lesson twice is money lost.
 *
 * @param probabilities For each text what the model gives each class.
 * @param groups For each text the number of its group; near-duplicates have the same.
 * @param count How many to choose; there are at least so many groups.
 * @returns The texts' positions, the least sure first.
 */
export function labelNext(
  probabilities: readonly (readonly number[])[],
  groups: readonly number[],
  count: number,
): number[] {
  // TODO: put the texts in order, then take from the front what isn't a repetition.
  return todo(probabilities, groups, count);
}
