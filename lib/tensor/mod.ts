/**
 * Tensors with automatic differentiation, on WebAssembly SIMD kernels and threads.
 *
 * @example Fit a line
 * ```ts
 * import { mse, tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = tensor([[0], [1], [2]]), y = tensor([[1], [3], [5]]);
 * const w = tensor([[0]], { requiresGrad: true }), b = tensor([0], { requiresGrad: true });
 * for (let i = 0; i < 200; i++) {
 *   mse(x.matmul(w).add(b), y).backward();
 *   for (const p of [w, b]) {
 *     p.data[0] = p.data[0]! - 0.2 * p.grad!.data[0]!;
 *     p.zeroGrad();
 *   }
 * }
 * assertAlmostEquals(w.item(), 2, 1e-2);
 * ```
 *
 * @module
 */
export { type DType, type NestedNumbers, Tensor } from "./tensor.ts";
export { type BackwardOptions, detectAnomaly, noGrad } from "./autograd.ts";
export { keepResults, letGo } from "./letting_go.ts";
export { type MemoryInfo, memoryInfo, resetPeakMemory } from "./memory.ts";
export type { Shape } from "./shapes.ts";
export {
  arange,
  eye,
  full,
  ones,
  onesLike,
  scope,
  tensor,
  type TensorData,
  type TensorOptions,
  zeros,
  zerosLike,
} from "./creation.ts";
export { Random, type RandomState } from "./random.ts";
export { gradCheck, type GradCheckOptions } from "./gradcheck.ts";
export { type EngineInfo, engineInfo } from "./engine.ts";
export { setThreads } from "./wasm/threads.ts";
export { type GeluOptions, maximum, minimum, type Operand } from "./ops/elementwise.ts";
export type { Dims } from "./ops/reduce.ts";
export { concat, type Range, stack } from "./ops/shape.ts";
export { embedding, where } from "./ops/indexing.ts";
export { linear, type LinearOptions, matmul } from "./ops/matmul.ts";
export { layerNorm, rmsNorm } from "./ops/norm.ts";
export { dropout, type DropoutOptions } from "./ops/dropout.ts";
export {
  avgPool2d,
  conv2d,
  type ConvOptions,
  maxPool2d,
  type Pair,
  type PoolOptions,
} from "./ops/conv.ts";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  type CrossEntropyOptions,
  type LossOptions,
  mse,
  type Reduction,
} from "./ops/losses.ts";
export { type AttentionOptions, scaledDotProductAttention } from "./ops/attention.ts";
export {
  type ByteSource,
  encodeSafetensors,
  SafetensorsError,
  SafetensorsFile,
  type SafetensorsType,
  type StoredData,
  type StoredTensor,
  type TensorToStore,
} from "./safetensors.ts";
export type { SafetensorsEntry } from "./safetensors_header.ts";
export { fromBfloat16, toBfloat16 } from "./half_floats.ts";
