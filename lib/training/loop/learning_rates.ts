import type { AnyOptimizer } from "./options.ts";

/** The learning rates that the groups of some optimizers began with, which a schedule scales. */
export class LearningRates {
  readonly #optimizers: readonly AnyOptimizer[];
  /** By optimizer and group. */
  #base: number[][];

  constructor(optimizers: readonly AnyOptimizer[]) {
    this.#optimizers = optimizers;
    this.#base = optimizers.map(({ groups }) => groups.map(({ learningRate }) => learningRate));
  }

  /** Sets every group's rate to its first one times `factor`; gives that of the first group. */
  scale(factor: number): number {
    for (const [i, { groups }] of this.#optimizers.entries()) {
      for (const [j, group] of groups.entries()) {
        // A group that was added since keeps the rate it has.
        const base = this.#base[i]![j] ??= group.learningRate;
        group.learningRate = base * factor;
      }
    }
    return this.#optimizers[0]!.groups[0]!.learningRate;
  }

  /** The rates at the start. */
  get base(): number[][] {
    return this.#base;
  }
  set base(base: number[][]) {
    this.#base = base;
  }
}
