import { layerNorm, ones, type Tensor, zeros } from "@tunebook/tensor";
import { Layer } from "../layer.ts";

/** How to build a {@linkcode LayerNorm} or an `RMSNorm`. */
export interface NormOptions {
  /** Added to the variance, so that a constant row doesn't divide by zero. */
  eps?: number;
}

/**
 * Brings every row to mean 0 and variance 1, then scales and shifts each column
 * ([Ba et al. 2016](https://arxiv.org/abs/1607.06450)).
 *
 * @example
 * ```ts
 * import { LayerNorm } from "@tunebook/nn";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { data } = new LayerNorm(2).forward(tensor([[3, 5]]));
 * assertAlmostEquals(data[0]!, -1, 1e-4);
 * ```
 */
export class LayerNorm extends Layer {
  /** `[dim]`, ones at first. */
  weight: Tensor;
  /** `[dim]`, zeros at first. */
  bias: Tensor;
  /** Added to the variance. */
  readonly eps: number;

  /**
   * A normalisation that begins with scale 1 and offset 0.
   *
   * @param dim Size of the last axis. `eps` is 1e-5 unless given.
   */
  constructor(dim: number, { eps = 1e-5 }: NormOptions = {}) {
    super();
    this.weight = ones([dim], { requiresGrad: true });
    this.bias = zeros([dim], { requiresGrad: true });
    this.eps = eps;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    return layerNorm(input, this.weight, this.bias, this.eps);
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return `${this.weight.size}`;
  }
}
