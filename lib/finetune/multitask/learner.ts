import { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { MixedBatch, TaskBatch } from "./batch.ts";
import type { MultiTaskModel } from "./model.ts";
import { EqualWeighting } from "./weighting/equal.ts";
import type { Weighting } from "./weighting/weighting.ts";

/** The rates of {@linkcode MultiTaskLearner.parameterGroups}. */
export interface LearnerRates {
  /** The model's. */
  learningRate: number;
  /** The weighting's own parameters'; they have no decay. */
  weightingRate?: number;
}

/** A group for an optimizer. */
export interface LearnerGroup {
  /** What it holds. */
  parameters: Tensor[];
  /** Its rate. */
  learningRate: number;
  /** None for what the weighting trains. */
  weightDecay?: number;
}

/**
 * A model with the weighting it is trained by: what a `Trainer` takes as `model`, so that its
 * checkpoints hold both.
 *
 * @example
 * ```ts
 * import { MultiTaskLearner, MultiTaskModel, UncertaintyWeighting } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { tensor, zeros } from "@tunebook/tensor";
 * import { AdamW, Trainer } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new Gpt({ vocabSize: 9, maxPositions: 4, dim: 8, layers: 1, heads: 2 });
 * const labels = ["no", "yes"];
 * const model = new MultiTaskModel(body, {
 *   spam: { kind: "classification", labels },
 *   rude: { kind: "classification", labels },
 * });
 * const learner = new MultiTaskLearner(model, new UncertaintyWeighting(model.tasks));
 * const input = zeros([2, 3], { dtype: "int32" });
 * const targets = tensor([1, 1], { dtype: "int32" });
 * const groups = learner.parameterGroups({ learningRate: 1e-3, weightingRate: 1e-2 });
 * await new Trainer({
 *   model: learner,
 *   optimizer: new AdamW(groups),
 *   data: { batchesPerEpoch: 1, epoch: () => [[{ task: "spam", input, targets }]] },
 *   loss: (batches) => learner.loss(batches),
 *   steps: 5,
 * }).run();
 * assertEquals(learner.weighting.current().rude, 1); // had no batch
 * ```
 */
export class MultiTaskLearner extends Module {
  /** The model. */
  readonly model: MultiTaskModel;
  /** How its tasks' losses become one. */
  readonly weighting: Weighting;
  #recent: Record<string, number> = {};

  /**
   * A learner.
   *
   * @param model The model.
   * @param weighting Default: equal.
   * @throws {RangeError} If the weighting is of a task that the model doesn't have.
   */
  constructor(model: MultiTaskModel, weighting: Weighting = new EqualWeighting(model.tasks)) {
    super();
    for (const task of weighting.tasks) model.head(task);
    this.model = model;
    this.weighting = weighting;
  }

  /** Each task's loss in the last step that had it, before weighting. */
  get recentLosses(): Readonly<Record<string, number>> {
    return this.#recent;
  }

  /**
   * The loss of a step, for a `Trainer`. In evaluation it is the mean of the losses as they are, so
   * that runs with other weightings compare.
   *
   * @throws {RangeError} If a batch is of a task that the model or the weighting doesn't have, or the
   *   weighting wants every task and one is missing.
   */
  loss(batches: MixedBatch): Tensor {
    for (const { task } of batches) this.model.head(task);
    const losses = batches.map((batch) => ({
      task: batch.task,
      compute: () => this.#taskLoss(batch),
    }));
    if (!this.training) {
      return losses.map(({ compute }) => compute()).reduce((a, b) => a.add(b)).div(losses.length);
    }
    if (this.weighting.needsEveryTask) this.#checkEvery(batches);
    return this.weighting.combine({
      losses,
      parameters: this.model.parameters().filter(({ requiresGrad }) => requiresGrad),
      shared: this.model.sharedParameters(),
      lastShared: this.model.lastSharedParameters(),
    });
  }

  /** Groups for an optimizer: the model's parameters, and those of the weighting if it has any. */
  parameterGroups({ learningRate, weightingRate = learningRate }: LearnerRates): LearnerGroup[] {
    const own = this.weighting.parameters();
    return [
      { parameters: this.model.parameters(), learningRate },
      ...own.length > 0 ? [{ parameters: own, learningRate: weightingRate, weightDecay: 0 }] : [],
    ];
  }

  #taskLoss(batch: TaskBatch): Tensor {
    const loss = this.model.loss(batch);
    this.#recent[batch.task] = loss.item();
    return loss;
  }

  #checkEvery(batches: MixedBatch): void {
    const { tasks } = this.weighting, found = batches.map(({ task }) => task);
    if (found.length === tasks.length && tasks.every((task) => found.includes(task))) return;
    throw new RangeError(
      `${this.weighting.constructor.name} compares all tasks in each step: expected a batch of ` +
        `each of ${tasks.join(", ")} but found ${found.join(", ") || "none"}; take the batches ` +
        "from TaskRounds",
    );
  }
}
