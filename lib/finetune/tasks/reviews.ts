import {
  Dataset,
  nearDuplicates,
  type ReviewSentence,
  reviewSentences,
  splitThreeWays,
} from "@tunebook/data";
import type { ClassificationTask, TextExample } from "./task.ts";

/** Which reviews {@linkcode sentimentTask} takes. */
export interface SentimentOptions {
  /** Where they stood. Default: all three. */
  sources?: readonly ReviewSentence["source"][];
}

/**
 * Is this sentence of a review good or bad? Products, films and restaurants, judged by people; no
 * sentence has a near-duplicate in another part.
 *
 * @returns The task, with a group for each sentence, or for those that say the same.
 * @throws {RangeError} If no source is named.
 *
 * @example
 * ```ts
 * import { sentimentTask } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const { labels, labelledBy } = await sentimentTask({ sources: ["yelp"] });
 * assertEquals([...labels, labelledBy], ["negative", "positive", "people"]);
 * ```
 */
export async function sentimentTask(options: SentimentOptions = {}): Promise<ClassificationTask> {
  const { sources = ["amazon", "imdb", "yelp"] } = options;
  if (sources.length === 0) {
    throw new RangeError("Expected at least one source of amazon, imdb, yelp but found none");
  }
  const labels = ["negative", "positive"];
  const rows = (await reviewSentences()).rows.filter(({ source }) => sources.includes(source));
  const groups = rows.map((_, i) => i);
  for (const { first, second } of nearDuplicates(rows.map(({ text }) => text))) {
    const [from, to] = [groups[second]!, groups[first]!];
    groups.forEach((group, i) => group === from && (groups[i] = to));
  }
  const examples = rows.map(({ source, label, text }, i): TextExample => ({
    text,
    label: labels.indexOf(label),
    group: `${source} ${groups[i]}`,
  }));
  const parts = splitThreeWays(rows.length, {
    validation: 0.15,
    test: 0.25,
    groups,
    stratify: rows.map(({ source, label }) => `${source} ${label}`),
    seed: 1,
  });
  const part = (positions: number[]) => Dataset.from(positions.map((i) => examples[i]!)).shuffle(1);
  return {
    kind: "classification",
    name: sources.length === 3 ? "sentiment" : `sentiment-${sources.join("-")}`,
    description: "Does this sentence of a review say something good or bad?",
    labelledBy: "people",
    labels,
    train: part(parts.train),
    validation: part(parts.validation),
    test: part(parts.test),
  };
}
