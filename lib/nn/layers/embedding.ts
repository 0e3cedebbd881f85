import { embedding, type Random, type Tensor } from "@tunebook/tensor";
import { normal } from "../init.ts";
import { Layer } from "../layer.ts";

/** How to build an {@linkcode Embedding}. */
export interface EmbeddingOptions {
  /** `[count, dim]`, used as it is in place of a drawn one. */
  weight?: Tensor | undefined;
  /** Where the initial vectors come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/**
 * A table with a vector for each token.
 *
 * @example
 * ```ts
 * import { Embedding } from "@tunebook/nn";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new Embedding(10, 4);
 * assertEquals(layer.forward(tensor([[1, 9, 1]], { dtype: "int32" })).shape, [1, 3, 4]);
 * ```
 */
export class Embedding extends Layer {
  /** `[count, dim]` */
  weight: Tensor;

  /**
   * Draws the vectors from N(0, 1), as PyTorch does.
   *
   * @param count How many tokens there are.
   * @param dim Length of a vector.
   */
  constructor(count: number, dim: number, { weight, random }: EmbeddingOptions = {}) {
    super();
    this.weight = weight ?? normal([count, dim], { random });
  }

  /** int32 `[...]`, each in `[0, count)` → `[..., dim]` */
  forward(tokens: Tensor): Tensor {
    return embedding(this.weight, tokens);
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    const [count, dim] = this.weight.shape;
    return `${count} tokens, ${dim} wide`;
  }
}
