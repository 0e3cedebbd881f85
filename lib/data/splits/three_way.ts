import { Random } from "@tunebook/tensor";
import { checkSameLength, type Key, numberKeys, orderOf, positions } from "./fold.ts";
import { countTable, placeGroups } from "./group_k_fold.ts";

/** The three parts of a data set, as positions, each list in rising order. */
export interface ThreeWaySplit {
  /** Positions to train on. */
  train: number[];
  /** Positions to choose by: hyper-parameters, early stopping. */
  validation: number[];
  /** Positions used once, at the end. */
  test: number[];
}

/** How {@linkcode splitThreeWays} divides. */
export interface SplitOptions {
  /** Share of the records for validation, 0 to 1. Default: 0.1. */
  validation?: number;
  /** Share of the records for the test, 0 to 1. Default: 0.1. */
  test?: number;
  /** The class of each record: every part gets the same share of each class. */
  stratify?: readonly Key[];
  /** The group of each record: no group is in two parts. */
  groups?: readonly Key[];
  /** The time of each record: train on the oldest, test on the newest. Equal times stay together. */
  time?: readonly (number | Date)[];
  /** Seed of the draw (no draw by time). Default: 0. */
  seed?: number;
}

/**
 * Divides records into training, validation and test parts, by default 80/10/10 at random.
 *
 * With `stratify` each class is divided by the same shares; with `groups` whole groups are placed;
 * with both, whole groups are placed so that classes stay as even as the groups allow; with `time`
 * the order of time decides.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitThreeWays } from "@tunebook/data";
 *
 * const { train, validation, test } = splitThreeWays(100, { seed: 1 });
 * assertEquals([train.length, validation.length, test.length], [80, 10, 10]);
 * ```
 *
 * @param count How many records there are.
 * @param options Shares, and what to divide by.
 * @returns Positions of the three parts; together they cover every record once.
 * @throws {RangeError} If the shares leave nothing to train on, a part would be empty, or a list
 *   has another length than `count`.
 * @throws {TypeError} If `time` is combined with `stratify` or `groups`.
 */
export function splitThreeWays(count: number, options: SplitOptions = {}): ThreeWaySplit {
  const { validation = 0.1, test = 0.1, stratify, groups, time, seed = 0 } = options;
  const shares = [1 - validation - test, validation, test];
  if (![validation, test].every((share) => share >= 0 && share < 1) || shares[0]! <= 1e-9) {
    throw new RangeError(
      `Expected validation and test to be shares from 0 to 1 that leave something to train on ` +
        `but found ${validation} and ${test}`,
    );
  }
  if (time && (stratify || groups)) {
    throw new TypeError(
      "Expected time alone, or stratify and groups, but found both; " +
        "a split by time can't also balance classes or keep groups together",
    );
  }
  const records = Array.from({ length: count }, (_, i) => i);
  for (const [name, list] of Object.entries({ stratify, groups, time })) {
    if (list) checkSameLength(records, list, `the records and ${name}`);
  }

  const random = new Random(seed);
  const partOf = time
    ? byTime(time, shares)
    : groups
    ? byGroup(groups, stratify ?? records.map(() => 0), shares, random)
    : byClass(stratify ?? records.map(() => 0), shares, random);
  const [trainPart, validationPart, testPart] = shares.map((_, part) =>
    positions(partOf, (of) => of === part)
  ) as [number[], number[], number[]];
  const parts = { train: trainPart, validation: validationPart, test: testPart };
  const wanted = { train: shares[0]!, validation, test };
  for (const [name, list] of Object.entries(parts)) {
    if (list.length === 0 && wanted[name as keyof typeof wanted] > 0) {
      throw new RangeError(
        `Expected the ${name} part to hold at least one of ${count} records but found none; ` +
          `bring more records${groups ? " or groups" : ""}, or raise its share`,
      );
    }
  }
  return parts;
}

