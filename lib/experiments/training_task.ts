import { DataLoader, Dataset } from "@tunebook/data";
import type { Task, TrainingTask } from "@tunebook/finetune";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { CutAt } from "./encoding.ts";
import { chunksOf, evaluateRows } from "./fit/evaluate.ts";
import { classificationProblem } from "./problems/classification.ts";
import { padBatch, type Problem, type ReadingOptions, type Row } from "./problems/problem.ts";
import { questionProblem } from "./problems/spans.ts";
import { tokenProblem } from "./problems/tokens.ts";

/** How {@linkcode trainingTask} reads a task. */
export interface TrainingTaskOptions {
  /** Makes tokens of texts; the one that belongs to the model. */
  tokenizer: Tokenizer;
  /** Examples in a batch. Default: 32. */
  batchSize?: number;
  /** How many training examples are drawn, each class by its share. Default: all. */
  labels?: number;
  /** How many validation examples are drawn. Default: all. */
  validationExamples?: number;
  /** How many test examples are drawn. Default: all. */
  testExamples?: number;
  /** Decides the draw of training examples. Default: 0. */
  seed?: number;
  /** The most tokens of a text. Default: 128, for questions 256. */
  maxLength?: number;
  /** At which end a longer text is cut. Default: `"end"`. */
  cutAt?: CutAt;
}

/**
 * A ready task as training with several tasks takes it: read, measured and its loss computed as by
 * `fit` for the task alone, so that the two compare.
 *
 * @throws {RangeError} If a part has fewer examples than are asked for.
 *
 * @example
 * ```ts
 * import { Dataset } from "@tunebook/data";
 * import { trainingTask } from "@tunebook/experiments";
 * import { MultiTaskModel } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { Tokenizer } from "@tunebook/tokenizers";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = Tokenizer.train(["yes no"], { vocabSize: 300, specialTokens: ["<pad>"] });
 * const examples = Dataset.from(
 *   ["yes", "no", "yes yes", "no no"].map((text, i) => ({ text, label: i % 2, group: text })),
 * );
 * const task = trainingTask({
 *   kind: "classification", name: "agree", description: "Is it a yes?", labelledBy: "constructed",
 *   labels: ["yes", "no"], train: examples, validation: examples, test: examples,
 * }, { tokenizer });
 * const size = { vocabSize: tokenizer.vocabSize, maxPositions: 8, dim: 8, layers: 1, heads: 2 };
 * const model = new MultiTaskModel(new Gpt(size), {
 *   agree: { kind: "classification", labels: ["yes", "no"] },
 * });
 * assertEquals(Object.keys(task.evaluate(model)), ["accuracy", "macroF1"]);
 * ```
 */
export function trainingTask(task: Task, options: TrainingTaskOptions): TrainingTask {
  const { tokenizer, seed = 0, cutAt = "end", labels, validationExamples, testExamples } = options;
  const { maxLength = task.kind === "questions" ? 256 : 128 } = options;
  const reading = { tokenizer, seed, cutAt, maxLength, labels, validationExamples, testExamples };
  const made = (problem: Problem<Row, unknown>) =>
    ofProblem(task.name, problem, options.batchSize ?? 32);
  return made(problemOf(task, reading));
}

// deno-lint-ignore no-explicit-any -- rows and answers are of each kind's own types
function problemOf(task: Task, reading: ReadingOptions): Problem<any, any> {
  switch (task.kind) {
    case "classification":
      return classificationProblem(task, reading);
    case "tokens":
      return tokenProblem(task, reading);
    case "questions":
      return questionProblem(task, reading);
  }
}

function ofProblem<R extends Row, A>(
  name: string,
  problem: Problem<R, A>,
  batchSize: number,
): TrainingTask {
  const { parts, paddingId } = problem;
  const collate = (rows: readonly R[]) => padBatch(rows, paddingId);
  return {
    name,
    examples: parts.train.length,
    batches: (seed) =>
      new DataLoader(Dataset.from(parts.train), {
        batchSize,
        seed,
        shuffle: true,
        collate(rows) {
          const { input, inputs } = collate(rows);
          return { task: name, input, inputs, loss: (scores) => problem.loss(scores, rows) };
        },
      }),
    evaluate(model, part = "validation") {
      const chunks = chunksOf(parts[part]);
      const { measures } = evaluateRows(model.forTask(name), problem, chunks, collate);
      // What a task is judged by comes first under its own name, too.
      const { loss: _loss, score: _score, ...named } = measures;
      return named;
    },
  };
}
