import { letGo, type Random, scaledDotProductAttention, type Tensor } from "@tunebook/tensor";
import type { Layer } from "../layer.ts";
import { Module } from "../module.ts";
import { Linear } from "./linear.ts";

/** Extra keys and values in front of a text's own, which every query sees: prefix tuning. */
export abstract class AttentionPrefix extends Module {
  /** How many keys and values it adds: a text's own positions begin behind them. */
  abstract readonly length: number;

  /** Keys and values as `[batch, length, dim]`, all heads side by side. */
  abstract forward(batch: number): { keys: Tensor; values: Tensor };
}

/** How to build a {@linkcode MultiHeadAttention}. */
export interface MultiHeadAttentionOptions {
  /**
   * Whether a token sees only itself and those before it.
   *
   * @default {false}
   */
  causal?: boolean;
  /**
   * Whether the linear layers have a bias.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Where the initial weights come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/** What attention may look at. */
export interface AttentionInputs {
  /** `[batch, time]`, 1 for tokens and 0 for padding, which no token sees. */
  mask?: Tensor | undefined;
  /** `[batch, time, dim]`, added to the output in the same pass over memory. */
  residual?: Tensor | undefined;
}

/**
 * Every token gathers from the others what its query asks for, in several heads at once
 * ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762)):
 * `softmax(Q Kᵀ / √headDim) V` for each head, then one linear layer over all heads.
 *
 * @example
 * ```ts
 * import { MultiHeadAttention } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const attention = new MultiHeadAttention(8, 2, { causal: true });
 * assertEquals(attention.forward(zeros([1, 5, 8])).shape, [1, 5, 8]);
 * ```
 */
export class MultiHeadAttention extends Module {
  /** `[dim]` → `[dim]`, what each token looks for. */
  query: Layer;
  /** `[dim]` → `[dim]`, what each token is found by. */
  key: Layer;
  /** `[dim]` → `[dim]`, what each token gives. */
  value: Layer;
  /** `[dim]` → `[dim]`, over all heads. */
  output: Layer;
  /** Extra keys and values, where a method adds them. */
  prefix: AttentionPrefix | null = null;
  /** How many heads share the width. */
  readonly heads: number;
  /** Whether a token sees only itself and those before it. */
  readonly causal: boolean;

  /**
   * Four linear layers, drawn as PyTorch draws them.
   *
   * @param dim Width of a token; a multiple of `heads`.
   * @throws {RangeError} If `dim` isn't a multiple of `heads`.
   */
  constructor(
    dim: number,
    heads: number,
    { causal = false, bias = true, random }: MultiHeadAttentionOptions = {},
  ) {
    super();
    if (!(Number.isInteger(heads) && heads > 0 && dim % heads === 0)) {
      throw new RangeError(`Expected dim to be a multiple of heads but found ${dim} and ${heads}`);
    }
    this.query = new Linear(dim, dim, { bias, random });
    this.key = new Linear(dim, dim, { bias, random });
    this.value = new Linear(dim, dim, { bias, random });
    this.output = new Linear(dim, dim, { bias, random });
    this.heads = heads;
    this.causal = causal;
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, { mask, residual }: AttentionInputs = {}): Tensor {
    const prefix = this.prefix?.forward(input.shape[0]!);
    const queries = this.query.forward(input), keys = this.key.forward(input);
    const values = this.value.forward(input);
    const mixed = scaledDotProductAttention(queries, keys, values, {
      numHeads: this.heads,
      causal: this.causal,
      ...(mask && { mask }),
      ...(prefix && { prefixKeys: prefix.keys, prefixValues: prefix.values }),
    });
    letGo([queries, keys, values], input, mixed);
    const output = residual ? this.output.forwardOnto(residual, mixed) : this.output.forward(mixed);
    letGo([mixed], input, output);
    return output;
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return `${this.heads} heads${this.causal ? ", causal" : ""}`;
  }
}
