import { Random } from "@tunebook/tensor";
import type { Batches } from "@tunebook/training";
import type { MixedBatch, TaskBatch } from "./batch.ts";
import { proportionalSampling, type Sampling } from "./sampling.ts";
import { checkBatchCount, checkTasks, endless } from "./streams.ts";
import type { TrainingTask } from "./task_data.ts";

/** How a {@linkcode TaskMixture} mixes. */
export interface MixtureOptions {
  /** Each task's share. Default: proportional to its examples. */
  sampling?: Sampling;
  /** Batches in an epoch. Default: as many as all tasks have together. */
  batchesPerEpoch?: number;
  /** Seed of all draws, also of the tasks' own orders. Default: 0. */
  seed?: number;
}

/**
 * Batches of several tasks mixed: every step is of one task, drawn by its share. A `Trainer` takes it
 * as `data`.
 *
 * In an epoch each task has its share to within one batch; the order is random. A task goes through
 * its own examples from end to end, over the epochs of the mixture, before one comes again. What an
 * epoch holds depends on the seed and its number alone, so that a run resumed in the middle of it
 * sees what it would have seen.
 *
 * @example
 * ```ts
 * import { equalSampling, TaskMixture, type TrainingTask } from "@tunebook/finetune";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const tokens = zeros([1, 2], { dtype: "int32" });
 * const task = (name: string, examples: number): TrainingTask => ({
 *   name,
 *   examples,
 *   batches: () => ({
 *     batchesPerEpoch: 1,
 *     epoch: () => [{ task: name, input: tokens, targets: tokens }],
 *   }),
 *   evaluate: () => ({}),
 * });
 * const tasks = [task("large", 900), task("small", 100)];
 * const mixture = new TaskMixture(tasks, { batchesPerEpoch: 20 });
 * assertEquals(mixture.counts(20), { large: 18, small: 2 });
 * const equal = new TaskMixture(tasks, { batchesPerEpoch: 20, sampling: equalSampling() });
 * assertEquals(equal.counts(20), { large: 10, small: 10 });
 * ```
 */
export class TaskMixture implements Batches<MixedBatch> {
  /** How many batches an epoch has. */
  readonly batchesPerEpoch: number;
  readonly #tasks: readonly TrainingTask[];
  readonly #batches: readonly Batches<TaskBatch>[];
  readonly #sampling: Sampling;
  readonly #seed: number;
  /** How many batches of each task come before an epoch, for the epochs asked for so far. */
  readonly #before: number[][];

  /**
   * A mixture of the given tasks.
   *
   * @throws {RangeError} If there is no task, two have one name, or one is never sampled.
   */
  constructor(tasks: readonly TrainingTask[], options: MixtureOptions = {}) {
    checkTasks(tasks);
    this.#tasks = tasks;
    this.#seed = options.seed ?? 0;
    this.#batches = tasks.map((task) => task.batches(this.#seed));
    this.#sampling = options.sampling ?? proportionalSampling();
    this.batchesPerEpoch = options.batchesPerEpoch ??
      this.#batches.reduce((sum, { batchesPerEpoch }) => sum + batchesPerEpoch, 0);
    checkBatchCount(this.batchesPerEpoch);
    this.#before = [tasks.map(() => 0)];
    this.shares(0);
  }

  /**
   * Each task's share of an epoch's batches, 0 to 1.
   *
   * @throws {RangeError} If a share comes to less than one batch.
   */
  shares(epoch: number): Record<string, number> {
    const weights = this.#sampling(this.#tasks.map(({ examples }) => examples), epoch);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Object.fromEntries(this.#tasks.map(({ name }, i) => {
      const share = weights[i]! / total;
      if (share * this.batchesPerEpoch >= 1 - 1e-9) return [name, share];
      throw new RangeError(
        `The task ${JSON.stringify(name)} is never sampled in some epochs: expected its share of ` +
          `${this.batchesPerEpoch} batches to be at least one but found ` +
          `${(share * this.batchesPerEpoch).toPrecision(3)}; raise batchesPerEpoch, or take ` +
          "another sampling, such as temperatureSampling({ temperature: 2 })",
      );
    }));
  }

  /** How many batches of each task are among the first `batches`, counted over epochs. */
  counts(batches: number): Record<string, number> {
    const epoch = Math.floor(batches / this.batchesPerEpoch);
    const counts = [...this.#countsBefore(epoch)];
    const rest = batches - epoch * this.batchesPerEpoch;
    if (rest > 0) { for (const task of this.#draw(epoch).slice(0, rest)) counts[task]!++; }
    return Object.fromEntries(this.#tasks.map(({ name }, i) => [name, counts[i]!]));
  }

  /**
   * The batches of one epoch, each the only one of its step.
   *
   * @param epoch The epoch's number, from 0.
   * @param from The batch to begin with, from 0.
   */
  *epoch(epoch: number, from = 0): Generator<MixedBatch, void, undefined> {
    const order = this.#draw(epoch);
    const counts = [...this.#countsBefore(epoch)];
    for (const task of order.slice(0, from)) counts[task]!++;
    const streams = this.#batches.map((batches, i) => endless(batches, counts[i]!));
    for (const task of order.slice(from)) yield [streams[task]!.next().value];
  }

  #countsBefore(epoch: number): readonly number[] {
    for (let known = this.#before.length; known <= epoch; known++) {
      const counts = [...this.#before[known - 1]!];
      for (const task of this.#draw(known - 1)) counts[task]!++;
      this.#before.push(counts);
    }
    return this.#before[epoch]!;
  }

  /**
   * Which task's turn it is, batch by batch. Evenly spaced points meet each task's stretch of [0, 1)
   * as often as its share says; a random start makes the rounding fair (systematic sampling).
   */
  #draw(epoch: number): number[] {
    const random = Random.fromState({ ...new Random(this.#seed).state, counter: epoch }).fork();
    const shares = Object.values(this.shares(epoch)), n = this.batchesPerEpoch;
    const start = random.next(), drawn: number[] = [];
    let task = 0, upTo = shares[0]!;
    for (let i = 0; i < n; i++) {
      while ((i + start) / n >= upTo && task < shares.length - 1) upTo += shares[++task]!;
      drawn.push(task);
    }
    return Array.from(random.permutation(n), (i) => drawn[i]!);
  }
}
