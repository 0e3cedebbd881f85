import type { Batches } from "@tunebook/training";
import type { MixedBatch, TaskBatch } from "./batch.ts";
import { checkBatchCount, checkTasks, endless } from "./streams.ts";
import type { TrainingTask } from "./task_data.ts";

/** How {@linkcode TaskRounds} go. */
export interface RoundsOptions {
  /** Rounds in an epoch. Default: until the task with the most batches is through. */
  batchesPerEpoch?: number;
  /** Seed of the tasks' orders. Default: 0. */
  seed?: number;
}

/**
 * Rounds: every step has a batch of each task, as weightings that compare the tasks' gradients want
 * it. A step costs as many forward and backward passes as there are tasks. A task that is through
 * its examples begins anew.
 */
export class TaskRounds implements Batches<MixedBatch> {
  /** How many rounds an epoch has. */
  readonly batchesPerEpoch: number;
  readonly #tasks: readonly TrainingTask[];
  readonly #batches: readonly Batches<TaskBatch>[];

  /**
   * Rounds of the given tasks.
   *
   * @throws {RangeError} If there is no task, or two have one name.
   */
  constructor(tasks: readonly TrainingTask[], options: RoundsOptions = {}) {
    checkTasks(tasks);
    this.#tasks = tasks;
    this.#batches = tasks.map((task) => task.batches(options.seed ?? 0));
    this.batchesPerEpoch = options.batchesPerEpoch ??
      Math.max(...this.#batches.map(({ batchesPerEpoch }) => batchesPerEpoch));
    checkBatchCount(this.batchesPerEpoch);
  }

  /** How many batches of each task are in the first `rounds`: as many of each. */
  counts(rounds: number): Record<string, number> {
    return Object.fromEntries(this.#tasks.map(({ name }) => [name, rounds]));
  }

  /**
   * The rounds of one epoch.
   *
   * @param epoch The epoch's number, from 0.
   * @param from The round to begin with, from 0.
   */
  *epoch(epoch: number, from = 0): Generator<MixedBatch, void, undefined> {
    const first = epoch * this.batchesPerEpoch + from;
    const streams = this.#batches.map((batches) => endless(batches, first));
    for (let round = from; round < this.batchesPerEpoch; round++) {
      yield streams.map((stream) => stream.next().value);
    }
  }
}
