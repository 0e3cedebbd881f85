import jstat from "jstat";
import { Random } from "@tunebook/tensor";

/** Quantile of Student's t with the given degrees of freedom. */
const studentQuantile: (share: number, freedom: number) => number = jstat.jStat.studentt.inv;

/** A figure and the interval it is known to. */
export interface Interval {
  /** The figure itself. */
  value: number;
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/** How {@linkcode bootstrapInterval} draws. */
export interface BootstrapOptions {
  /** Resamples drawn. Default: 2,000. */
  resamples?: number;
  /** Confidence, 0 to 1. Default: 0.95. */
  confidence?: number;
  /** The group of each record: whole groups are drawn, since records of one group go together. */
  groups?: readonly (string | number)[];
  /** Seed of the draw. Default: 0. */
  seed?: number;
}

/**
 * How far a score would move on another test set of the same size: draw the records again with
 * replacement, many times, and take the middle 95 % of the scores (percentile bootstrap).
 *
 * Source: Efron & Tibshirani 1993, section 13.3.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { bootstrapInterval } from "@tunebook/training";
 *
 * const right = Array.from({ length: 100 }, (_, i) => i < 80 ? 1 : 0);
 * const { value, low, high } = bootstrapInterval(right);
 * assertEquals(value, 0.8);
 * assert(low > 0.68 && low < 0.76 && high > 0.84 && high < 0.92);
 * ```
 *
 * @param records One entry a test record: its score, or what `statistic` makes a score of.
 * @param options Resamples, confidence, groups, seed.
 * @param statistic The score of a list of records. Default: the mean, for records that are numbers.
 * @returns The score of all records and its interval.
 * @throws {RangeError} If there is no record, or `groups` has another length.
 */
export function bootstrapInterval<T = number>(
  records: readonly T[],
  options: BootstrapOptions = {},
  statistic: (sample: readonly T[]) => number = (sample) => mean(sample as readonly number[]),
): Interval {
  const { resamples = 2000, confidence = 0.95, groups, seed = 0 } = options;
  if (records.length === 0) throw new RangeError("Expected at least one record but found none");
  if (groups && groups.length !== records.length) {
    throw new RangeError(
      `Expected a group for each of ${records.length} records but found ${groups.length}`,
    );
  }
  const clusters = groups
    ? [...Map.groupBy(records.keys(), (i) => groups[i]!).values()].map((at) =>
      at.map((i) => records[i]!)
    )
    : records.map((record) => [record]);
  const random = new Random(seed);
  const scores = Array.from({ length: resamples }, () => {
    const sample: T[] = [];
    for (let i = 0; i < clusters.length; i++) {
      sample.push(...clusters[Math.floor(random.next() * clusters.length)]!);
    }
    return statistic(sample);
  }).sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  return {
    value: statistic(records),
    low: quantile(scores, tail),
    high: quantile(scores, 1 - tail),
  };
}

/**
 * The mean of a few runs and its interval by Student's t, for scores over seeds.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { meanInterval } from "@tunebook/training";
 *
 * const { value, low } = meanInterval([0.7, 0.72, 0.74]);
 * assertAlmostEquals(value, 0.72);
 * assertAlmostEquals(low, 0.72 - 4.3027 * 0.02 / Math.sqrt(3), 1e-4);
 * ```
 *
 * @param values One score a run.
 * @param confidence Confidence, 0 to 1. Default: 0.95.
 * @returns The mean and its interval; from one run alone the interval has no end.
 * @throws {RangeError} If there is no value.
 */
export function meanInterval(values: readonly number[], confidence = 0.95): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError("Expected at least one value but found none");
  const value = mean(values);
  if (n === 1) return { value, low: -Infinity, high: Infinity };
  const variance = values.reduce((a, v) => a + (v - value) ** 2, 0) / (n - 1);
  const half = studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - half, high: value + half };
}

/**
 * How much better `a` is than `b` when both ran on the same seeds and splits: the interval of the
 * differences, which is narrower than the two intervals apart since what the runs share cancels.
 *
 * @example
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { pairedDifference } from "@tunebook/training";
 *
 * const { value, low } = pairedDifference([0.71, 0.83, 0.64], [0.66, 0.77, 0.6]);
 * assertAlmostEquals(value, 0.05);
 * assert(low > 0);
 * ```
 *
 * @param a One score a run.
 * @param b One score a run, of the same runs in the same order.
 * @param confidence Confidence, 0 to 1. Default: 0.95.
 * @returns The mean of a − b and its interval.
 * @throws {RangeError} If there is no run, or the lists differ in length.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): Interval {
  if (a.length !== b.length) {
    throw new RangeError(
      `Expected the scores of the same runs but found ${a.length} and ${b.length}`,
    );
  }
  return meanInterval(a.map((value, i) => value - b[i]!), confidence);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Linear interpolation between the closest of sorted values, as NumPy's `quantile`. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!, above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
