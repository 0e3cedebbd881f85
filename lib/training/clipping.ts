import { scope, type Tensor } from "@tunebook/tensor";
import { scaleInPlace } from "../tensor/kernels.ts";

/** How {@linkcode clipGradNorm} treats gradients that aren't numbers. */
export interface ClipOptions {
  /**
   * Whether a norm of NaN or infinity is an error.
   *
   * @default {false}
   */
  errorIfNonFinite?: boolean;
}

/**
 * Scales all gradients down together so that their norm, taken as one long vector, is at most
 * `maxNorm` ([Pascanu et al. 2013](https://arxiv.org/abs/1211.5063)). Call it between `backward()`
 * and `step()`. Agrees with PyTorch's `clip_grad_norm_`.
 *
 * @param parameters Those without a gradient are passed over.
 * @returns The norm before.
 * @throws {RangeError} If `maxNorm` isn't a number of at least 0, or the norm isn't finite and
 * `errorIfNonFinite` is set.
 *
 * @example
 * ```ts
 * import { clipGradNorm } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const w = tensor([3, 4], { requiresGrad: true });
 * w.mul(w).sum().backward(); // gradient [6, 8], norm 10
 * assertAlmostEquals(clipGradNorm([w], 1), 10, 1e-5);
 * assertAlmostEquals(w.grad!.norm().item(), 1, 1e-5);
 * ```
 */
export function clipGradNorm(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  { errorIfNonFinite = false }: ClipOptions = {},
): number {
  if (!(maxNorm >= 0)) {
    throw new RangeError(`Expected maxNorm to be a number of at least 0 but found ${maxNorm}`);
  }
  const gradients = [...parameters].flatMap(({ grad }) => grad === null ? [] : [grad]);
  const norm = scope(() => Math.hypot(...gradients.map((gradient) => gradient.norm().item())));
  if (errorIfNonFinite && !Number.isFinite(norm)) {
    throw new RangeError(`The norm of the gradients is ${norm}: the loss has diverged`);
  }
  const scale = maxNorm / (norm + 1e-6);
  if (!(scale >= 1)) { for (const gradient of gradients) scaleInPlace(gradient, scale); }
  return norm;
}
