/**
 * How to call each op of `tests/reference/ops.json` in our library.
 *
 * @module
 */
import {
  avgPool2d,
  concat,
  conv2d,
  embedding,
  layerNorm,
  linear,
  maxPool2d,
  rmsNorm,
  stack,
  type Tensor,
  where,
} from "@tunebook/tensor";
import type { Compute } from "./reference.ts";

/** Methods of one tensor without options. */
const UNARY = ["neg", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu", "silu"] as const;
/** Methods of two tensors. */
const BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "matmul"] as const;
/** Reductions to one element, or along one or several dimensions. */
const REDUCTIONS = ["sum", "mean", "max", "min", "logsumexp", "norm"] as const;

/** Every op by its name in the reference. */
export const OPS: Readonly<Record<string, Compute>> = {
  ...Object.fromEntries(UNARY.map((op): [string, Compute] => [op, ([x]) => x![op]()])),
  ...Object.fromEntries(BINARY.map((op): [string, Compute] => [op, ([a, b]) => a![op](b!)])),
  ...Object.fromEntries(
    REDUCTIONS.map((
      op,
    ): [string, Compute] => [op, ([x], { dim, keepDim }) => x![op](dim ?? undefined, keepDim)]),
  ),
  var: ([x], { dim, keepDim, correction }) => x!.var(dim ?? undefined, keepDim, correction),
  argmax: ([x], { dim, keepDim }) => x!.argmax(dim ?? undefined, keepDim),
  cumsum: ([x], { dim }) => x!.cumsum(dim),
  gelu: ([x], options) => x!.gelu(options),
  pow: ([x], { exponent }) => x!.pow(exponent),
  clip: ([x], { min, max }) => x!.clip(min ?? -Infinity, max ?? Infinity),
  softmax: ([x], { dim }) => x!.softmax(dim),
  logSoftmax: ([x], { dim }) => x!.logSoftmax(dim),
  linear: ([x, weight, bias]) => linear(x!, weight!, bias),
  reshape: ([x], { shape }) => x!.reshape(shape),
  transpose: ([x], { dims: [a, b] }) => x!.transpose(a, b),
  permute: ([x], { dims }) => x!.permute(...dims),
  slice: ([x], { dim, start, end }) => slice(x!, dim, start, end),
  concat: (inputs, { dim }) => concat(inputs, dim),
  stack: (inputs, { dim }) => stack(inputs, dim),
  gather: ([x, index], { dim }) => x!.gather(dim, index!),
  scatterAdd: ([x, index, source], { dim }) => x!.scatterAdd(dim, index!, source!),
  where: ([condition, a, b]) => where(condition!, a!, b!),
  maskedFill: ([x, mask], { value }) =>
    x!.maskedFill(mask!, value === "-inf" ? -Infinity : Number(value)),
  embedding: ([weight, index]) => embedding(weight!, index!),
  layerNorm: ([x, weight, bias], { eps }) => layerNorm(x!, weight!, bias, eps),
  rmsNorm: ([x, weight], { eps }) => rmsNorm(x!, weight!, eps),
  conv2d: ([x, weight, bias], options) => conv2d(x!, weight!, bias, options),
  maxPool2d: ([x], { kernelSize, ...options }) => maxPool2d(x!, kernelSize, options),
  avgPool2d: ([x], { kernelSize, ...options }) => avgPool2d(x!, kernelSize, options),
};

function slice(x: Tensor, dim: number, start: number, end: number): Tensor {
  const ranges: (readonly [number, number] | null)[] = x.shape.map(() => null);
  ranges[dim < 0 ? dim + x.ndim : dim] = [start, end];
  return x.slice(...ranges);
}
