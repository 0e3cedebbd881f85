/**
 * One run of fine-tuning for each kind of task.
 *
 * @module
 */
import type { Task } from "@tunebook/finetune";
import { type ClassificationData, classificationProblem } from "../problems/classification.ts";
import type { ReadingOptions } from "../problems/problem.ts";
import { type QuestionData, questionProblem } from "../problems/spans.ts";
import { type TokenData, tokenProblem } from "../problems/tokens.ts";
import { fit } from "./fit.ts";
import type { FitOptions, FitResult } from "./options.ts";

export type { Evaluation, FitOptions, FitProgress, FitResult } from "./options.ts";

/** What {@linkcode fitClassifier} is given. */
export interface FitClassifierOptions extends FitOptions {
  /** The labels' names and the parts; a ready task has them. */
  task: ClassificationData;
  /** A factor for the loss of each class, such as larger ones for rare classes. Default: all 1. */
  classWeights?: readonly number[];
}

/**
 * Tunes a model to put texts in classes. `score` is the accuracy, `macroF1` beside it.
 *
 * @returns The run as plain data.
 * @throws {RangeError} If there are fewer training examples than `labels` asks for.
 * @throws {NonFiniteError} If training breaks down.
 *
 * @example
 * ```ts
 * import { Dataset } from "@tunebook/data";
 * import { fitClassifier } from "@tunebook/experiments";
 * import { GptForSequenceClassification } from "@tunebook/models";
 * import { Tokenizer } from "@tunebook/tokenizers";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = Tokenizer.train(["yes no"], { vocabSize: 300, specialTokens: ["<pad>"] });
 * const examples = Dataset.from(
 *   ["yes", "no", "yes yes", "no no"].map((text, i) => ({ text, label: i % 2, group: text })),
 * );
 * const result = await fitClassifier({
 *   task: { labels: ["yes", "no"], train: examples, validation: examples, test: examples },
 *   tokenizer,
 *   model: ({ labels }) =>
 *     new GptForSequenceClassification({
 *       vocabSize: tokenizer.vocabSize, maxPositions: 8, dim: 16, layers: 1, heads: 2, dropout: 0,
 *       labels,
 *     }),
 *   method: "full",
 *   learningRate: 0.01,
 *   epochs: 30,
 * });
 * assertEquals(result.test?.score, 1);
 * ```
 */
export function fitClassifier(options: FitClassifierOptions): Promise<FitResult> {
  const { task, classWeights } = options;
  return fit(classificationProblem(task, { ...readingOf(options, 128), classWeights }), options);
}

/** What {@linkcode fitTokens} is given. */
export interface FitTokensOptions extends FitOptions {
  /** The labels' names and the parts; a ready task has them. */
  task: TokenData;
}

/**
 * Tunes a model to label words. `score` is `macroF1`, `accuracy` beside it.
 *
 * @returns The run as plain data.
 * @throws {NonFiniteError} If training breaks down.
 */
export function fitTokens(options: FitTokensOptions): Promise<FitResult> {
  return fit(tokenProblem(options.task, readingOf(options, 128)), options);
}

/** What {@linkcode fitSpans} is given. */
export interface FitSpansOptions extends FitOptions {
  /** The parts; a ready task has them. */
  task: QuestionData;
}

/**
 * Tunes a model to find the answer to a question in a text. `score` is `tokenF1`, `exactMatch` beside
 * it.
 *
 * @returns The run as plain data.
 * @throws {NonFiniteError} If training breaks down.
 */
export function fitSpans(options: FitSpansOptions): Promise<FitResult> {
  return fit(questionProblem(options.task, readingOf(options, 256)), options);
}

/**
 * Tunes a model for a task of any kind.
 *
 * @returns The run as plain data.
 * @throws {NonFiniteError} If training breaks down.
 */
export function fitTask(options: FitOptions & { task: Task }): Promise<FitResult> {
  const { task } = options;
  switch (task.kind) {
    case "classification":
      return fitClassifier({ ...options, task });
    case "tokens":
      return fitTokens({ ...options, task });
    case "questions":
      return fitSpans({ ...options, task });
  }
}

function readingOf(options: FitOptions, most: number): ReadingOptions {
  const { seed = 0, drawSeed = seed, maxLength = most, cutAt = "end" } = options;
  const { tokenizer, labels, validationExamples, testExamples } = options;
  return { tokenizer, maxLength, labels, validationExamples, testExamples, seed: drawSeed, cutAt };
}
