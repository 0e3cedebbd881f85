import { DataLoader, type Dataset } from "@tunebook/data";
import { type Batches, inEvaluation, type Scores } from "@tunebook/training";
import { scope } from "@tunebook/tensor";
import type { LabelledBatch, TaskBatch, TextBatch } from "./batch.ts";
import type { Answer } from "./heads/head.ts";
import type { MultiTaskModel } from "./model.ts";

/** A task's data, as mixtures and reports see it; {@linkcode TaskData} makes one of data sets. */
export interface TrainingTask {
  /** The task, as the model's head is called. */
  readonly name: string;
  /** How many examples there are to train on. */
  readonly examples: number;
  /** The batches to train on, in another order each epoch. */
  batches(seed: number): Batches<TaskBatch>;
  /** How good a model is at it; the first score is the one the task is judged by. */
  evaluate(model: MultiTaskModel, part?: "validation" | "test"): Scores;
}

/** What a {@linkcode TaskData} is made of. */
export interface TaskDataOptions<Example> {
  /** What to train on. */
  train: Dataset<Example>;
  /** What to choose by. */
  validation: Dataset<Example>;
  /** What to measure with, once. */
  test?: Dataset<Example>;
  /** Examples in a batch. */
  batchSize: number;
  /** Makes a batch of examples. */
  collate: (examples: Example[]) => TextBatch;
  /** The length of an example, so that a batch to train on is padded little. */
  bucketBy?: (example: Example) => number;
  /**
   * How good answers are, the score that counts first. Default: the head's (accuracy and macro F1 of
   * labels, F1 and exact match of spans).
   */
  score?: (answers: readonly Answer[], examples: readonly Example[]) => Scores;
}

/**
 * One task's data sets, and how a model is judged by them.
 *
 * @typeParam Example What a record holds.
 *
 * @example
 * ```ts
 * import { Dataset } from "@tunebook/data";
 * import { MultiTaskModel, TaskData } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = Dataset.from([1, 2, 3, 4].map((token) => ({ token, label: token % 2 })));
 * const parity = new TaskData("parity", {
 *   train: examples,
 *   validation: examples,
 *   batchSize: 2,
 *   collate: (some) => ({
 *     input: tensor(some.map(({ token }) => [token]), { dtype: "int32" }),
 *     targets: tensor(some.map(({ label }) => label), { dtype: "int32" }),
 *   }),
 * });
 * const body = new Gpt({ vocabSize: 9, maxPositions: 4, dim: 8, layers: 1, heads: 2 });
 * const labels = ["even", "odd"];
 * const model = new MultiTaskModel(body, { parity: { kind: "classification", labels } });
 * assertEquals(Object.keys(parity.evaluate(model)), ["accuracy", "macroF1"]);
 * ```
 */
export class TaskData<Example> implements TrainingTask {
  /** The task, as the model's head is called. */
  readonly name: string;
  readonly #options: TaskDataOptions<Example>;

  /**
   * Data for a task.
   *
   * @param name The task.
   * @param options Data sets, batch size, how a batch is made.
   * @throws {RangeError} If a part has no example.
   */
  constructor(name: string, options: TaskDataOptions<Example>) {
    this.name = name;
    this.#options = options;
    for (const part of ["train", "validation", "test"] as const) {
      if (options[part]?.length !== 0) continue;
      throw new RangeError(
        `Expected examples in the ${part} part of the task ${
          JSON.stringify(name)
        } but found none; ` +
          "leave the task out, or look at how its data was split",
      );
    }
  }

  /** How many examples there are to train on. */
  get examples(): number {
    return this.#options.train.length;
  }

  /** The batches to train on, in another order each epoch. */
  batches(seed: number): Batches<TaskBatch> {
    const { train, batchSize, bucketBy } = this.#options;
    return new DataLoader(train, {
      batchSize,
      seed,
      shuffle: true,
      collate: (examples: Example[]) => this.#collate(examples),
      ...(bucketBy && { bucketBy }),
    });
  }

  /**
   * How good a model is at the task, without dropout.
   *
   * @throws {RangeError} If the part isn't there, or the model has no such task.
   */
  evaluate(model: MultiTaskModel, part: "validation" | "test" = "validation"): Scores {
    const { [part]: examples, batchSize, score } = this.#options;
    if (examples === undefined) {
      throw new RangeError(`The task ${JSON.stringify(this.name)} has no ${part} part`);
    }
    const head = model.head(this.name);
    const answers: Answer[] = [], right: Answer[] = [];
    inEvaluation(model, () => {
      for (const some of examples.batch(batchSize)) {
        scope(() => {
          const { input, inputs, targets, answerMask } = this.#collate(some);
          answers.push(...head.answers(model.forward(this.name, input, inputs), answerMask));
          right.push(...head.right(targets));
        });
      }
    });
    return score?.(answers, examples.toArray()) ?? head.score(answers, right);
  }

  #collate(examples: Example[]): LabelledBatch {
    return { task: this.name, ...this.#options.collate(examples) };
  }
}
