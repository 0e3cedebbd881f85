import type { Batches } from "@tunebook/training";
import type { TaskBatch } from "./batch.ts";
import type { TrainingTask } from "./task_data.ts";

/**
 * A task's batches one after the other, epoch after epoch of its own, without end.
 *
 * @param from How many to leave out.
 */
export function* endless(
  batches: Batches<TaskBatch>,
  from: number,
): Generator<TaskBatch, never, undefined> {
  let epoch = Math.floor(from / batches.batchesPerEpoch), start = from % batches.batchesPerEpoch;
  for (;;) {
    yield* batches.epoch(epoch++, start);
    start = 0;
  }
}

/** @throws {RangeError} If there is no task, or a name comes twice. */
export function checkTasks(tasks: readonly TrainingTask[]): void {
  const names = tasks.map(({ name }) => name);
  if (names.length > 0 && new Set(names).size === names.length) return;
  throw new RangeError(
    `Expected tasks of different names but found ${names.join(", ") || "no task"}`,
  );
}

/** @throws {RangeError} If the number of batches isn't a whole number above 0. */
export function checkBatchCount(batchesPerEpoch: number): void {
  if (Number.isInteger(batchesPerEpoch) && batchesPerEpoch > 0) return;
  throw new RangeError(
    `Expected batchesPerEpoch to be a whole number above 0 but found ${batchesPerEpoch}`,
  );
}
