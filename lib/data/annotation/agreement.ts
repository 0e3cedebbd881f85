import { checkSameLength, type Key, numberKeys } from "../splits/fold.ts";

/**
 * Cohen's kappa: how far two annotators agree beyond what chance would give. 1 is full agreement,
 * 0 what two people would reach who label at random with their own habits, below 0 is worse.
 *
 * Source: Cohen 1960, equation 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cohenKappa } from "@tunebook/data";
 *
 * // 3 of 4 agree (0.75), and 0.5 would by chance.
 * assertEquals(cohenKappa(["yes", "yes", "no", "no"], ["yes", "no", "no", "no"]), 0.5);
 * ```
 *
 * @param first The labels of one annotator.
 * @param second The labels of another, for the same records.
 * @returns The coefficient; 1 if both gave one and the same label throughout.
 * @throws {RangeError} If there is no record, or the lists differ in length.
 */
export function cohenKappa(first: readonly Key[], second: readonly Key[]): number {
  checkSameLength(first, second, "the two annotators' labels");
  const n = first.length;
  if (n === 0) throw new RangeError("Expected at least one record but found none");
  const { codes, distinct } = numberKeys([...first, ...second]);
  const shareOf = (from: number, to: number) => {
    const share = distinct.map(() => 0);
    for (const code of codes.slice(from, to)) share[code]! += 1 / n;
    return share;
  };
  const a = shareOf(0, n), b = shareOf(n, 2 * n);
  const observed = first.filter((label, i) => label === second[i]).length / n;
  const expected = a.reduce((total, share, code) => total + share * b[code]!, 0);
  return expected > 1 - 1e-12 ? 1 : (observed - expected) / (1 - expected);
}
