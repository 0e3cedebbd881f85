/**
 * Many cheap models: linear heads on the frozen base model, each with texts of its own to learn from.
 *
 * @module
 */

import { baseGpt, baseTokenizer } from "@tunebook/base";
import { Dataset, splitThreeWays } from "@tunebook/data";
import {
  type ClassificationData,
  fitClassifier,
  type FitResult,
  tfidfBaseline,
} from "@tunebook/experiments";
import {
  type ClassificationTask,
  periodTask,
  spamExamples,
  type TextExample,
} from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";

let known: Promise<ClassificationTask> | undefined;

/** From which of four periods is a sentence? Loaded once. */
export function sentences(): Promise<ClassificationTask> {
  return known ??= periodTask();
}

/** Fits a head; the weights measured are those of the best epoch on validation. */
export async function fitHead(
  task: ClassificationData,
  options: { seed: number; labels?: number; testExamples?: number; epochs?: number },
): Promise<FitResult> {
  const { epochs = 10, ...rest } = options;
  return await fitClassifier({
    task,
    tokenizer: await baseTokenizer(),
    model: ({ labels }) => baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    method: "head",
    learningRate: 0.03,
    batchSize: 16,
    epochs,
    maxLength: 64,
    keepAnswers: true,
    ...rest,
  });
}

/**
 * One of many models: trained on 100 sentences drawn by its seed, and asked about the pool that all
 * models are asked about.
 *
 * @returns For each sentence of the pool `1` if it was right, else `0`, as a text.
 */
export async function rightAnswers(
  { seed, pool = POOL, epochs }: { seed: number; pool?: number; epochs?: number },
): Promise<string> {
  const task = await sentences();
  const asked = task.test.take(pool);
  const { answers } = await fitHead(
    { ...task, validation: task.validation.take(100), test: asked },
    { seed, labels: 100, ...(epochs && { epochs }) },
  );
  return asked.toArray().map(({ label }, i) => answers![i] === label ? "1" : "0").join("");
}

/** Sentences in the pool at most. */
export const POOL = 1600;

/** The address of each sentence of the pool, as numbers. */
export async function poolGroups(): Promise<number[]> {
  const groups = (await sentences()).test.take(POOL).column("group");
  const names = [...new Set(groups)];
  return groups.map((group) => names.indexOf(group));
}

/** What two methods score on a test set. */
export interface Scores {
  /** A linear head on the frozen base model. */
  head: number;
  /** Word counts and logistic regression. */
  tfidf: number;
}

/** The same texts, divided at random and by group. */
export interface TwoSplits {
  /** Test accuracy where texts were divided one by one. */
  random: Scores;
  /** Test accuracy where whole groups were divided. */
  grouped: Scores;
}

/** Texts with the groups that they are divided by. */
interface Grouped {
  labels: readonly string[];
  examples: Dataset<TextExample>;
}

const pools = new Map<string, Promise<Grouped>>();

/** Mails by sender and thread, or sentences by president. */
export function groupedTexts(which: "mails" | "sentences"): Promise<Grouped> {
  const found = pools.get(which);
  if (found) return found;
  const made = which === "mails" ? groupedMails() : groupedSentences();
  pools.set(which, made);
  return made;
}

async function groupedMails(): Promise<Grouped> {
  const examples = await spamExamples({ perGroup: 20, maxCharacters: 200 });
  return { labels: ["ham", "spam"], examples };
}

async function groupedSentences(): Promise<Grouped> {
  const { labels, train, test } = await sentences();
  const all = [...train.take(1200), ...test.take(600)];
  // Groups are named by year and president: "1862 Abraham Lincoln".
  const examples = Dataset.from(all.map((one) => ({ ...one, group: one.group.slice(5) })));
  return { labels, examples };
}

/** Divides texts both ways and measures both methods on each. */
export async function compareSplits(
  { texts, seed, labels = 300, most = 300 }: {
    texts: "mails" | "sentences";
    seed: number;
    labels?: number;
    most?: number;
  },
): Promise<TwoSplits> {
  const { labels: names, examples } = await groupedTexts(texts);
  const classes = examples.column("label"), groups = examples.column("group");
  const measure = async (byGroup: boolean): Promise<Scores> => {
    const parts = splitThreeWays(examples.length, {
      validation: 0.15,
      test: 0.25,
      stratify: classes,
      ...(byGroup && { groups }),
      seed,
    });
    const task = {
      labels: names,
      train: examples.select(parts.train),
      validation: examples.select(parts.validation).take(100),
      test: examples.select(parts.test).shuffle(seed).take(most),
    };
    const { test } = await fitHead(task, { seed, labels });
    return { head: test!.score, tfidf: tfidfBaseline({ task, labels, seed }).test.score };
  };
  return { random: await measure(false), grouped: await measure(true) };
}

/** What one way of sharing out the labelled texts leads to. */
export interface ShareResult {
  /** The share of the test set. */
  share: number;
  /** Texts that are left to train on. */
  train: number;
  /** Texts of the test set. */
  test: number;
  /** The accuracy that the test set shows. */
  shown: number;
  /** The accuracy on many texts that nobody had to label: what is true. */
  truth: number;
}

/** The test shares that are tried. */
export const SHARES = [0.05, 0.1, 0.2, 0.4, 0.7];

/** Shares out 300 labelled texts: 15 % for validation, a share for the test, the rest to train on. */
export async function tryShares(
  { seed, shares = SHARES }: { seed: number; shares?: readonly number[] },
): Promise<ShareResult[]> {
  const task = await sentences();
  const mine = task.train.shuffle(seed).take(300);
  const fresh = task.test.take(600);
  const results: ShareResult[] = [];
  for (const share of shares) {
    const parts = splitThreeWays(mine.length, {
      validation: 0.15,
      test: share,
      stratify: mine.column("label"),
      seed,
    });
    const own = mine.select(parts.test);
    const { answers } = await fitHead({
      labels: task.labels,
      train: mine.select(parts.train),
      validation: mine.select(parts.validation),
      test: own.concat(fresh),
    }, { seed });
    const right = [...own, ...fresh].map(({ label }, i) => Number(answers![i] === label));
    const score = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    results.push({
      share,
      train: parts.train.length,
      test: own.length,
      shown: score(right.slice(0, own.length)),
      truth: score(right.slice(own.length)),
    });
  }
  return results;
}
