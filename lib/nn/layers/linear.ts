import { linear, type Random, type Tensor } from "@tunebook/tensor";
import { kaimingUniform, uniform } from "../init.ts";
import type { ActivationName } from "../activations.ts";
import { Layer } from "../layer.ts";

/** How to build a {@linkcode Linear}. */
export interface LinearOptions {
  /**
   * Whether to add a bias.
   *
   * @default {true}
   */
  bias?: boolean;
  /** `[outputs, inputs]`, used as it is in place of a drawn one: another layer's ties the two. */
  weight?: Tensor | undefined;
  /** Where the initial weights come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/** The activations that the matrix product can apply on its way out. */
const FUSED: { readonly [name in ActivationName]?: "relu" | "gelu" | "gelu-tanh" } = {
  relu: "relu",
  gelu: "gelu",
  geluTanh: "gelu-tanh",
};

/**
 * `y = x Wᵀ + b`, the layer most of a network is made of.
 *
 * @example
 * ```ts
 * import { Linear } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new Linear(3, 5);
 * assertEquals(layer.forward(zeros([2, 3])).shape, [2, 5]);
 * ```
 */
export class Linear extends Layer {
  /** `[outputs, inputs]` */
  weight: Tensor;
  /** `[outputs]` */
  bias: Tensor | undefined;

  /**
   * Draws weights and bias from ±1/√inputs, as PyTorch does.
   *
   * @param inputs Size of the last axis of what comes in.
   * @param outputs Size of the last axis of what goes out.
   */
  constructor(
    inputs: number,
    outputs: number,
    { bias = true, weight, random }: LinearOptions = {},
  ) {
    super();
    this.weight = weight ?? kaimingUniform([outputs, inputs], { slope: Math.sqrt(5), random });
    const bound = inputs > 0 ? 1 / Math.sqrt(inputs) : 0;
    this.bias = bias ? uniform([outputs], { low: -bound, high: bound, random }) : undefined;
  }

  /** `[..., inputs]` → `[..., outputs]` */
  forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  /** `residual + forward(input)`, in one pass over memory where that can be. */
  override forwardOnto(residual: Tensor, input: Tensor): Tensor {
    // A subclass may have a forward of its own.
    if (this.constructor !== Linear) return super.forwardOnto(residual, input);
    return linear(input, this.weight, this.bias, { residual });
  }

  /** `activation(forward(input))`, in one pass over memory where that can be. */
  override forwardInto(activation: ActivationName, input: Tensor): Tensor {
    const fused = this.constructor === Linear ? FUSED[activation] : undefined;
    if (fused === undefined) return super.forwardInto(activation, input);
    return linear(input, this.weight, this.bias, { activation: fused });
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    const [outputs, inputs] = this.weight.shape;
    return `${inputs} → ${outputs}${this.bias ? "" : ", no bias"}`;
  }
}
