import type { Module } from "@tunebook/nn";
import { AdamW, linearSchedule, type Schedule } from "@tunebook/training";
import { splitByDecay } from "../freeze/rates.ts";

/** The numbers of {@linkcode fullFineTuning}. */
export interface FullFineTuningOptions {
  /** Steps of the run. */
  totalSteps: number;
  /**
   * The largest rate. 2e-5 to 5e-5 suits published models of 100 M parameters and more; small ones
   * bear ten times as much. The one number to tune.
   *
   * @default {5e-5}
   */
  learningRate?: number;
  /**
   * The share of the steps over which the rate rises.
   *
   * @default {0.1}
   */
  warmup?: number;
  /**
   * The decay of weights; biases and norms have none.
   *
   * @default {0.01}
   */
  weightDecay?: number;
  /**
   * The largest norm of the gradients.
   *
   * @default {1}
   */
  clipNorm?: number;
}

/** Options for a `Trainer`. */
export interface Recipe {
  /** Moves every parameter that trains. */
  optimizer: AdamW;
  /** The rate over the run. */
  schedule: Schedule;
  /** The largest norm of the gradients. */
  clipNorm: number;
}

/**
 * The plain recipe for fine-tuning: everything trains, by AdamW, at a rate that rises over the first
 * tenth of the steps and then falls in a line to zero
 * ([Devlin et al. 2019](https://arxiv.org/abs/1810.04805), appendix A.2). Spread the result into a
 * `Trainer`'s options. What was frozen thaws.
 *
 * @throws {RangeError} If a number makes no sense.
 *
 * @example
 * ```ts
 * import { fullFineTuning } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const { optimizer, schedule } = fullFineTuning(model, { totalSteps: 100 });
 * assertEquals(optimizer.groups.map((group) => group.weightDecay), [0.01, 0]);
 * assertEquals([schedule(5), schedule(10), schedule(100)], [0.5, 1, 0]);
 * ```
 */
export function fullFineTuning(model: Module, options: FullFineTuningOptions): Recipe {
  const { totalSteps, learningRate = 5e-5, warmup = 0.1, weightDecay = 0.01, clipNorm = 1 } =
    options;
  if (!(warmup >= 0 && warmup <= 1)) {
    throw new RangeError(`Expected warmup to be a share from 0 to 1 but found ${warmup}`);
  }
  const schedule = linearSchedule({ totalSteps, warmupSteps: Math.round(warmup * totalSteps) });
  model.setRequiresGrad(true);
  const groups = splitByDecay(model.parameters(), weightDecay);
  return { optimizer: new AdamW(groups, { learningRate }), schedule, clipNorm };
}
