import { type AttentionPrefix, Dropout, Module } from "@tunebook/nn";
import { scaledDotProductAttention, type Tensor } from "@tunebook/tensor";
import type { AttendInputs } from "./inputs.ts";
import { weightedAttention } from "./weighted_attention.ts";

/** The shape of an {@linkcode Attention}. */
export interface AttentionShape {
  /** Width of a token. */
  readonly dim: number;
  /** How many heads ask. */
  readonly heads: number;
  /** How many heads answer; fewer than `heads` if several share keys and values. */
  readonly keyValueHeads: number;
  /** Width of a head. */
  readonly headDim: number;
  /** Whether a token sees only itself and those before it. */
  readonly causal: boolean;
  /** The probability with which, in training, a token overlooks another. */
  readonly dropout: number;
}

/**
 * What the families' attention modules share: everything between the projections that go in and the
 * one that goes out, and the place where prefix tuning puts its keys and values.
 */
export abstract class Attention extends Module {
  /** Keys and values in front of each text's own, where a method adds them. */
  prefix: AttentionPrefix | null = null;
  /** Sizes, and what may be seen. */
  readonly shape: AttentionShape;
  /** The block it belongs to, from 0. */
  readonly block: number;
  /** In training, makes a token overlook some of the others. */
  attn_dropout: Dropout;

  /** Takes the sizes, and the number of the block it belongs to. */
  constructor(shape: AttentionShape, block: number) {
    super();
    this.attn_dropout = new Dropout(shape.dropout);
    this.shape = shape;
    this.block = block;
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  abstract forward(input: Tensor, inputs?: AttendInputs): Tensor;

  /**
   * Mixes values by how well queries fit keys.
   *
   * @param queries `[batch, time, heads * headDim]`
   * @param keys `[batch, time, keyValueHeads * headDim]`
   * @param values As keys.
   * @returns `[batch, time, heads * headDim]`
   */
  protected attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    { mask, cache, trace }: AttendInputs,
  ): Tensor {
    if (cache) ({ keys, values } = cache.append(this.block, keys, values));
    const { heads, keyValueHeads, causal } = this.shape;
    const prefix = this.prefix?.forward(queries.shape[0]!);
    const options = {
      numHeads: heads,
      numKeyValueHeads: keyValueHeads,
      causal,
      ...(mask && { mask }),
      ...(prefix && { prefixKeys: prefix.keys, prefixValues: prefix.values }),
    };
    if (!this.attn_dropout.active && !trace?.attentions) {
      return scaledDotProductAttention(queries, keys, values, options);
    }
    const onWeights = (weights: Tensor) => {
      trace?.attentions?.push(weights);
      return this.attn_dropout.forward(weights);
    };
    return weightedAttention(queries, keys, values, { ...options, onWeights });
  }

  /** What tells it from others of its class. */
  override describe(): string {
    const { heads, keyValueHeads, causal } = this.shape;
    const grouped = keyValueHeads === heads ? "" : `, ${keyValueHeads} for keys and values`;
    return `${heads} heads${grouped}${causal ? ", causal" : ""}`;
  }
}
