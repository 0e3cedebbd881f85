/**
 * What a model must beat to be worth its price.
 *
 * @module
 */
import type { ClassificationTask } from "@tunebook/finetune";
import { accuracy, f1, logLoss } from "@tunebook/training";
import { drawParts } from "../problems/parts.ts";
import type { ClassificationData } from "../problems/classification.ts";
import type { Measures } from "../problems/problem.ts";
import { LogisticRegression } from "./logistic_regression.ts";
import { TfIdf } from "./tfidf.ts";

/** What a baseline is given: what a run is, without a model. */
export interface BaselineOptions {
  /** The labels' names and the parts. */
  task: ClassificationData | ClassificationTask;
  /** How many training examples are drawn; the same as a run's at the same seed. Default: all. */
  labels?: number;
  /** Decides the draw of training examples. Default: 0. */
  seed?: number;
  /** How many validation examples are drawn. Default: all. */
  validationExamples?: number;
  /** How many test examples are drawn. Default: all. */
  testExamples?: number;
  /** What of a text is read, such as its last words, so that all methods see equally much. */
  shorten?: (text: string) => string;
}

/** How right a baseline is. */
export interface BaselineResult {
  /** Its name, `tfidf` or `majority`. */
  method: string;
  /** The seed. */
  seed: number;
  /** How many training examples there were. */
  labels: number;
  /** C, where one was chosen. */
  strength?: number;
  /** On the validation part. */
  validation: Measures & { loss: number };
  /** On the test part. */
  test: Measures & { loss: number };
  /** How long it took. */
  seconds: number;
}

/** Between "words hardly count" and "the training examples are learned by heart". */
const STRENGTHS = [0.3, 1, 3, 10, 30];

/**
 * Words and pairs of words, weighted by TF-IDF, and logistic regression, as scikit-learn's
 * `TfidfVectorizer` and `LogisticRegression` compute them; how freely it may fit, C, is chosen on the
 * validation part.
 *
 * @throws {RangeError} If a part has fewer examples than are asked for.
 *
 * @example
 * ```ts
 * import { Dataset } from "@tunebook/data";
 * import { tfidfBaseline } from "@tunebook/experiments";
 * import { assertEquals } from "@std/assert";
 *
 * const texts = ["cheap pills", "lunch at noon", "pills for sale", "see you at lunch"];
 * const mails = Dataset.from(texts.map((text, i) => ({ text, label: (i + 1) % 2, group: text })));
 * const task = { labels: ["ham", "spam"], train: mails, validation: mails, test: mails };
 * assertEquals(tfidfBaseline({ task }).test.score, 1);
 * ```
 */
export function tfidfBaseline(options: BaselineOptions): BaselineResult {
  return measured("tfidf", options, ({ train, validation }, { texts, truth, classes }) => {
    const features = new TfIdf(texts(train));
    const rows = (examples: typeof train) =>
      texts(examples).map((text) => features.transform(text));
    const known = rows(train), checked = rows(validation), right = truth(validation);
    const tried = STRENGTHS.map((strength) => {
      const size = { classes, features: features.size, strength };
      const regression = new LogisticRegression(known, truth(train), size);
      const found = checked.map((row) => regression.probabilities(row));
      return { strength, regression, ...scored(right, found) };
    });
    const best = tried.reduce((a, b) =>
      b.score > a.score || (b.score === a.score && b.loss < a.loss) ? b : a
    );
    return {
      strength: best.strength,
      predict: (text) => best.regression.probabilities(features.transform(text)),
    };
  });
}

/**
 * Always the most frequent class of the training examples; its loss is that of the classes' shares.
 *
 * @throws {RangeError} If a part has fewer examples than are asked for.
 */
export function majorityBaseline(options: BaselineOptions): BaselineResult {
  return measured("majority", options, ({ train }, { truth, classes }) => {
    // Each class once more than it was seen, so that none is impossible.
    const counts = Array.from({ length: classes }, () => 1);
    for (const label of truth(train)) counts[label]!++;
    const total = counts.reduce((a, b) => a + b, 0), shares = counts.map((count) => count / total);
    return { predict: () => shares };
  });
}

type Parts = ReturnType<typeof drawParts<ClassificationExample>>;
type ClassificationExample = ClassificationData["train"] extends Iterable<infer E> ? E : never;

/** What of examples baselines go by. */
interface Views {
  texts: (examples: readonly ClassificationExample[]) => string[];
  truth: (examples: readonly ClassificationExample[]) => number[];
  classes: number;
}

function measured(
  method: string,
  options: BaselineOptions,
  learn: (
    parts: Parts,
    views: Views,
  ) => { strength?: number; predict: (text: string) => number[] },
): BaselineResult {
  const began = performance.now();
  const { task, labels, validationExamples, testExamples, seed = 0, shorten } = options;
  const views: Views = {
    texts: (examples) => examples.map(({ text }) => shorten ? shorten(text) : text),
    truth: (examples) => examples.map(({ label }) => label),
    classes: task.labels.length,
  };
  const draw = { labels, validationExamples, testExamples, seed };
  const parts = drawParts(task, draw, (example) => example.label);
  const { predict, ...chosen } = learn(parts, views);
  const measure = (examples: readonly ClassificationExample[]) =>
    scored(views.truth(examples), views.texts(examples).map(predict));
  return {
    method,
    seed,
    labels: parts.train.length,
    ...chosen,
    validation: measure(parts.validation),
    test: measure(parts.test),
    seconds: (performance.now() - began) / 1000,
  };
}

function scored(truth: number[], probabilities: number[][]): Measures & { loss: number } {
  const said = probabilities.map((shares) => shares.indexOf(Math.max(...shares)));
  const score = accuracy(truth, said);
  const loss = logLoss(truth, probabilities);
  return { loss, score, accuracy: score, macroF1: f1(truth, said) };
}
