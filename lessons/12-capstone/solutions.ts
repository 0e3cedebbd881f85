/**
 * Answers to the exercises of lesson 12, with the thoughts behind them.
 *
 * @module
 */

import { Dataset } from "@tunebook/data";
import { bootstrapInterval } from "@tunebook/training";
import type { Labelled, Score, TestParts, Trial, TwoParts } from "./types.ts";

/** Exercise 1: senders are made alike before anything is compared; whole senders go to one side. */
export function splitBySender(csv: string, testSenders: readonly string[]): TwoParts {
  const inTest = new Set(testSenders);
  const records = Dataset.fromCsv(csv).map(({ text, label, sender }): Labelled => ({
    text: text!,
    label: label!,
    sender: sender!.trim().toLowerCase(),
  }));
  return {
    train: records.filter(({ sender }) => !inTest.has(sender)).toArray(),
    test: records.filter(({ sender }) => inTest.has(sender)).toArray(),
  };
}

/** Exercise 2: runs that broke down don't count, and nobody looks at the test. */
export function chooseRate(trials: readonly Trial[]): number {
  const whole = trials.filter(({ validationScore }) => validationScore !== null);
  return whole.toSorted((a, b) =>
    b.validationScore! - a.validationScore! || a.validationLoss! - b.validationLoss!
  )[0]!.rate;
}

/** Exercise 3: one call, then whole senders are drawn anew. */
export function testOnce({ texts, labels, senders, predict }: TestParts): Score {
  const said = predict(texts);
  const right = labels.map((label, i) => label === said[i] ? 1 : 0);
  return bootstrapInterval<number>(right, { groups: senders });
}
