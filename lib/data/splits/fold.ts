import { Random } from "@tunebook/tensor";

/** One way of dividing records in two, as positions in the data set, each list in rising order. */
export interface Fold {
  /** Positions to train on. */
  train: number[];
  /** Positions to evaluate on. */
  test: number[];
}

/** Options of the fold makers that may draw. */
export interface ShuffleOptions {
  /** How many folds. Default: 5. */
  folds?: number;
  /** Whether to draw the folds at random; otherwise they follow the records' order. */
  shuffle?: boolean;
  /** Seed of the draw. Default: 0. */
  seed?: number;
}

/** A label or a group: compared by value, as the keys of a `Map` are. */
export type Key = string | number | boolean;

/** Turns "the fold each record is tested in" into the folds. */
export function foldsFrom(testFold: readonly number[], folds: number): Fold[] {
  return Array.from({ length: folds }, (_, fold) => ({
    train: positions(testFold, (of) => of !== fold),
    test: positions(testFold, (of) => of === fold),
  }));
}

/** The positions at which `keep` holds. */
export function positions<T>(values: readonly T[], keep: (value: T) => boolean): number[] {
  return values.flatMap((value, i) => keep(value) ? [i] : []);
}

/** Numbers the distinct keys: by first appearance, or (`sorted`) by value, as NumPy's `unique`. */
export function numberKeys(
  keys: readonly Key[],
  sorted = false,
): { codes: number[]; distinct: Key[]; counts: number[] } {
  const distinct = [...new Set(keys)];
  if (sorted) distinct.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const codeOf = new Map(distinct.map((key, code) => [key, code]));
  const codes = keys.map((key) => codeOf.get(key)!);
  const counts = new Array<number>(distinct.length).fill(0);
  for (const code of codes) counts[code]!++;
  return { codes, distinct, counts };
}

/** A permutation of 0 … n-1, or those numbers in order when nothing is drawn. */
export function orderOf(n: number, random: Random | undefined): number[] {
  return random ? [...random.permutation(n)] : Array.from({ length: n }, (_, i) => i);
}

/** The generator a fold maker draws from, if it draws. */
export function randomOf(options: ShuffleOptions): Random | undefined {
  if (!options.shuffle && options.seed !== undefined) {
    throw new TypeError(
      "Expected shuffle: true beside a seed but found shuffle off; without shuffling nothing is drawn",
    );
  }
  return options.shuffle ? new Random(options.seed ?? 0) : undefined;
}

/** Checks the number of folds against what there is to divide. */
export function checkFolds(folds: number, available: number, what: string): void {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new RangeError(`Expected folds to be an integer of at least 2 but found ${folds}`);
  }
  if (folds > available) {
    throw new RangeError(
      `Expected at most as many folds as there are ${what} (${available}) but found ${folds}; ` +
        `lower folds or bring more ${what}`,
    );
  }
}

/** Checks that two lists describe the same records. */
export function checkSameLength(a: readonly unknown[], b: readonly unknown[], names: string): void {
  if (a.length !== b.length) {
    throw new RangeError(
      `Expected one entry of each of ${names} a record but found ${a.length} and ${b.length}`,
    );
  }
}
