/**
 * Gradients of single losses, and a loss that carries a gradient of one's own making.
 *
 * @module
 */
import { full, scope, type Tensor, tensor } from "@tunebook/tensor";
import { record } from "../../../tensor/autograd.ts";

/** A gradient of several parameters: numbers for each, or nothing where it has no effect. */
export type Gradient = (Float32Array | undefined)[];

/**
 * The gradient of a loss. What the parameters have as `grad` isn't touched.
 *
 * @param compute Gives the loss.
 * @param parameters With respect to what.
 * @returns The loss and its gradient, in the order of the parameters.
 */
export function gradientOf(
  compute: () => Tensor,
  parameters: readonly Tensor[],
): { loss: number; gradient: Gradient } {
  const before = parameters.map(({ grad }) => grad);
  for (const parameter of parameters) parameter.grad = null;
  try {
    const loss = scope(() => {
      const value = compute();
      value.backward();
      return value.item();
    });
    return { loss, gradient: parameters.map(({ grad }) => grad?.data.slice() as Float32Array) };
  } finally {
    for (const [i, parameter] of parameters.entries()) {
      parameter.zeroGrad();
      parameter.grad = before[i]!;
    }
  }
}

/** The inner product, over all parameters. */
export function dot(a: Gradient, b: Gradient): number {
  let sum = 0;
  for (const [p, x] of a.entries()) {
    const y = b[p];
    if (x && y) { for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!; }
  }
  return sum;
}

/** `a + factor · b`, in a's place. */
export function addScaled(a: Gradient, b: Gradient, factor: number): void {
  for (const [p, y] of b.entries()) {
    if (y === undefined) continue;
    const x = a[p] ??= new Float32Array(y.length);
    for (let i = 0; i < x.length; i++) x[i]! += factor * y[i]!;
  }
}

/**
 * A number that says of itself that it has the given gradient: `backward()` adds it to the
 * parameters', times whatever the number was multiplied by. So a `Trainer` that knows nothing of
 * several tasks can accumulate, clip and step as always.
 */
export function carry(
  value: number,
  parameters: readonly Tensor[],
  gradient: Gradient,
): Tensor {
  return record("weighting", full([], value), parameters, (dy, gradients) => {
    const factor = dy.item();
    for (const [p, parameter] of parameters.entries()) {
      const own = gradient[p];
      if (own === undefined || !gradients.wants(parameter)) continue;
      gradients.give(
        parameter,
        tensor(own.map((x) => factor * x), { shape: [...parameter.shape] }),
      );
    }
  });
}
