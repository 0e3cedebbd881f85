import {
  checkCount,
  type DecayOptions,
  overRun,
  type Schedule,
  type WarmupOptions,
  withWarmup,
} from "./schedule.ts";

/**
 * The full rate throughout, after the warm-up.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { constantSchedule } from "@tunebook/training";
 *
 * assertEquals([0, 1, 2, 3].map(constantSchedule({ warmupSteps: 2 })), [0, 0.5, 1, 1]);
 * ```
 *
 * @param options The warm-up.
 * @returns The schedule.
 * @throws {RangeError} If `warmupSteps` is no integer of at least 0.
 */
export function constantSchedule(options: WarmupOptions = {}): Schedule {
  return withWarmup(options.warmupSteps ?? 0, () => 1);
}

/**
 * Down to 0 in a straight line: the usual choice for fine-tuning (Devlin et al. 2019, appendix A.2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linearSchedule } from "@tunebook/training";
 *
 * assertEquals([0, 1, 2, 4].map(linearSchedule({ totalSteps: 4 })), [1, 0.75, 0.5, 0]);
 * ```
 *
 * @param options Steps of the run and of the warm-up.
 * @returns The schedule.
 * @throws {RangeError} If the steps are no positive integer, or the warm-up doesn't fit.
 */
export function linearSchedule(options: DecayOptions): Schedule {
  return overRun(options, (share) => 1 - share);
}

/**
 * Down to `floor` along half a cosine: slow at first and at the end (Loshchilov & Hutter 2017,
 * equation 5). The usual choice for pretraining.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { cosineSchedule } from "@tunebook/training";
 *
 * assertAlmostEquals(cosineSchedule({ totalSteps: 10 })(5), 0.5);
 * ```
 *
 * @param options Steps of the run and of the warm-up; `floor`, the last factor. Default: 0.
 * @returns The schedule.
 * @throws {RangeError} If the steps are no positive integer, or the warm-up doesn't fit.
 */
export function cosineSchedule(options: DecayOptions & { floor?: number }): Schedule {
  const { floor = 0 } = options;
  return overRun(options, (share) => floor + (1 - floor) * (1 + Math.cos(Math.PI * share)) / 2);
}

/**
 * The cosine several times over, back at the full rate at the start of each cycle (Loshchilov &
 * Hutter 2017, "warm restarts").
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { cosineWithRestartsSchedule } from "@tunebook/training";
 *
 * assertAlmostEquals(cosineWithRestartsSchedule({ totalSteps: 10, cycles: 2 })(5), 1);
 * ```
 *
 * @param options Steps of the run and of the warm-up; how many `cycles`.
 * @returns The schedule.
 * @throws {RangeError} If the steps or cycles are no positive integer, or the warm-up doesn't fit.
 */
export function cosineWithRestartsSchedule(options: DecayOptions & { cycles: number }): Schedule {
  const { cycles } = options;
  checkCount("cycles", cycles, 1);
  return overRun(
    options,
    (share) => share >= 1 ? 0 : (1 + Math.cos(Math.PI * ((share * cycles) % 1))) / 2,
  );
}

/**
 * Down to `floor` by a power of the share that is left; power 1 is {@linkcode linearSchedule}.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { polynomialSchedule } from "@tunebook/training";
 *
 * assertAlmostEquals(polynomialSchedule({ totalSteps: 4, power: 2 })(2), 0.25);
 * ```
 *
 * @param options Steps of the run and of the warm-up; the `power`; `floor`, the last factor
 *   (default 0).
 * @returns The schedule.
 * @throws {RangeError} If the steps are no positive integer, or the warm-up doesn't fit.
 */
export function polynomialSchedule(
  options: DecayOptions & { power: number; floor?: number },
): Schedule {
  const { power, floor = 0 } = options;
  return overRun(options, (share) => floor + (1 - floor) * (1 - share) ** power);
}

/**
 * Falls as 1/√step, without an end to plan for (Vaswani et al. 2017, section 5.3, scaled to reach
 * 1 when the warm-up ends).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inverseSquareRootSchedule } from "@tunebook/training";
 *
 * assertEquals(inverseSquareRootSchedule({ warmupSteps: 100 })(400), 0.5);
 * ```
 *
 * @param options The warm-up; it also sets how fast the rate falls.
 * @returns The schedule.
 * @throws {RangeError} If `warmupSteps` is no positive integer.
 */
export function inverseSquareRootSchedule(options: { warmupSteps: number }): Schedule {
  const { warmupSteps } = options;
  checkCount("warmupSteps", warmupSteps, 1);
  return withWarmup(warmupSteps, (after) => Math.sqrt(warmupSteps / (after + warmupSteps)));
}

/** What {@linkcode oneCycleSchedule} needs. */
export interface OneCycleOptions {
  /** Steps in the whole run. */
  totalSteps: number;
  /** Share of the run in which the rate rises. Default: 0.3. */
  riseShare?: number;
  /** The first factor is 1 / this. Default: 25. */
  startDivisor?: number;
  /** The last factor is the first / this. Default: 10,000. */
  endDivisor?: number;
}

/**
 * Up to the full rate along half a cosine and down to almost nothing along another (Smith & Topin
 * 2018). It brings its own warm-up.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { oneCycleSchedule } from "@tunebook/training";
 *
 * const schedule = oneCycleSchedule({ totalSteps: 101 });
 * assertAlmostEquals(schedule(0), 1 / 25);
 * assertAlmostEquals(schedule(29.3), 1);
 * ```
 *
 * @param options Steps, and where the rate starts, peaks and ends.
 * @returns The schedule.
 * @throws {RangeError} If `totalSteps` is no integer of at least 2, or `riseShare` isn't in 0 … 1.
 */
export function oneCycleSchedule(options: OneCycleOptions): Schedule {
  const { totalSteps, riseShare = 0.3, startDivisor = 25, endDivisor = 1e4 } = options;
  checkCount("totalSteps", totalSteps, 2);
  if (!(riseShare > 0 && riseShare < 1)) {
    throw new RangeError(`Expected riseShare to be between 0 and 1 but found ${riseShare}`);
  }
  const start = 1 / startDivisor, end = start / endDivisor;
  const peak = riseShare * totalSteps - 1, last = totalSteps - 1;
  const cosine = (from: number, to: number, share: number) =>
    to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  return (step) =>
    step <= peak
      ? cosine(start, 1, step / peak)
      : cosine(1, end, Math.min(1, (step - peak) / (last - peak)));
}
