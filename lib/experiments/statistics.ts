import { type Interval, meanInterval, pairedDifference } from "@tunebook/training";
import type { FitResult } from "./fit/options.ts";

/** What of a run is compared. */
export type Figure<Run> = (run: Run) => number;

/** What two lists of runs are paired by. */
export type Seeded = Pick<FitResult, "seed">;

/**
 * A run's test score, or another of its test measures.
 *
 * @throws {TypeError} If the run wasn't measured on the test part, or not so.
 */
export function testScore(run: Pick<FitResult, "test">, name = "score"): number {
  const score = run.test?.[name];
  if (score !== undefined) return score;
  throw new TypeError(
    `Expected a run with a test ${name} but found ` +
      (run.test ? `only ${Object.keys(run.test).join(", ")}` : "one that never saw the test part"),
  );
}

/**
 * The mean over runs with its 95 % interval.
 *
 * @param runs One a seed.
 * @param of What of a run. Default: the test score.
 * @throws {RangeError} If there is no run.
 */
export function meanOver<Run = FitResult>(
  runs: readonly Run[],
  of: Figure<Run> = testScore as Figure<Run>,
): Interval {
  return meanInterval(runs.map((run) => of(run)));
}

/**
 * How much better one way is than another, over the seeds that both ran with: the mean difference
 * with its 95 % interval. What the runs of a seed share, such as the examples drawn, cancels.
 *
 * @param runs The runs of one way.
 * @param others The runs of the other, with the same seeds in any order.
 * @param of What of a run. Default: the test score.
 * @throws {RangeError} If the seeds differ.
 *
 * @example
 * ```ts
 * import { differenceOver } from "@tunebook/experiments";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const tuned = [{ seed: 0, score: 0.8 }, { seed: 1, score: 0.7 }];
 * const random = [{ seed: 1, score: 0.6 }, { seed: 0, score: 0.7 }];
 * const { value, low, high } = differenceOver(tuned, random, ({ score }) => score);
 * assertAlmostEquals(value, 0.1);
 * assert(low > 0.099 && high < 0.101);
 * ```
 */
export function differenceOver<Run extends Seeded = FitResult>(
  runs: readonly Run[],
  others: readonly Run[],
  of: Figure<Run> = testScore as Figure<never> as Figure<Run>,
): Interval {
  const bySeed = new Map(others.map((run) => [run.seed, run]));
  const pairs = runs.map((run) => [run, bySeed.get(run.seed)] as const);
  if (runs.length !== others.length || pairs.some(([, other]) => other === undefined)) {
    const seeds = (list: readonly Run[]) => list.map(({ seed }) => seed).join(", ");
    throw new RangeError(
      `Expected runs with the same seeds but found ${seeds(runs)} and ${seeds(others)}`,
    );
  }
  return pairedDifference(pairs.map(([run]) => of(run)), pairs.map(([, other]) => of(other!)));
}
