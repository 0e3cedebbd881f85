import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";

/** The rates of {@linkcode loraPlusGroups}. */
export interface LoraPlusOptions {
  /** The rate of A, and of modules that train as a whole. */
  learningRate: number;
  /**
   * How many times larger the rate of B is, and of biases and norms.
   *
   * @default {16}
   */
  ratio?: number;
  /**
   * The decay of weights; biases and norms have none.
   *
   * @default {0}
   */
  weightDecay?: number;
}

/** A group for an optimizer. */
export interface LoraPlusGroup {
  /** What it holds. */
  parameters: Tensor[];
  /** How far a step goes. */
  learningRate: number;
  /** How strongly they are pulled towards zero. */
  weightDecay: number;
}

/**
 * The rates of LoRA+: B begins at zero and has to grow, so it learns faster than A
 * ([Hayou et al. 2024](https://arxiv.org/abs/2402.12354)). Give the groups to an optimizer in place of
 * parameters.
 *
 * @param peft A model with LoRA at work.
 * @throws {PeftError} If no LoRA trains in it.
 *
 * @example
 * ```ts
 * import { applyPeft, lora, loraPlusGroups } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { AdamW } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2 });
 * const peft = applyPeft(model, lora({ rank: 2 }));
 * const optimizer = new AdamW(loraPlusGroups(peft, { learningRate: 1e-4, ratio: 10 }));
 * assertEquals(optimizer.groups.map((group) => group.learningRate), [1e-4, 1e-3]);
 * ```
 */
export function loraPlusGroups(
  peft: Module,
  { learningRate, ratio = 16, weightDecay = 0 }: LoraPlusOptions,
): LoraPlusGroup[] {
  if (!(ratio > 0 && ratio < Infinity)) {
    throw new PeftError(`Expected ratio to be a number above 0 but found ${ratio}`);
  }
  const trained = [...peft.namedParameters()].filter(([, tensor]) => tensor.requiresGrad);
  const isB = (name: string) => /(^|\.)lora_B\./.test(name);
  if (!trained.some(([name]) => isB(name))) {
    throw new PeftError("Expected a model in which LoRA trains but found no lora_B that does");
  }
  const group = (
    keep: (name: string, tensor: Tensor) => boolean,
    learningRate: number,
    weightDecay: number,
  ): LoraPlusGroup => ({
    parameters: trained.filter(([name, tensor]) => keep(name, tensor)).map(([, tensor]) => tensor),
    learningRate,
    weightDecay,
  });
  const fast = learningRate * ratio;
  return [
    group((name, { ndim }) => !isB(name) && ndim > 1, learningRate, weightDecay),
    group((name, { ndim }) => isB(name) && ndim > 1, fast, weightDecay),
    group((_, { ndim }) => ndim === 1, fast, 0),
  ].filter(({ parameters }) => parameters.length > 0);
}
