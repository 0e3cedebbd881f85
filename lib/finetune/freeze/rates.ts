import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { depthStages } from "./stages.ts";

/** How {@linkcode layerwiseRates} spreads the rates. */
export interface LayerwiseRateOptions {
  /** The rate at the output. */
  learningRate: number;
  /**
   * By how much the rate is multiplied from one place to the one below it: 1 makes all equal,
   * ULMFiT's 1 / 2.6 is steep.
   */
  decay: number;
  /** The decay of weights; biases and norms (one axis) have none. Nothing is set unless given. */
  weightDecay?: number;
}

/** A group for an optimizer: the parameters of one depth. */
export interface LayerwiseGroup {
  /** `head`, the path of a block, or `embeddings`: what the optimizer's state and plots call it. */
  name: string;
  /** What it holds. */
  parameters: Tensor[];
  /** `learningRate * decay ** steps`, where the head is 0 steps from the output. */
  learningRate: number;
  /** Present if it was given. */
  weightDecay?: number;
}

/**
 * Discriminative learning rates: the nearer to the input, the smaller the step, since what lies
 * there is more general ([Howard & Ruder 2018](https://arxiv.org/abs/1801.06146), section 3.2). Give
 * the groups to an optimizer in place of parameters; it passes over what is frozen.
 *
 * @throws {RangeError} If a rate isn't positive or the decay isn't in (0, 1].
 * @throws {SelectionError} If the model doesn't know its parts.
 *
 * @example
 * ```ts
 * import { layerwiseRates } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { AdamW } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const groups = layerwiseRates(model, { learningRate: 1e-3, decay: 0.5 });
 * assertEquals(groups.map(({ name }) => name), ["head", "h.1", "h.0", "embeddings"]);
 * const rates = new AdamW(groups).groups.map((group) => group.learningRate);
 * assertEquals(rates, [1e-3, 5e-4, 2.5e-4, 1.25e-4]);
 * ```
 */
export function layerwiseRates(model: Module, options: LayerwiseRateOptions): LayerwiseGroup[] {
  const { learningRate, decay, weightDecay } = options;
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(`Expected learningRate to be above 0 but found ${learningRate}`);
  }
  if (!(decay > 0 && decay <= 1)) {
    throw new RangeError(`Expected decay to be above 0 and at most 1 but found ${decay}`);
  }
  return depthStages(model).flatMap(({ name, parameters }, steps) => {
    const rate = learningRate * decay ** steps;
    if (weightDecay === undefined) {
      return [{ name, parameters: [...parameters], learningRate: rate }];
    }
    return splitByDecay(parameters, weightDecay)
      .map((group) => ({ name, ...group, learningRate: rate }));
  });
}

/** Weights, which decay, apart from biases and norms, which don't; without empty groups. */
export function splitByDecay(
  parameters: readonly Tensor[],
  weightDecay: number,
): { parameters: Tensor[]; weightDecay: number }[] {
  return [
    { parameters: parameters.filter((one) => one.ndim > 1), weightDecay },
    { parameters: parameters.filter((one) => one.ndim <= 1), weightDecay: 0 },
  ].filter((group) => group.parameters.length > 0);
}
