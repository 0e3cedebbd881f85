import { concat, type Tensor } from "@tunebook/tensor";

/**
 * The keys and values of the tokens read so far, block by block: with them, reading one more token
 * costs one token's work. Hand the same cache to each call of `forward`, inside `noGrad`.
 *
 * @example
 * ```ts
 * import { GptForCausalLM, KeyValueCache } from "@tunebook/models";
 * import { noGrad, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 10, maxPositions: 8, dim: 8, layers: 1, heads: 2 });
 * using cache = new KeyValueCache();
 * noGrad(() => {
 *   model.eval().forward(tensor([[1, 2, 3]], { dtype: "int32" }), { cache });
 *   model.forward(tensor([[4]], { dtype: "int32" }), { cache });
 * });
 * assertEquals(cache.length, 4);
 * ```
 */
export class KeyValueCache {
  readonly #blocks: { keys: Tensor; values: Tensor }[] = [];

  /** How many tokens were read. */
  get length(): number {
    return this.#blocks[0]?.keys.shape[1] ?? 0;
  }

  /**
   * Puts a block's new keys and values behind its earlier ones.
   *
   * @param block Number of the block, from 0.
   * @param keys `[batch, time, width]`
   * @param values `[batch, time, width]`
   * @returns All of the block's, `[batch, length, width]`.
   */
  append(block: number, keys: Tensor, values: Tensor): { keys: Tensor; values: Tensor } {
    const before = this.#blocks[block];
    const all = before === undefined ? { keys, values } : {
      keys: concat([before.keys, keys], 1),
      values: concat([before.values, values], 1),
    };
    before?.keys.dispose();
    before?.values.dispose();
    // They outlive the scope of the call.
    all.keys.retain();
    all.values.retain();
    return this.#blocks[block] = all;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    for (const { keys, values } of this.#blocks.splice(0)) {
      keys.dispose();
      values.dispose();
    }
  }

  /** Forgets everything, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.clear();
  }
}
