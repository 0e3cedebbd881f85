/**
 * Convolution and pooling of images `[batch, channels, height, width]`.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { format } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { expectFloat } from "./elementwise.ts";
import { otherFactors, product } from "./matmul.ts";
import { sumTo } from "./reduce.ts";

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

/** Options of {@linkcode conv2d}. */
export interface ConvOptions {
  /** Step of the window; 1 unless given. */
  stride?: Pair;
  /** Zeros added around the image; 0 unless given. */
  padding?: Pair;
}

const pair = (p: Pair): readonly [number, number] => typeof p === "number" ? [p, p] : p;

/** Output size, and the arguments the kernels share: H, W, KH, KW, OH, OW, strides, paddings. */
function windows(
  op: string,
  x: Tensor,
  kernel: readonly [number, number],
  stride: readonly [number, number],
  padding: readonly [number, number],
): { oh: number; ow: number; args: number[] } {
  const [h, w] = x.shape.slice(-2) as [number, number];
  const oh = Math.floor((h + 2 * padding[0] - kernel[0]) / stride[0]) + 1;
  const ow = Math.floor((w + 2 * padding[1] - kernel[1]) / stride[1]) + 1;
  if (x.ndim !== 4 || !(oh > 0 && ow > 0)) {
    throw new TypeError(
      `${op}: a window of ${format(kernel)} with padding ${format(padding)} does not fit input ` +
        `${format(x.shape)}; expected [batch, channels, height, width] at least that large`,
    );
  }
  return { oh, ow, args: [h, w, ...kernel, oh, ow, ...stride, ...padding] };
}

/** Patches are unfolded for so many elements at a time, to bound the memory they take. */
const PATCH_LIMIT = 1 << 21;

/**
 * Convolution (cross-correlation, as in PyTorch): each output is a weighted sum of a window.
 *
 * @param x Shape `[batch, in, height, width]`.
 * @param weight Shape `[out, in, kernelHeight, kernelWidth]`.
 * @param bias Shape `[out]`.
 * @returns Shape `[batch, out, ..]`, each size `⌊(size + 2 padding - kernel) / stride⌋ + 1`.
 * @throws {TypeError} If the shapes don't fit.
 * @example
 * ```ts
 * import { conv2d, ones } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2])).shape, [1, 1, 2, 2]);
 * ```
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: ConvOptions = {},
): Tensor {
  expectFloat("conv2d", x, weight, ...(bias ? [bias] : []));
  const [out, channels, kh, kw] = weight.shape as [number, number, number, number];
  const stride = pair(options.stride ?? 1), padding = pair(options.padding ?? 0);
  if (weight.ndim !== 4 || x.shape[1] !== channels || (bias && bias.size !== out)) {
    throw new TypeError(
      `conv2d: input ${format(x.shape)}, weight ${format(weight.shape)}` +
        (bias ? ` and bias ${format(bias.shape)}` : "") + " do not fit; expected " +
        "[batch, in, height, width], [out, in, kernelHeight, kernelWidth] and [out]",
    );
  }
  const { oh, ow, args } = windows("conv2d", x, [kh, kw], stride, padding);
  const batch = x.shape[0]!, image = channels * x.shape[2]! * x.shape[3]!;
  const width = channels * kh * kw, places = oh * ow;
  const group = Math.max(1, Math.min(batch, Math.floor(PATCH_LIMIT / (width * places))));

  /** Unfolds a few images into rows of patches, [image, place, width], and calls `use`. */
  const unfold = (use: (patches: Tensor, first: number, count: number) => void) => {
    const patches = uninitialized([group, places, width]);
    for (let first = 0; first < batch; first += group) {
      const count = Math.min(group, batch - first), from = x.address + first * image * 4;
      const chunks = chunksFor(count * places * width);
      launch(Op.Im2Col, chunks, patches.address, from, count, channels, ...args);
      use(patches, first, count);
    }
    patches.dispose();
  };

  const y = uninitialized([batch, out, oh, ow]);
  if (bias) { // each plane starts as its bias
    const b = bias.data, data = y.data;
    for (let p = 0; p < batch * out; p++) data.fill(b[p % out]!, p * places, (p + 1) * places);
  }
  unfold((patches, first, count) => { // Y = W patchesᵀ for each image
    const at = y.address + first * out * places * 4;
    product(
      { at: weight.address, row: width },
      { at: patches.address, row: width, batch: places * width, transposed: true },
      { at, row: places, batch: out * places },
      { m: out, n: places, k: width, batch: count, plus: bias ? at : 0 },
    );
  });

  return record("conv2d", y, [x, weight, ...(bias ? [bias] : [])], (dy, g) => {
    if (g.wants(weight)) { // dW = Σ dY patches, image by image so that the order is fixed
      const { address, add } = g.into(weight);
      if (!add) launch(Op.Fill, 1, address, 0, weight.size);
      unfold((patches, first, count) => {
        for (let i = 0; i < count; i++) {
          product(
            { at: dy.address + (first + i) * out * places * 4, row: places },
            { at: patches.address + i * places * width * 4, row: width },
            { at: address, row: width },
            { m: out, n: width, k: places, plus: address },
          );
        }
      });
    }
    if (bias && g.wants(bias)) {
      const sum = sumTo(dy, [1, out, 1, 1]), flat = g.alias(sum, [out]);
      sum.dispose();
      g.give(bias, flat);
    }
    if (g.wants(x)) { // d patches = dYᵀ W, folded back
      const dx = uninitialized(x.shape), patches = uninitialized([group, places, width]);
      for (let first = 0; first < batch; first += group) {
        const count = Math.min(group, batch - first);
        product(
          {
            at: dy.address + first * out * places * 4,
            row: places,
            batch: out * places,
            transposed: true,
          },
          { at: weight.address, row: width },
          { at: patches.address, row: width, batch: places * width },
          { m: places, n: width, k: out, batch: count },
        );
        const chunks = chunksFor(count * places * width), to = dx.address + first * image * 4;
        launch(Op.Col2Im, chunks, to, patches.address, count, channels, ...args);
      }
      patches.dispose();
      g.give(x, dx);
    }
  }, { reads: otherFactors(x, weight) });
}

