import type { Tensor } from "@tunebook/tensor";
import { Layer } from "../layer.ts";

/**
 * Layers one after another.
 *
 * @example
 * ```ts
 * import { Activation, Linear, Sequential } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Sequential([new Linear(2, 8), new Activation("relu"), new Linear(8, 1)]);
 * assertEquals(model.forward(zeros([4, 2])).shape, [4, 1]);
 * ```
 */
export class Sequential extends Layer {
  /** In the order they run. */
  readonly layers: Layer[];

  /** A chain of the given layers. */
  constructor(layers: Layer[]) {
    super();
    this.layers = [...layers];
  }

  /** What goes into the first, out of the last. */
  forward(input: Tensor): Tensor {
    return this.layers.reduce((x, layer) => layer.forward(x), input);
  }
}
