import {
  checkFolds,
  checkSameLength,
  type Fold,
  foldsFrom,
  type Key,
  numberKeys,
  orderOf,
  randomOf,
  type ShuffleOptions,
} from "./fold.ts";

/**
 * Divides records into k folds such that no group (an author, a thread, a patient) is in two.
 *
 * The largest group goes to the fold with the fewest records so far, then the next; shuffled, the
 * groups are dealt out in random order. scikit-learn's `GroupKFold`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { groupKFold } from "@tunebook/data";
 *
 * const folds = groupKFold(["ann", "bob", "ann", "cid"], { folds: 2 });
 * assertEquals(folds.map((fold) => fold.test), [[0, 2], [1, 3]]);
 * ```
 *
 * @param groups The group of each record.
 * @param options Folds (default 5), shuffling and its seed.
 * @returns The folds.
 * @throws {RangeError} If there are fewer than 2 folds, or more than groups.
 */
export function groupKFold(groups: readonly Key[], options: ShuffleOptions = {}): Fold[] {
  const { folds = 5 } = options;
  const { codes, counts } = numberKeys(groups, true);
  checkFolds(folds, counts.length, "groups");
  const random = randomOf(options);
  const foldOf = new Array<number>(counts.length);
  if (random) {
    orderOf(counts.length, random).forEach((group, i) => foldOf[group] = i % folds);
  } else {
    const load = new Array<number>(folds).fill(0);
    const largestFirst = orderOf(counts.length, undefined).sort((a, b) =>
      counts[b]! - counts[a]! || b - a
    );
    for (const group of largestFirst) {
      const lightest = load.indexOf(Math.min(...load));
      foldOf[group] = lightest;
      load[lightest]! += counts[group]!;
    }
  }
  return foldsFrom(codes.map((group) => foldOf[group]!), folds);
}

/**
 * Divides records into k folds such that no group is in two and each fold holds about the same
 * share of every class, as far as the groups allow.
 *
 * Groups go one by one, the most uneven first, to the fold where the classes' shares then differ
 * least between folds. scikit-learn's `StratifiedGroupKFold`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stratifiedGroupKFold } from "@tunebook/data";
 *
 * const labels = ["ham", "spam", "ham", "spam"];
 * const folds = stratifiedGroupKFold(labels, ["ann", "ann", "bob", "bob"], { folds: 2 });
 * assertEquals(folds.map((fold) => fold.test), [[0, 1], [2, 3]]);
 * ```
 *
 * @param labels The class of each record.
 * @param groups The group of each record.
 * @param options Folds (default 5), shuffling and its seed.
 * @returns The folds.
 * @throws {RangeError} If the lists differ in length, or there are fewer than 2 folds, more than
 *   groups, or more than the largest class has records.
 */
export function stratifiedGroupKFold(
  labels: readonly Key[],
  groups: readonly Key[],
  options: ShuffleOptions = {},
): Fold[] {
  const { folds = 5 } = options;
  checkSameLength(labels, groups, "labels and groups");
  const classes = numberKeys(labels, true);
  const { codes, counts } = numberKeys(groups, true);
  checkFolds(folds, counts.length, "groups");
  checkFolds(folds, Math.max(0, ...classes.counts), "records of the largest class");
  const foldOf = placeGroups({
    perGroup: countTable(codes, counts.length, classes.codes, classes.counts.length),
    perClass: classes.counts,
    shares: new Array<number>(folds).fill(1 / folds),
    order: orderOf(counts.length, randomOf(options)),
  });
  return foldsFrom(codes.map((group) => foldOf[group]!), folds);
}

/** How many records of each class each group has: `[group][class]`. */
export function countTable(
  groups: readonly number[],
  groupCount: number,
  classes: readonly number[],
  classCount: number,
): number[][] {
  const table = Array.from({ length: groupCount }, () => new Array<number>(classCount).fill(0));
  groups.forEach((group, i) => table[group]![classes[i]!]!++);
  return table;
}

/** What {@linkcode placeGroups} goes by. */
export interface Placement {
  /** Records of each class in each group, `[group][class]`. */
  perGroup: number[][];
  /** Records of each class. */
  perClass: number[];
  /** The share of all records each part should get. */
  shares: number[];
  /** The order in which groups of equal unevenness come. */
  order: number[];
}

/** Chooses a part for each group so that every class is spread as `shares` asks. */
export function placeGroups({ perGroup, perClass, shares, order }: Placement): number[] {
  const parts = shares.map(() => perClass.map(() => 0));
  const partOf = new Array<number>(perGroup.length);
  const unevenFirst = [...order].sort((a, b) => deviation(perGroup[b]!) - deviation(perGroup[a]!));
  for (const group of unevenFirst) {
    const counts = perGroup[group]!;
    let best = 0, bestScore = Infinity, bestSize = Infinity;
    parts.forEach((part, i) => {
      addTo(part, counts, 1);
      const perClassSpread = perClass.map((total, c) =>
        deviation(parts.map((other, j) => other[c]! / (total * shares[j]! * shares.length)))
      );
      addTo(part, counts, -1);
      const score = mean(perClassSpread);
      const size = sum(part) / shares[i]!;
      if (score < bestScore || (isClose(score, bestScore) && size < bestSize)) {
        best = i, bestScore = score, bestSize = size;
      }
    });
    addTo(parts[best]!, counts, 1);
    partOf[group] = best;
  }
  return partOf;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);

function addTo(target: number[], amounts: readonly number[], sign: 1 | -1): void {
  amounts.forEach((amount, i) => target[i]! += sign * amount);
}

/** Standard deviation of the whole population. */
function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}
