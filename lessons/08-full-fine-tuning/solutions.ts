/**
 * One good answer to each exercise of lesson 08; yours may look different and be as good.
 *
 * @module
 */
import type { AdamWSettings, AdamWState, NamedParameter, Plan, Situation } from "./types.ts";

/** Exercise 1. Every parameter is a weight; a trained one needs three numbers more. */
export function bytesToTrain(parameters: number, trained: number): number {
  return 4 * parameters + 3 * 4 * trained;
}

/** Exercise 2. */
export function adamWStep(
  state: AdamWState,
  gradient: readonly number[],
  step: number,
  { learningRate, betas: [beta1, beta2], eps, weightDecay }: AdamWSettings,
): AdamWState {
  const mean = state.mean.map((m, i) => beta1 * m + (1 - beta1) * gradient[i]!);
  const square = state.square.map((v, i) => beta2 * v + (1 - beta2) * gradient[i]! ** 2);
  const weights = state.weights.map((w, i) => {
    // After one step m is only 0.1 g: dividing by 1 - 0.9 makes it g again.
    const m = mean[i]! / (1 - beta1 ** step);
    const v = square[i]! / (1 - beta2 ** step);
    return w - learningRate * weightDecay * w - learningRate * m / (Math.sqrt(v) + eps);
  });
  return { weights, mean, square };
}

/** Exercise 3. A norm's weight is called "weight" too: its one axis gives it away. */
export function decayGroups(
  parameters: readonly NamedParameter[],
): { decay: string[]; noDecay: string[] } {
  const training = parameters.filter(({ trains }) => trains);
  return {
    decay: training.filter(({ shape }) => shape.length > 1).map(({ name }) => name),
    noDecay: training.filter(({ shape }) => shape.length <= 1).map(({ name }) => name),
  };
}

/** Exercise 4. Two codes fit in a byte. */
export function nf4Bytes(numbers: number, blockSize: number): number {
  return numbers / 2 + 4 * numbers / blockSize;
}

/** Exercise 5. The plans from the one that may change most to the one that fits most. */
export function choosePlan({ memory, activations, parameters, added }: Situation): Plan {
  const plans: [Plan, number][] = [
    ["full", 16 * parameters],
    ["lora", 2 * parameters + 16 * added],
    ["qlora", 0.5625 * parameters + 16 * added],
  ];
  return plans.find(([, bytes]) => bytes + activations <= memory)?.[0] ?? "none";
}
