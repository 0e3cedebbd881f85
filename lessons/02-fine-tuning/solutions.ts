/**
 * One good answer to each exercise of lesson 02; yours may look different and be as good.
 *
 * @module
 */
import type { Parameter, Trial } from "./types.ts";

/** Exercise 1. */
export function countTrained(parameters: readonly Parameter[]): number {
  return parameters.filter(({ requiresGrad }) => requiresGrad)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** Exercise 2. The gradient points uphill, so the step goes against it. */
export function descend(
  weights: readonly number[],
  gradient: readonly number[],
  learningRate: number,
): number[] {
  return weights.map((weight, i) => weight - learningRate * gradient[i]!);
}

/** Exercise 3. */
export function chooseRate(trials: readonly Trial[]): number {
  const whole = trials.filter(({ validationScore }) => !Number.isNaN(validationScore));
  const [best] = whole.toSorted((a, b) =>
    b.validationScore - a.validationScore || a.validationLoss - b.validationLoss
  );
  return best!.learningRate;
}

/** Exercise 4. The gradient of a class's row: for each text its error, times the text's features. */
export function trainHead(
  features: readonly number[][],
  labels: readonly number[],
  weights: readonly number[][],
  learningRate: number,
): { loss: number; weights: number[][] } {
  let loss = 0;
  const gradient = weights.map((row) => row.map(() => 0));
  for (const [i, text] of features.entries()) {
    const scores = weights.map((row) => row.reduce((sum, w, j) => sum + w * text[j]!, 0));
    const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const total = powers.reduce((a, b) => a + b, 0);
    for (const [label, power] of powers.entries()) {
      const isRight = label === labels[i];
      if (isRight) loss -= Math.log(power / total) / features.length;
      const error = (power / total - (isRight ? 1 : 0)) / features.length;
      text.forEach((feature, j) => gradient[label]![j]! += error * feature);
    }
  }
  return { loss, weights: weights.map((row, c) => descend(row, gradient[c]!, learningRate)) };
}
