import { letGo, type Random, type Tensor } from "@tunebook/tensor";
import type { Layer } from "../layer.ts";
import { Module } from "../module.ts";
import type { ActivationName } from "../activations.ts";
import { Dropout } from "./dropout.ts";
import { FeedForward } from "./feed_forward.ts";
import { LayerNorm } from "./layer_norm.ts";
import { type AttentionInputs, MultiHeadAttention } from "./multi_head_attention.ts";

/** How to build a {@linkcode TransformerBlock}. */
export interface TransformerBlockOptions {
  /** Size of the feed-forward's hidden layer; four times `dim` unless given. */
  hidden?: number;
  /**
   * The feed-forward's function.
   *
   * @default {"gelu"}
   */
  activation?: ActivationName;
  /**
   * Whether to normalise what goes into each half, as GPT does, or each half's sum, as BERT does.
   *
   * @default {true}
   */
  preNorm?: boolean;
  /**
   * Whether a token sees only itself and those before it.
   *
   * @default {false}
   */
  causal?: boolean;
  /**
   * The probability of zeroing an element of what each half adds.
   *
   * @default {0}
   */
  dropout?: number;
  /** Where initial weights and dropout come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/**
 * A layer of a transformer: tokens exchange by attention, then each thinks alone. Both halves add
 * to what came in, so that the gradient has a straight way down
 * ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762); on where to normalise
 * [Xiong et al. 2020](https://arxiv.org/abs/2002.04745)).
 *
 * @example
 * ```ts
 * import { TransformerBlock } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const block = new TransformerBlock(8, 2, { causal: true, dropout: 0.1 });
 * assertEquals(block.forward(zeros([1, 5, 8])).shape, [1, 5, 8]);
 * ```
 */
export class TransformerBlock extends Module {
  /** Before attention, or after it when post-norm. */
  attentionNorm: Layer;
  /** Where tokens exchange. */
  attention: MultiHeadAttention;
  /** Before the feed-forward, or after it when post-norm. */
  feedForwardNorm: Layer;
  /** Where each token is alone. */
  feedForward: Layer;
  /** On what each half adds. */
  dropout: Dropout;
  /** Whether the norms come first. */
  readonly preNorm: boolean;

  /**
   * Attention and feed-forward layers, drawn as PyTorch draws them.
   *
   * @param dim Width of a token; a multiple of `heads`.
   * @throws {RangeError} If it isn't.
   */
  constructor(
    dim: number,
    heads: number,
    { hidden = 4 * dim, activation = "gelu", preNorm = true, causal = false, dropout = 0, random }:
      TransformerBlockOptions = {},
  ) {
    super();
    this.attentionNorm = new LayerNorm(dim);
    this.attention = new MultiHeadAttention(dim, heads, { causal, random });
    this.feedForwardNorm = new LayerNorm(dim);
    this.feedForward = new FeedForward(dim, hidden, { activation, random });
    this.dropout = new Dropout(dropout, { random });
    this.preNorm = preNorm;
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: AttentionInputs = {}): Tensor {
    if (this.preNorm) {
      const normal = this.attentionNorm.forward(input), x = this.#attend(input, normal, inputs);
      letGo([normal], input, x);
      const normalAgain = this.feedForwardNorm.forward(x), output = this.#think(x, normalAgain);
      letGo([normalAgain, x], input, output);
      return output;
    }
    const sum = this.#attend(input, input, inputs), x = this.attentionNorm.forward(sum);
    letGo([sum], input, x);
    const sumAgain = this.#think(x, x), output = this.feedForwardNorm.forward(sumAgain);
    letGo([sumAgain, x], input, output);
    return output;
  }

  /** `residual + dropout(attention(x))` */
  #attend(residual: Tensor, x: Tensor, inputs: AttentionInputs): Tensor {
    return this.dropout.active
      ? this.#addDropped(residual, x, this.attention.forward(x, inputs))
      : this.attention.forward(x, { ...inputs, residual });
  }

  /** `residual + dropout(feedForward(x))` */
  #think(residual: Tensor, x: Tensor): Tensor {
    return this.dropout.active
      ? this.#addDropped(residual, x, this.feedForward.forward(x))
      : this.feedForward.forwardOnto(residual, x);
  }

  /** `residual + dropout(half)`, for what a half made of `x` */
  #addDropped(residual: Tensor, x: Tensor, half: Tensor): Tensor {
    const dropped = this.dropout.forward(half), sum = residual.add(dropped);
    letGo([half, dropped], x, sum);
    return sum;
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return this.preNorm ? "" : "post-norm";
  }
}
