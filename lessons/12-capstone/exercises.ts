/**
 * The exercises of lesson 12. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";
import type { Score, TestParts, Trial, TwoParts } from "./types.ts";

/**
 * Exercise 1. Reads a CSV and splits it by sender.
 *
 * @param csv A file with a header line, and the columns `text`, `label` and `sender` in any order.
 * Texts may hold commas and quotes. One sender may be written in several ways: `Ada@x.org` and
 * ` ada@x.org ` are the same.
 * @param testSenders The senders whose texts are the test, in lower case.
 * @returns Both parts, in the order of the file, with senders in lower case.
 */
export function splitBySender(csv: string, testSenders: readonly string[]): TwoParts {
  // TODO: `Dataset.fromCsv` of "@tunebook/data" reads CSV, with a string for each column.
  return todo(csv, testSenders);
}

/**
 * Exercise 2. Chooses a learning rate: the one with the highest validation score, of equal ones that
 * with the lowest validation loss.
 *
 * @param trials The runs; at least one didn't break down.
 * @returns The rate.
 */
export function chooseRate(trials: readonly Trial[]): number {
  // TODO: which runs count, and which of their columns?
  return todo(trials);
}

/**
 * Exercise 3 (design). The test, made once: ask the model once for all texts, and give the accuracy
 * with an interval that knows that texts of one sender go together.
 *
 * @param parts Texts, labels, senders, and the model.
 * @returns The accuracy and its 95 % bootstrap interval over senders.
 */
export function testOnce(parts: TestParts): Score {
  // TODO: which texts are right (1) and wrong (0)? `bootstrapInterval` of "@tunebook/training" draws
  // them anew, many times; its `groups` say which go together.
  return todo(parts);
}
