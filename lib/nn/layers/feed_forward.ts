import { letGo, type Random, type Tensor } from "@tunebook/tensor";
import { Layer } from "../layer.ts";
import type { ActivationName } from "../activations.ts";
import { Linear } from "./linear.ts";

/** How to build a {@linkcode FeedForward}. */
export interface FeedForwardOptions {
  /**
   * The function between the two layers.
   *
   * @default {"gelu"}
   */
  activation?: ActivationName;
  /**
   * Whether a third layer gates the hidden values, as in Llama's SwiGLU: the activation of the gate
   * times the plain hidden value ([Shazeer 2020](https://arxiv.org/abs/2002.05202)).
   *
   * @default {false}
   */
  gated?: boolean;
  /**
   * Whether the linear layers have a bias.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Where the initial weights come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/**
 * The half of a transformer block that looks at each token alone: up to a wide hidden layer, a
 * non-linear function, and down again.
 *
 * @example
 * ```ts
 * import { FeedForward } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new FeedForward(8, 32, { activation: "silu", gated: true, bias: false });
 * assertEquals(layer.forward(zeros([2, 3, 8])).shape, [2, 3, 8]);
 * ```
 */
export class FeedForward extends Layer {
  /** `[dim]` → `[hidden]` */
  up: Layer;
  /** `[dim]` → `[hidden]`, if gated. */
  gate: Layer | undefined;
  /** `[hidden]` → `[dim]` */
  down: Layer;
  /** The function between the layers. */
  readonly activation: ActivationName;

  /**
   * Two linear layers, drawn as PyTorch draws them.
   *
   * @param dim Size of the last axis, coming in and going out.
   * @param hidden Size of the layer between, usually four times as wide.
   */
  constructor(
    dim: number,
    hidden: number,
    { activation = "gelu", gated = false, bias = true, random }: FeedForwardOptions = {},
  ) {
    super();
    this.up = new Linear(dim, hidden, { bias, random });
    this.gate = gated ? new Linear(dim, hidden, { bias, random }) : undefined;
    this.down = new Linear(hidden, dim, { bias, random });
    this.activation = activation;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    const hidden = this.#hidden(input), output = this.down.forward(hidden);
    letGo([hidden], input, output);
    return output;
  }

  /** `residual + forward(input)`, in one pass over memory where that can be. */
  override forwardOnto(residual: Tensor, input: Tensor): Tensor {
    const hidden = this.#hidden(input), output = this.down.forwardOnto(residual, hidden);
    letGo([hidden], input, output);
    return output;
  }

  #hidden(input: Tensor): Tensor {
    if (this.gate === undefined) return this.up.forwardInto(this.activation, input);
    const gate = this.gate.forwardInto(this.activation, input), up = this.up.forward(input);
    const hidden = gate.mul(up);
    letGo([gate, up], input, hidden);
    return hidden;
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return this.gate === undefined ? this.activation : `${this.activation}, gated`;
  }
}
