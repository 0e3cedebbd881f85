/**
 * One good answer to each exercise of lesson 11; yours may look different and be as good.
 *
 * @module
 */

import type { Tensor } from "@tunebook/tensor";

/** Exercise 1. One over the loss, scaled. */
export function weightsFromLosses(losses: readonly number[]): number[] {
  const inverse = losses.map((loss) => 1 / loss);
  const total = sumOf(inverse);
  return inverse.map((one) => losses.length * one / total);
}

/** Exercise 2. */
export function temperatureShares(examples: readonly number[], temperature: number): number[] {
  const weights = examples.map((count) => count ** (1 / temperature));
  const total = sumOf(weights);
  return weights.map((weight) => weight / total);
}

/** Exercise 3. Everything stays a tensor, so that `backward()` finds its way to s. */
export function uncertaintyLoss(losses: readonly Tensor[], logVariances: Tensor): Tensor {
  return losses
    .map((loss, i) => {
      const s = logVariances.select(0, i);
      return loss.mul(s.neg().exp()).add(s.mul(0.5));
    })
    .reduce((sum, one) => sum.add(one));
}

/** Exercise 4. */
export function withoutConflict(gradient: readonly number[], other: readonly number[]): number[] {
  const product = dot(gradient, other);
  if (product >= 0) return [...gradient];
  const factor = product / dot(other, other);
  return gradient.map((x, i) => x - factor * other[i]!);
}

/** Exercise 5. */
export function shareOfStep(gradients: readonly (readonly number[])[]): number[] {
  const sum = gradients[0]!.map((_, i) => sumOf(gradients.map((gradient) => gradient[i]!)));
  return gradients.map((gradient) => dot(gradient, sum) / dot(sum, sum));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sumOf(a.map((x, i) => x * b[i]!));
}
