/**
 * Mails divided at random and by group: what a leaky validation set shows, and what is true.
 *
 * @module
 */

import { baseGpt, baseTokenizer } from "@tunebook/base";
import { type Dataset, leakageReport, splitThreeWays } from "@tunebook/data";
import { type ClassificationData, fitClassifier, tfidfBaseline } from "@tunebook/experiments";
import { type MailExample, spamExamples } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";

/** What a method scores on its validation set and on mails of people it never met. */
export interface Shown {
  /** Accuracy on the validation set. */
  validation: number;
  /** Accuracy on the test set, which shares no group with anything. */
  test: number;
}

/** One way of dividing, and what came of it. */
export interface Division {
  /** Groups (senders, threads) with mails in training and in validation. */
  sharedGroups: number;
  /** The share of validation mails with a near-duplicate among the training mails. */
  duplicates: number;
  /** A linear head on the frozen base model. */
  head: Shown;
  /** Word counts and logistic regression. */
  tfidf: Shown;
}

/** The same mails divided in two ways. */
export interface Divisions {
  /** At random: the same sender or thread on both sides. */
  leaky: Division;
  /** By group: none on both sides. */
  apart: Division;
}

let known: Promise<Dataset<MailExample>> | undefined;

/** Mails with up to twenty of a sender or thread, as a mailbox has them; loaded once. */
export function mails(): Promise<Dataset<MailExample>> {
  return known ??= spamExamples({ perGroup: 20, maxCharacters: 200 });
}

/** Positions of the parts of both divisions; the test part is the same, and apart in both. */
export function divide(all: Dataset<MailExample>, seed: number): {
  test: number[];
  leaky: { train: number[]; validation: number[] };
  apart: { train: number[]; validation: number[] };
} {
  const labels = all.column("label"), groups = all.column("group");
  const outer = splitThreeWays(all.length, {
    validation: 0,
    test: 0.3,
    stratify: labels,
    groups,
    seed,
  });
  const pool = outer.train;
  const inner = (byGroup: boolean) => {
    const { train, test } = splitThreeWays(pool.length, {
      validation: 0,
      test: 0.3,
      stratify: pool.map((at) => labels[at]!),
      ...(byGroup && { groups: pool.map((at) => groups[at]!) }),
      seed,
    });
    return { train: train.map((at) => pool[at]!), validation: test.map((at) => pool[at]!) };
  };
  return { test: outer.test, leaky: inner(false), apart: inner(true) };
}

/** Divides the mails both ways and measures both methods on each. */
export async function compareDivisions(
  { seed, labels = 400, most = 400 }: { seed: number; labels?: number; most?: number },
): Promise<Divisions> {
  const all = await mails();
  const parts = divide(all, seed);
  const measure = async (by: { train: number[]; validation: number[] }): Promise<Division> => {
    const report = leakageReport(all.column("text"), by, { groups: all.column("group") });
    const task: ClassificationData = {
      labels: ["ham", "spam"],
      train: all.select(by.train),
      validation: all.select(by.validation).shuffle(0).take(most),
      test: all.select(parts.test).shuffle(0).take(most),
    };
    const head = await fitClassifier({
      task,
      tokenizer: await baseTokenizer(),
      model: ({ labels }) => baseGpt({ as: GptForSequenceClassification, config: { labels } }),
      method: "head",
      learningRate: 0.03,
      labels,
      epochs: 20,
      batchSize: 16,
      maxLength: 64,
      seed,
      choose: "last",
    });
    const tfidf = tfidfBaseline({ task, labels, seed });
    return {
      sharedGroups: report.sharedGroups.length,
      duplicates: report.duplicateShare.validation!,
      head: { validation: head.evaluations.at(-1)!.validationScore, test: head.test!.score },
      tfidf: { validation: tfidf.validation.score, test: tfidf.test.score },
    };
  };
  return { leaky: await measure(parts.leaky), apart: await measure(parts.apart) };
}

/** By how much a validation set overstates: its score less the true one. */
export function overstated({ validation, test }: Shown): number {
  return validation - test;
}
