import { Random } from "@tunebook/tensor";
import type { Dataset } from "./dataset.ts";

/** How a {@linkcode DataLoader} makes batches. */
export interface DataLoaderOptions<T, B> {
  /** Records in a batch. */
  batchSize: number;
  /** Makes a batch of its records, such as padded tensors. Default: the records themselves. */
  collate?: (records: T[]) => B;
  /** Whether each epoch goes through the records in another order. Default: false. */
  shuffle?: boolean;
  /** Seed of all draws. Default: 0. */
  seed?: number;
  /** Whether to leave out a last batch that isn't full. Default: false. */
  dropLast?: boolean;
  /**
   * The length of a record: batches are then made of records of about the same length, so that
   * little is padded, and the batches shuffled.
   */
  bucketBy?: (record: T) => number;
  /** The weight of a record: each epoch draws with replacement, heavier records more often. */
  weight?: (record: T) => number;
}

/**
 * Hands out a data set in batches, epoch by epoch.
 *
 * An epoch's batches depend on the seed and the epoch's number alone, so that a run resumed in
 * epoch 3 at batch 17 sees what it would have seen.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DataLoader, Dataset } from "@tunebook/data";
 *
 * const loader = new DataLoader(Dataset.from([1, 2, 3, 4, 5]), { batchSize: 2 });
 * assertEquals([...loader.epoch(0)], [[1, 2], [3, 4], [5]]);
 * assertEquals(loader.batchesPerEpoch, 3);
 * ```
 *
 * @typeParam T What a record holds.
 * @typeParam B What a batch holds.
 */
export class DataLoader<T, B = T[]> {
  readonly #dataset: Dataset<T>;
  readonly #options: DataLoaderOptions<T, B>;

  /**
   * A loader over a data set, which it neither copies nor changes.
   *
   * @param dataset The records.
   * @param options Batch size, order, collation.
   * @throws {RangeError} If there is no record, no full batch though `dropLast` is set, or the batch
   *   size is no positive integer.
   * @throws {TypeError} If `weight` is combined with `bucketBy`.
   */
  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, B>) {
    const { batchSize, dropLast, bucketBy, weight } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`Expected batchSize to be an integer above 0 but found ${batchSize}`);
    }
    if (dataset.length === 0 || (dropLast && dataset.length < batchSize)) {
      throw new RangeError(
        `Expected records for at least one batch but found ${dataset.length}` +
          (dropLast ? ` (dropLast leaves out batches of fewer than ${batchSize})` : ""),
      );
    }
    if (bucketBy && weight) {
      throw new TypeError("Expected bucketBy or weight but found both");
    }
    this.#dataset = dataset;
    this.#options = options;
  }

  /** How many batches an epoch has. */
  get batchesPerEpoch(): number {
    const batches = this.#dataset.length / this.#options.batchSize;
    return this.#options.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /**
   * The batches of one epoch, made as they are asked for.
   *
   * @param epoch The epoch's number, from 0.
   * @param from The batch to begin with, from 0: where a resumed run stopped.
   * @returns The batches.
   */
  *epoch(epoch: number, from = 0): Generator<B, void, undefined> {
    const { collate = (records: T[]) => records as unknown as B } = this.#options;
    for (const positions of this.#batches(epoch).slice(from)) {
      yield collate(positions.map((position) => this.#dataset.at(position)));
    }
  }

  /** The positions of each batch. */
  #batches(epoch: number): number[][] {
    const { batchSize, shuffle = false, seed = 0, bucketBy, weight } = this.#options;
    // A stream of its own for each epoch: number `epoch` of the seed's stream starts it.
    const random = Random.fromState({ ...new Random(seed).state, counter: epoch }).fork();
    const n = this.#dataset.length;
    let order = shuffle ? [...random.permutation(n)] : Array.from({ length: n }, (_, i) => i);
    if (weight) order = this.#drawWeighted(random, weight);
    if (bucketBy) {
      // A stable sort: records of equal length stay in the order drawn.
      const length = order.map((_, position) => bucketBy(this.#dataset.at(position)));
      order.sort((a, b) => length[a]! - length[b]!);
    }
    const batches = Array.from(
      { length: this.batchesPerEpoch },
      (_, i) => order.slice(i * batchSize, (i + 1) * batchSize),
    );
    return bucketBy && shuffle
      ? [...random.permutation(batches.length)].map((i) => batches[i]!)
      : batches;
  }

  #drawWeighted(random: Random, weight: (record: T) => number): number[] {
    let total = 0;
    const upTo = Array.from(this.#dataset, (record, position) => {
      const w = weight(record);
      if (!(w >= 0 && w < Infinity)) {
        throw new RangeError(`Expected weights of at least 0 but found ${w} at record ${position}`);
      }
      return total += w;
    });
    if (total === 0) throw new RangeError("Expected a weight above 0 but found only zeros");
    return upTo.map(() => firstAbove(upTo, random.next() * total));
  }
}

/** The first position whose value is above `target`, in rising values. */
function firstAbove(values: readonly number[], target: number): number {
  let low = 0, high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