/** Draws each class apart; what rounding leaves over goes where the share was cut most. */
function byClass(labels: readonly Key[], shares: number[], random: Random): number[] {
  const { codes, counts } = numberKeys(labels);
  const sizes = spreadOverParts(counts, shares);
  const partOf = new Array<number>(labels.length);
  counts.forEach((_, code) => {
    const members = positions(codes, (of) => of === code);
    const parts = sizes[code]!.flatMap((size, part) => new Array<number>(size).fill(part));
    orderOf(members.length, random).forEach((at, i) => partOf[members[at]!] = parts[i]!);
  });
  return partOf;
}

/**
 * How many records of each class each part gets: `[class][part]`. Rounding down leaves fewer than
 * one record a class and part over; these are handed out, largest remainder first, while keeping
 * the parts' total sizes to their own rounded shares.
 */
function spreadOverParts(counts: number[], shares: number[]): number[][] {
  const total = counts.reduce((a, b) => a + b, 0);
  const room = largestRemainder(shares.map((share) => share * total), total);
  const sizes = counts.map((count) => shares.map((share) => Math.floor(share * count + 1e-9)));
  for (const row of sizes) row.forEach((size, part) => room[part]! -= size);
  const left = counts.map((count, code) => count - sizes[code]!.reduce((a, b) => a + b, 0));
  const claims = counts.flatMap((count, code) =>
    shares.map((share, part) => ({ code, part, rest: share * count - sizes[code]![part]! }))
  ).sort((a, b) => b.rest - a.rest);
  // First within the parts' room; what is still left then goes to whoever has the largest claim.
  for (const roomMatters of [true, false]) {
    for (let given = true; given;) {
      given = false;
      for (const { code, part } of claims) {
        if (left[code]! > 0 && (!roomMatters || room[part]! > 0)) {
          sizes[code]![part]!++, left[code]!--, room[part]!--;
          given = true;
        }
      }
    }
  }
  return sizes;
}

/** Rounds shares to whole numbers that add up to `total`. */
function largestRemainder(exact: number[], total: number): number[] {
  const sizes = exact.map((value) => Math.floor(value + 1e-9));
  const byRemainder = exact.map((value, i) => ({ i, rest: value - sizes[i]! }))
    .sort((a, b) => b.rest - a.rest);
  const left = total - sizes.reduce((a, b) => a + b, 0);
  for (const { i } of byRemainder.slice(0, left)) sizes[i]!++;
  return sizes;
}

/** Places whole groups, the largest first while there is room to make up for them. */
function byGroup(
  groups: readonly Key[],
  labels: readonly Key[],
  shares: number[],
  random: Random,
): number[] {
  const { codes, counts } = numberKeys(groups);
  const classes = numberKeys(labels);
  const used = positions(shares, (share) => share > 0);
  const placed = placeGroups({
    perGroup: countTable(codes, counts.length, classes.codes, classes.counts.length),
    perClass: classes.counts,
    shares: used.map((part) => shares[part]!),
    order: orderOf(counts.length, random).sort((a, b) => counts[b]! - counts[a]!),
  });
  return codes.map((group) => used[placed[group]!]!);
}

/**
 * Cuts the order of time at the shares. A cut waits until the time changes; the parts after it then
 * share what is left.
 */
function byTime(time: readonly (number | Date)[], shares: number[]): number[] {
  const when = time.map(Number);
  const bad = when.findIndex(Number.isNaN);
  if (bad >= 0) {
    throw new RangeError(`Expected a time for each record but found ${time[bad]} at record ${bad}`);
  }
  const order = orderOf(when.length, undefined).sort((a, b) => when[a]! - when[b]! || a - b);
  const partOf = new Array<number>(when.length);
  let part = 0, end = shares[0]! * when.length;
  order.forEach((record, i) => {
    const timeChanges = i > 0 && when[record] !== when[order[i - 1]!];
    while (timeChanges && i + 1e-9 >= end && part < shares.length - 1) {
      part++;
      const left = shares.slice(part).reduce((a, b) => a + b, 0);
      end = i + (when.length - i) * (left === 0 ? 1 : shares[part]! / left);
    }
    partOf[record] = part;
  });
  return partOf;
}
