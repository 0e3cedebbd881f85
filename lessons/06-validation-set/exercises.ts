/**
 * The exercises of lesson 06. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";
import type { Setting, Verdict } from "./types.ts";

/**
 * Exercise 1 (warm-up). The setting to go on with.
 *
 * @param settings The table of a search, at least one row.
 * @returns The setting with the highest validation accuracy; of equal ones that with the lower
 * validation loss.
 */
export function choose(settings: readonly Setting[]): Setting {
  // TODO: which column decides, and which breaks a tie?
  return todo(settings);
}

/**
 * Exercise 2. Early stopping by hand.
 *
 * @param losses The validation loss of each evaluation that would be made, in order; at least one.
 * @param patience How many evaluations without improvement are borne. One more ends the run.
 * @returns Where the run stops (at the last evaluation if patience never runs out), and the place
 * of the lowest loss until then, the first of equal ones.
 */
export function stopEarly(losses: readonly number[], patience: number): Verdict {
  // TODO: remember the best loss so far, and how long you have waited since.
  return todo(losses, patience);
}

/**
 * Exercise 3. Which validation texts are no test of anything?
 *
 * @param texts The text of each record.
 * @param groups The author of each record.
 * @param parts Positions of the training and the validation records.
 * @returns Positions of the validation records that have the text of a training record, upper and
 * lower case aside, or the author of one; in the order of `parts.validation`.
 */
export function leaking(
  texts: readonly string[],
  groups: readonly string[],
  parts: { train: readonly number[]; validation: readonly number[] },
): number[] {
  // TODO: gather what training knows, then look for it in the validation part.
  return todo(texts, groups, parts);
}

/**
 * Exercise 4 (stretch). k-fold cross-validation: every record is validated on exactly once.
 *
 * @param count How many records there are.
 * @param folds How many folds, from 2 to `count`.
 * @returns For each fold the positions to train on and to validate on, both rising. The validation
 * parts follow each other: the first fold has the first records. Sizes differ by one at most, the
 * larger folds first.
 */
export function foldsOf(count: number, folds: number): { train: number[]; validation: number[] }[] {
  // TODO: where does each fold begin and end?
  return todo(count, folds);
}
