import { checkFolds, type Fold } from "./fold.ts";

/** Options of {@linkcode timeSeriesSplit}. */
export interface TimeSeriesOptions {
  /** How many folds. Default: 5. */
  folds?: number;
  /** Records left out between training and test, so that neighbours can't leak. Default: 0. */
  gap?: number;
  /** Records in each test part. Default: records / (folds + 1), rounded down. */
  testSize?: number;
  /** Most records to train on, the latest; default: all that came before. */
  maxTrainSize?: number;
}

/**
 * Folds for records in order of time: always train on the past and test on what came next.
 *
 * scikit-learn's `TimeSeriesSplit`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { timeSeriesSplit } from "@tunebook/data";
 *
 * assertEquals(timeSeriesSplit(6, { folds: 2 }), [
 *   { train: [0, 1], test: [2, 3] },
 *   { train: [0, 1, 2, 3], test: [4, 5] },
 * ]);
 * ```
 *
 * @param count How many records there are, the oldest first.
 * @param options Folds, gap, sizes.
 * @returns The folds, the earliest first.
 * @throws {RangeError} If there are too few records for the folds, sizes and gap.
 */
export function timeSeriesSplit(count: number, options: TimeSeriesOptions = {}): Fold[] {
  const { folds = 5, gap = 0, maxTrainSize = Infinity } = options;
  checkFolds(folds, count - 1, "records after the first");
  const testSize = options.testSize ?? Math.floor(count / (folds + 1));
  if (count - gap - testSize * folds <= 0) {
    throw new RangeError(
      `Expected room for ${folds} tests of ${testSize} records, a gap of ${gap} and something to ` +
        `train on but found ${count} records; lower folds, testSize or gap`,
    );
  }
  return Array.from({ length: folds }, (_, fold) => {
    const testStart = count - (folds - fold) * testSize;
    const trainEnd = testStart - gap;
    return {
      train: range(Math.max(0, trainEnd - maxTrainSize), trainEnd),
      test: range(testStart, testStart + testSize),
    };
  });
}

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);
