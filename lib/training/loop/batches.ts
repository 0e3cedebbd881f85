/**
 * Where batches come from: a `DataLoader` of `@tunebook/data`, or anything else that hands out the
 * same batches whenever it is asked for the same epoch.
 *
 * @typeParam B What a batch holds.
 */
export interface Batches<B> {
  /** How many batches an epoch has. */
  readonly batchesPerEpoch: number;
  /**
   * The batches of an epoch. They must depend on its number alone: a resumed run asks for the rest
   * of the epoch in which it was stopped.
   *
   * @param epoch The epoch's number, from 0.
   * @param from The batch to begin with, from 0.
   */
  epoch(epoch: number, from?: number): Iterable<B>;
}

/**
 * How many optimizer steps a run has, which most schedules want to know beforehand. The last step of
 * an epoch may have fewer batches than the others.
 *
 * @param data Where the batches come from.
 * @param epochs How often the run goes through the data.
 * @param accumulate Batches a step.
 * @returns The steps of the whole run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { countSteps } from "@tunebook/training";
 *
 * assertEquals(countSteps({ batchesPerEpoch: 10 }, 3, 4), 9);
 * ```
 */
export function countSteps(
  data: { readonly batchesPerEpoch: number },
  epochs: number,
  accumulate = 1,
): number {
  return epochs * Math.ceil(data.batchesPerEpoch / accumulate);
}
