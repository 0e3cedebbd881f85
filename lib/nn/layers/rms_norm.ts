import { ones, rmsNorm, type Tensor } from "@tunebook/tensor";
import { Layer } from "../layer.ts";
import type { NormOptions } from "./layer_norm.ts";

/**
 * Divides every row by the root of its mean square, then scales each column: layer normalisation
 * without the mean ([Zhang & Sennrich 2019](https://arxiv.org/abs/1910.07467)), as Llama has it.
 *
 * @example
 * ```ts
 * import { RMSNorm } from "@tunebook/nn";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { data } = new RMSNorm(2).forward(tensor([[2, 2]]));
 * assertAlmostEquals(data[0]!, 1, 1e-5);
 * ```
 */
export class RMSNorm extends Layer {
  /** `[dim]`, ones at first. */
  weight: Tensor;
  /** Added to the mean square. */
  readonly eps: number;

  /**
   * A normalisation that begins with scale 1.
   *
   * @param dim Size of the last axis. `eps` is 1e-6 unless given.
   */
  constructor(dim: number, { eps = 1e-6 }: NormOptions = {}) {
    super();
    this.weight = ones([dim], { requiresGrad: true });
    this.eps = eps;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    return rmsNorm(input, this.weight, this.eps);
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return `${this.weight.size}`;
  }
}
