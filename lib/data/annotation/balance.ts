import { Random } from "@tunebook/tensor";
import { type Key, numberKeys, positions } from "../splits/fold.ts";

/**
 * A weight for each class so that every class weighs the same in the loss: records / (classes ×
 * records of the class). scikit-learn's `"balanced"`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classWeights } from "@tunebook/data";
 *
 * assertEquals(classWeights(["ham", "ham", "ham", "spam"]), new Map([["ham", 2 / 3], ["spam", 2]]));
 * ```
 *
 * @param labels The class of each record.
 * @returns The weight of each class, in order of first appearance.
 * @throws {RangeError} If there is no record.
 */
export function classWeights<L extends Key>(labels: readonly L[]): Map<L, number> {
  if (labels.length === 0) throw new RangeError("Expected at least one record but found none");
  const { distinct, counts } = numberKeys(labels);
  return new Map(
    distinct.map((label, i) => [label as L, labels.length / (distinct.length * counts[i]!)]),
  );
}

/**
 * Draws records so that every class comes up equally often: `"over"` repeats records of the rare
 * classes up to the size of the largest, `"under"` leaves out records of the common ones down to
 * the size of the smallest.
 *
 * Only ever re-sample the training part: repeated records on both sides of a split are leakage.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resampleClasses } from "@tunebook/data";
 *
 * assertEquals(resampleClasses(["ham", "ham", "ham", "spam"], "over").length, 6);
 * assertEquals(resampleClasses(["ham", "ham", "ham", "spam"], "under").length, 2);
 * ```
 *
 * @param labels The class of each record.
 * @param direction Whether to repeat rare records or to leave out common ones.
 * @param seed Seed of the draw. Default: 0.
 * @returns Positions of the records drawn, shuffled.
 * @throws {RangeError} If there is no record.
 */
export function resampleClasses(
  labels: readonly Key[],
  direction: "over" | "under",
  seed = 0,
): number[] {
  if (labels.length === 0) throw new RangeError("Expected at least one record but found none");
  const random = new Random(seed);
  const { codes, counts } = numberKeys(labels);
  const size = direction === "over" ? Math.max(...counts) : Math.min(...counts);
  const drawn = counts.flatMap((_, code) => {
    const members = positions(codes, (of) => of === code);
    const order = [...random.permutation(members.length)];
    return Array.from({ length: size }, (_, i) => members[order[i % order.length]!]!);
  });
  return [...random.permutation(drawn.length)].map((i) => drawn[i]!);
}
