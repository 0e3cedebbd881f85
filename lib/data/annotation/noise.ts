import { Random } from "@tunebook/tensor";
import type { Key } from "../splits/fold.ts";

/**
 * Gives a share of the records a wrong label, each wrong one equally likely: careless annotation, in
 * a dose one can set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { injectLabelNoise } from "@tunebook/data";
 *
 * const labels = Array.from({ length: 100 }, (_, i) => i % 2 ? "ham" : "spam");
 * const { noisy, changed } = injectLabelNoise(labels, 0.2, { seed: 1 });
 * assertEquals(changed.length, 20);
 * assertEquals(noisy.filter((label, i) => label !== labels[i]).length, 20);
 * ```
 *
 * @param labels The class of each record.
 * @param share Share of the records to get wrong, 0 to 1; rounded to whole records.
 * @param options `classes` to choose from (default: all that occur) and the `seed` (default 0).
 * @returns The labels with the errors, and the positions of the errors in rising order.
 * @throws {RangeError} If the share is not from 0 to 1, or there is only one class.
 */
export function injectLabelNoise<L extends Key>(
  labels: readonly L[],
  share: number,
  options: { classes?: readonly L[]; seed?: number } = {},
): { noisy: L[]; changed: number[] } {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Expected a share from 0 to 1 but found ${share}`);
  }
  const classes = options.classes ?? [...new Set(labels)];
  const count = Math.round(share * labels.length);
  if (count > 0 && classes.length < 2) {
    throw new RangeError(
      `Expected at least two classes to confuse but found ${classes.length}; name them in classes`,
    );
  }
  const random = new Random(options.seed ?? 0);
  const changed = [...random.permutation(labels.length)].slice(0, count).sort((a, b) => a - b);
  const noisy = [...labels];
  for (const i of changed) {
    const others = classes.filter((label) => label !== labels[i]);
    noisy[i] = others[Math.floor(random.next() * others.length)]!;
  }
  return { noisy, changed };
}
