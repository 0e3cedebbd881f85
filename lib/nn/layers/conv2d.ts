import { conv2d, type Random, type Tensor } from "@tunebook/tensor";
import { kaimingUniform, uniform } from "../init.ts";
import { Layer } from "../layer.ts";

/** How to build a {@linkcode Conv2d}. */
export interface Conv2dOptions {
  /**
   * Pixels from one output to the next.
   *
   * @default {1}
   */
  stride?: number;
  /**
   * Rows and columns of zeros around the image.
   *
   * @default {0}
   */
  padding?: number;
  /**
   * Whether to add a bias.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Where the initial weights come from; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/**
 * Slides a square kernel over images.
 *
 * @example
 * ```ts
 * import { Conv2d } from "@tunebook/nn";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new Conv2d(1, 8, 3, { padding: 1 });
 * assertEquals(layer.forward(zeros([2, 1, 28, 28])).shape, [2, 8, 28, 28]);
 * ```
 */
export class Conv2d extends Layer {
  /** `[outputs, inputs, kernelSize, kernelSize]` */
  weight: Tensor;
  /** `[outputs]` */
  bias: Tensor | undefined;
  /** Pixels from one output to the next. */
  readonly stride: number;
  /** Rows and columns of zeros around the image. */
  readonly padding: number;

  /**
   * Draws weights and bias from ±1/√fan-in, as PyTorch does.
   *
   * @param inputs Channels that come in.
   * @param outputs Channels that go out.
   * @param kernelSize Height and width of the kernel.
   */
  constructor(
    inputs: number,
    outputs: number,
    kernelSize: number,
    { stride = 1, padding = 0, bias = true, random }: Conv2dOptions = {},
  ) {
    super();
    const shape = [outputs, inputs, kernelSize, kernelSize];
    const bound = 1 / Math.sqrt(inputs * kernelSize * kernelSize);
    this.weight = kaimingUniform(shape, { slope: Math.sqrt(5), random });
    this.bias = bias ? uniform([outputs], { low: -bound, high: bound, random }) : undefined;
    this.stride = stride;
    this.padding = padding;
  }

  /**
   * `[batch, inputs, height, width]` → `[batch, outputs, h, w]` where
   * `h = ⌊(height + 2 padding − kernelSize) / stride⌋ + 1`, and `w` likewise.
   */
  forward(input: Tensor): Tensor {
    return conv2d(input, this.weight, this.bias, { stride: this.stride, padding: this.padding });
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    const [outputs, inputs, size] = this.weight.shape;
    return `${inputs} → ${outputs}, ${size}×${size}`;
  }
}
