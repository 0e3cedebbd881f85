import { type Tensor, tensor } from "@tunebook/tensor";

/** Rows of different lengths as a rectangle. */
export interface Padded {
  /** int32 `[batch, time]`; short rows are filled at their end. */
  ids: Tensor;
  /** int32 `[batch, time]`: 1 where a row has something, 0 where it was filled. */
  mask: Tensor;
}

/**
 * Makes a rectangle of rows of different lengths, as long as the longest: what a `DataLoader` needs to
 * make tensors of token ids.
 *
 * @param rows The rows, at least one.
 * @param paddingId What to fill short rows with.
 * @returns The rectangle and its mask.
 * @throws {RangeError} If there is no row.
 *
 * @example
 * ```ts
 * import { DataLoader, Dataset, padRows } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const texts = Dataset.from([{ ids: [5, 6, 7] }, { ids: [8] }]);
 * const collate = (records: { ids: number[] }[]) => padRows(records.map(({ ids }) => ids), 0);
 * const [batch] = [...new DataLoader(texts, { batchSize: 2, collate }).epoch(0)];
 * assertEquals(batch!.ids.toArray(), [[5, 6, 7], [8, 0, 0]]);
 * assertEquals(batch!.mask.toArray(), [[1, 1, 1], [1, 0, 0]]);
 * ```
 */
export function padRows(rows: readonly ArrayLike<number>[], paddingId: number): Padded {
  if (rows.length === 0) throw new RangeError("Expected at least one row to pad but found none");
  const time = Math.max(...rows.map(({ length }) => length)), shape = [rows.length, time];
  const ids = new Int32Array(rows.length * time).fill(paddingId);
  const mask = new Int32Array(ids.length);
  for (const [i, row] of rows.entries()) {
    ids.set(row, i * time);
    mask.fill(1, i * time, i * time + row.length);
  }
  return { ids: tensor(ids, { shape }), mask: tensor(mask, { shape }) };
}
