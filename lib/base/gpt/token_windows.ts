import { Random, type Tensor, tensor } from "@tunebook/tensor";
import type { Batches } from "@tunebook/training";

/**
 * One long line of tokens, cut into windows: what a language model is trained on. Each epoch begins
 * to cut at another place and takes the windows in another order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TokenWindows } from "@tunebook/base";
 *
 * const windows = new TokenWindows(Array.from({ length: 101 }, (_, i) => i), { time: 10, batch: 3 });
 * assertEquals(windows.batchesPerEpoch, 3);
 * assertEquals([...windows.epoch(0)][0]?.shape, [3, 10]);
 * ```
 */
export class TokenWindows implements Batches<Tensor> {
  readonly #tokens: Int32Array;
  readonly #options: { time: number; batch: number; seed?: number };
  /** How many batches an epoch has. */
  readonly batchesPerEpoch: number;

  /**
   * Windows over tokens.
   *
   * @param tokens The texts, one behind the other.
   * @param options Tokens in a window, windows in a batch, seed of the order.
   * @throws {RangeError} If there are too few tokens for one batch.
   */
  constructor(
    tokens: ArrayLike<number>,
    options: { time: number; batch: number; seed?: number },
  ) {
    this.#tokens = Int32Array.from(tokens);
    this.#options = options;
    const windows = Math.floor((tokens.length - options.time) / options.time);
    this.batchesPerEpoch = Math.floor(windows / options.batch);
    if (this.batchesPerEpoch < 1) {
      throw new RangeError(
        `Expected tokens for a batch of ${options.batch} windows of ${options.time} but found ` +
          `${tokens.length}`,
      );
    }
  }

  /**
   * The batches of an epoch, int32 `[batch, time]` each.
   *
   * @param epoch The epoch's number, from 0.
   * @param from The batch to begin with.
   */
  *epoch(epoch: number, from = 0): Generator<Tensor, void, undefined> {
    const { time, batch, seed = 0 } = this.#options;
    const random = Random.fromState({ ...new Random(seed).state, counter: epoch }).fork();
    const shift = Math.floor(random.next() * time);
    const order = random.permutation(this.batchesPerEpoch * batch);
    for (let b = from; b < this.batchesPerEpoch; b++) {
      const ids = new Int32Array(batch * time);
      for (let row = 0; row < batch; row++) {
        const start = shift + order[b * batch + row]! * time;
        ids.set(this.#tokens.subarray(start, start + time), row * time);
      }
      yield tensor(ids, { shape: [batch, time], dtype: "int32" });
    }
  }
}