/** Options of pooling. */
export interface PoolOptions {
  /** Step of the window; its size unless given. */
  stride?: Pair;
  /** Border around the image: never the maximum, zeros in an average; 0 unless given. */
  padding?: Pair;
}

/**
 * The largest element of each window.
 *
 * @param x Shape `[batch, channels, height, width]`.
 */
export function maxPool2d(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  expectFloat("maxPool2d", x);
  const kernel = pair(size),
    stride = pair(options.stride ?? size),
    padding = pair(options.padding ?? 0);
  const { oh, ow, args } = windows("maxPool2d", x, kernel, stride, padding);
  const shape = [x.shape[0]!, x.shape[1]!, oh, ow], planes = shape[0]! * shape[1]!;
  const y = uninitialized(shape), at = uninitialized(shape, "int32"), chunks = chunksFor(x.size);
  launch(Op.MaxPool, chunks, y.address, at.address, x.address, planes, ...args);
  return record("maxPool2d", y, [x], (dy, g) => {
    const dx = uninitialized(x.shape), sizes = [planes, x.shape[2]! * x.shape[3]!, oh * ow];
    launch(Op.MaxPoolBackward, chunks, dx.address, dy.address, at.address, ...sizes);
    g.give(x, dx);
  }, { saved: [at], reads: [] });
}

/**
 * The average of each window; padding counts as zeros.
 *
 * @param x Shape `[batch, channels, height, width]`.
 */
export function avgPool2d(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  expectFloat("avgPool2d", x);
  const kernel = pair(size),
    stride = pair(options.stride ?? size),
    padding = pair(options.padding ?? 0);
  const { oh, ow, args } = windows("avgPool2d", x, kernel, stride, padding);
  const shape = [x.shape[0]!, x.shape[1]!, oh, ow], planes = shape[0]! * shape[1]!;
  const y = uninitialized(shape), chunks = chunksFor(x.size);
  launch(Op.AvgPool, chunks, y.address, x.address, planes, ...args);
  return record("avgPool2d", y, [x], (dy, g) => {
    const dx = uninitialized(x.shape);
    launch(Op.AvgPoolBackward, chunks, dx.address, dy.address, planes, ...args);
    g.give(x, dx);
  });
}
