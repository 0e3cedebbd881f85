import type { Tensor } from "@tunebook/tensor";
import { type ActivationName, ACTIVATIONS } from "../activations.ts";
import { Layer } from "../layer.ts";

/**
 * A non-linear function as a layer, for {@linkcode Sequential}.
 *
 * @example
 * ```ts
 * import { Activation } from "@tunebook/nn";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new Activation("relu").forward(tensor([-1, 2])).toArray(), [0, 2]);
 * ```
 */
export class Activation extends Layer {
  /** Which function. */
  readonly kind: ActivationName;

  /** A layer of one activation. */
  constructor(kind: ActivationName) {
    super();
    this.kind = kind;
  }

  /** `[...]` → `[...]` */
  forward(input: Tensor): Tensor {
    return ACTIVATIONS[this.kind](input);
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return this.kind;
  }
}
