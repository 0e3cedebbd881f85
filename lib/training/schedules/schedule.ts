/**
 * A learning-rate schedule: the factor by which an optimizer's learning rate is multiplied at a
 * step, counted from 0. Most go from 1 down to 0.
 */
export type Schedule = (step: number) => number;

/** What every schedule may begin with. */
export interface WarmupOptions {
  /**
   * Steps over which the rate first rises in a straight line from 0 to its full value, while the
   * optimizer's running averages are still poor. Default: 0.
   */
  warmupSteps?: number;
}

/** What a schedule with an end needs. */
export interface DecayOptions extends WarmupOptions {
  /** Steps in the whole run, the warm-up included. */
  totalSteps: number;
}

/**
 * Puts a warm-up in front of a schedule.
 *
 * @param warmupSteps Steps of the warm-up.
 * @param after The factor after it, given the steps since it ended.
 * @returns The whole schedule.
 * @throws {RangeError} If `warmupSteps` is no integer of at least 0.
 */
export function withWarmup(warmupSteps: number, after: Schedule): Schedule {
  checkCount("warmupSteps", warmupSteps, 0);
  return (step) => step < warmupSteps ? step / warmupSteps : after(step - warmupSteps);
}

/**
 * A schedule over the share of the run that is done, after a warm-up; it stays at its end after
 * `totalSteps`.
 *
 * @param options Steps of the run and of the warm-up.
 * @param shape The factor at a share from 0 to 1.
 * @returns The schedule.
 * @throws {RangeError} If the steps are no positive integer, or the warm-up doesn't fit.
 */
export function overRun(options: DecayOptions, shape: (share: number) => number): Schedule {
  const { totalSteps, warmupSteps = 0 } = options;
  checkCount("totalSteps", totalSteps, 1);
  if (warmupSteps > totalSteps) {
    throw new RangeError(
      `Expected a warm-up of at most totalSteps (${totalSteps}) but found ${warmupSteps}`,
    );
  }
  const length = Math.max(1, totalSteps - warmupSteps);
  return withWarmup(warmupSteps, (step) => shape(Math.min(1, step / length)));
}

/** Checks that an option is an integer of at least `least`. */
export function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(
      `Expected ${name} to be an integer of at least ${least} but found ${value}`,
    );
  }
}
