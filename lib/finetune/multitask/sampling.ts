/**
 * Which share of the batches each task gets.
 *
 * @module
 */

/**
 * How often tasks are drawn.
 *
 * @param examples How many examples each task has.
 * @param epoch The epoch's number, from 0.
 * @returns A weight for each task; their sum need not be 1.
 */
export type Sampling = (examples: readonly number[], epoch: number) => number[];

/** The limit of {@linkcode proportionalSampling}. */
export interface ProportionalOptions {
  /**
   * A task with more examples counts as one with so many: otherwise a very large one would leave no
   * room for the others. Default: none.
   */
  limit?: number;
}

/**
 * Each task as often as it has examples, `r = min(e, K) / Σ min(e, K)`
 * ([Raffel et al. 2020](https://arxiv.org/abs/1910.10683), section 3.5.2, "examples-proportional").
 *
 * @throws {RangeError} If the limit isn't above 0.
 */
export function proportionalSampling({ limit = Infinity }: ProportionalOptions = {}): Sampling {
  checkPositive("limit", limit);
  return (examples) => examples.map((count) => Math.min(count, limit));
}

/** Each task equally often: small ones are repeated, large ones not seen whole. */
export function equalSampling(): Sampling {
  return (examples) => examples.map(() => 1);
}

/** The numbers of {@linkcode temperatureSampling}. */
export interface TemperatureOptions extends ProportionalOptions {
  /** 1 is proportional; the higher, the nearer to equal. */
  temperature: number;
}

/**
 * Between proportional and equal: the proportional shares to the power 1/T
 * ([Raffel et al. 2020](https://arxiv.org/abs/1910.10683), section 3.5.2).
 *
 * @throws {RangeError} If the limit or the temperature isn't above 0.
 *
 * @example
 * ```ts
 * import { temperatureSampling } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(temperatureSampling({ temperature: 2 })([900, 100], 0), [30, 10]); // 3 : 1, not 9 : 1
 * ```
 */
export function temperatureSampling(
  { temperature, limit = Infinity }: TemperatureOptions,
): Sampling {
  checkPositive("temperature", temperature);
  checkPositive("limit", limit);
  return (examples) => examples.map((count) => Math.min(count, limit) ** (1 / temperature));
}

/** The numbers of {@linkcode annealedSampling}. */
export interface AnnealedOptions {
  /** Epochs of the run. */
  epochs: number;
}

/**
 * From proportional in the first epoch towards equal in the last: `p ∝ e^α` with
 * `α = 1 − 0.8 (epoch − 1) / (epochs − 1)`, epochs counted from 1
 * ([Stickland & Murray 2019](https://arxiv.org/abs/1902.02671), "Sampling Tasks"). Late in training small
 * tasks aren't drowned by large ones any more.
 *
 * @throws {RangeError} If `epochs` isn't a whole number above 0.
 */
export function annealedSampling({ epochs }: AnnealedOptions): Sampling {
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(`Expected epochs to be a whole number above 0 but found ${epochs}`);
  }
  return (examples, epoch) => {
    const passed = epochs === 1 ? 0 : Math.min(epoch, epochs - 1) / (epochs - 1);
    const alpha = 1 - 0.8 * passed;
    return examples.map((count) => count ** alpha);
  };
}

function checkPositive(name: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`Expected ${name} to be above 0 but found ${value}`);
}
