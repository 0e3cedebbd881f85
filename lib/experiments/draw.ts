import { Random } from "@tunebook/tensor";

/**
 * Draws some of the examples, such as those one could afford to label. Each class keeps its share,
 * and a larger draw by the same seed holds the smaller ones: 50 examples are among the 100, these
 * among the 200.
 *
 * @typeParam Example What is drawn.
 * @param examples All there are.
 * @param count How many to draw.
 * @param seed Which draw.
 * @param classOf The class of an example; one class without it.
 * @returns The examples drawn, in the order in which a growing draw takes them.
 * @throws {RangeError} If `count` is no whole number above 0 or more than there are.
 *
 * @example
 * ```ts
 * import { drawExamples } from "@tunebook/experiments";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["ham", "ham", "spam", "ham", "ham", "spam"];
 * const drawn = drawExamples(examples, 3, 1, (label) => label);
 * assertEquals(drawn.toSorted(), ["ham", "ham", "spam"]);
 * assertEquals(drawExamples(examples, 6, 1, (label) => label).slice(0, 3), drawn);
 * ```
 */
export function drawExamples<Example>(
  examples: Iterable<Example>,
  count: number,
  seed: number,
  classOf: (example: Example) => string | number = () => 0,
): Example[] {
  const all = [...examples];
  if (!Number.isInteger(count) || count < 1 || count > all.length) {
    throw new RangeError(
      `Expected to draw from 1 to ${all.length} examples, which is how many there are, but found ` +
        `${count}`,
    );
  }
  const order = [...new Random(seed).permutation(all.length)];
  const placed = [...Map.groupBy(order, (at) => classOf(all[at]!)).values()].flatMap((members) =>
    // Each class spread evenly over [0, 1): any beginning of the whole has the classes' shares.
    members.map((at, rank) => ({ at, place: (rank + 0.5) / members.length }))
  );
  return placed.sort((a, b) => a.place - b.place).slice(0, count).map(({ at }) => all[at]!);
}
