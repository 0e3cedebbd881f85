/**
 * Comparing gradients with finite differences.
 *
 * @module
 */
import { noGrad } from "./autograd.ts";
import { scope } from "./creation.ts";
import { format } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/** Options of {@linkcode gradCheck}. */
export interface GradCheckOptions {
  /** Step of the difference. Floats have 7 digits, so it can't be small; 1e-2 unless given. */
  eps?: number;
  /** Largest difference allowed, relative to the larger of 1 and the gradients; 1e-2 unless given. */
  tolerance?: number;
}

/**
 * Checks the gradients of `fn` by moving each element of each input a little both ways.
 *
 * @param fn A function of tensors; its result is weighted and summed to one number.
 * @param inputs Tensors with `requiresGrad`.
 * @throws {Error} If a gradient is wrong, naming the element.
 * @example
 * ```ts
 * import { gradCheck, tensor } from "@tunebook/tensor";
 *
 * gradCheck((x) => x.tanh(), [tensor([0.5, -1], { requiresGrad: true })]);
 * ```
 */
export function gradCheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
  options: GradCheckOptions = {},
): void {
  const { eps = 1e-2, tolerance = 1e-2 } = options;
  // Different weights for the elements of the result, so that errors can't cancel.
  const weigh = (y: Tensor): number => {
    let s = 0;
    y.data.forEach((v, i) => s += v * Math.cos(i + 1));
    return s;
  };
  const y = fn(...inputs), weights = noGrad(() => y.mul(0));
  weights.data.forEach((_, i) => weights.data[i] = Math.cos(i + 1));
  inputs.forEach((t) => t.zeroGrad());
  y.backward({ gradient: weights });
  weights.dispose();
  inputs.forEach((t, which) => {
    const got = t.grad?.data, data = t.data;
    for (let i = 0; i < t.size; i++) {
      const before = data[i]!;
      const at = (x: number) => {
        data[i] = x;
        return scope(() => weigh(noGrad(() => fn(...inputs))));
      };
      const want = (at(before + eps) - at(before - eps)) / (2 * eps), found = got?.[i] ?? 0;
      data[i] = before;
      const allowed = tolerance * Math.max(1, Math.abs(want), Math.abs(found));
      if (!(Math.abs(want - found) <= allowed)) {
        throw new Error(
          `gradCheck: input ${which} of shape ${
            format(t.shape)
          }, element ${i}: gradient ${found}, ` +
            `but finite differences give ${want}`,
        );
      }
    }
  });
}
