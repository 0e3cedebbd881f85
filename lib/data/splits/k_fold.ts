import {
  checkFolds,
  type Fold,
  foldsFrom,
  type Key,
  numberKeys,
  orderOf,
  randomOf,
  type ShuffleOptions,
} from "./fold.ts";

/**
 * Divides records into k folds of (nearly) equal size; each is the test part once.
 *
 * scikit-learn's `KFold`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kFold } from "@tunebook/data";
 *
 * assertEquals(kFold(5, { folds: 2 }).map((fold) => fold.test), [[0, 1, 2], [3, 4]]);
 * ```
 *
 * @param count How many records there are.
 * @param options Folds (default 5), shuffling and its seed.
 * @returns The folds.
 * @throws {RangeError} If there are fewer than 2 folds, or more than records.
 */
export function kFold(count: number, options: ShuffleOptions = {}): Fold[] {
  const { folds = 5 } = options;
  checkFolds(folds, count, "records");
  const order = orderOf(count, randomOf(options));
  const testFold = new Array<number>(count);
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(count / folds) + (fold < count % folds ? 1 : 0);
    for (let i = start; i < start + size; i++) testFold[order[i]!] = fold;
    start += size;
  }
  return foldsFrom(testFold, folds);
}

/**
 * Divides records into k folds that each hold (nearly) the same share of every class.
 *
 * scikit-learn's `StratifiedKFold`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stratifiedKFold } from "@tunebook/data";
 *
 * const folds = stratifiedKFold(["ham", "ham", "ham", "ham", "spam", "spam"], { folds: 2 });
 * assertEquals(folds.map((fold) => fold.test), [[0, 1, 4], [2, 3, 5]]);
 * ```
 *
 * @param labels The class of each record.
 * @param options Folds (default 5), shuffling and its seed.
 * @returns The folds.
 * @throws {RangeError} If there are fewer than 2 folds, or more than the largest class has records.
 */
export function stratifiedKFold(labels: readonly Key[], options: ShuffleOptions = {}): Fold[] {
  const { folds = 5 } = options;
  const { codes, counts } = numberKeys(labels);
  checkFolds(folds, Math.max(0, ...counts), "records of the largest class");
  const random = randomOf(options);

  // Deal the sorted labels out like cards: that settles how many of each class a fold gets, and
  // keeps the folds' sizes within one of each other.
  const sorted = [...codes].sort((a, b) => a - b);
  const share = counts.map(() => new Array<number>(folds).fill(0));
  sorted.forEach((code, i) => share[code]![i % folds]!++);

  const foldsOfClass = share.map((perFold) => {
    const list = perFold.flatMap((count, fold) => new Array<number>(count).fill(fold));
    return orderOf(list.length, random).map((i) => list[i]!);
  });
  const used = counts.map(() => 0);
  return foldsFrom(codes.map((code) => foldsOfClass[code]![used[code]!++]!), folds);
}

/**
 * Folds the records say themselves: one fold for each number, those marked -1 always train.
 *
 * scikit-learn's `PredefinedSplit`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { predefinedSplit } from "@tunebook/data";
 *
 * assertEquals(predefinedSplit([0, 1, -1, 0]), [
 *   { train: [1, 2], test: [0, 3] },
 *   { train: [0, 2, 3], test: [1] },
 * ]);
 * ```
 *
 * @param testFold The fold each record is tested in, or -1.
 * @returns The folds, by rising number.
 * @throws {RangeError} If a fold is no integer of at least -1, or no record is ever tested.
 */
export function predefinedSplit(testFold: readonly number[]): Fold[] {
  const bad = testFold.findIndex((fold) => !Number.isInteger(fold) || fold < -1);
  if (bad >= 0) {
    throw new RangeError(
      `Expected each record's fold to be an integer of at least -1 but found ${testFold[bad]} ` +
        `at record ${bad}`,
    );
  }
  const { codes, distinct } = numberKeys(testFold, true);
  const all = foldsFrom(codes, distinct.length);
  const folds = distinct[0] === -1 ? all.slice(1) : all;
  if (folds.length === 0) {
    throw new RangeError("Expected at least one record to be tested but found every fold to be -1");
  }
  return folds;
}

/**
 * Repeats a shuffled way of folding with another draw each time.
 *
 * scikit-learn's `RepeatedKFold` and `RepeatedStratifiedKFold`, for every way of folding.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kFold, repeated } from "@tunebook/data";
 *
 * const folds = repeated(3, (seed) => kFold(10, { folds: 5, shuffle: true, seed }));
 * assertEquals(folds.length, 15);
 * ```
 *
 * @param repeats How often.
 * @param makeFolds Makes the folds of one repeat from its seed.
 * @param seed Seed of the first repeat; the others count up from it. Default: 0.
 * @returns All folds, repeat after repeat.
 * @throws {RangeError} If `repeats` is no positive integer.
 */
export function repeated(repeats: number, makeFolds: (seed: number) => Fold[], seed = 0): Fold[] {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`Expected repeats to be an integer above 0 but found ${repeats}`);
  }
  return Array.from({ length: repeats }, (_, i) => makeFolds(seed + i)).flat();
}
