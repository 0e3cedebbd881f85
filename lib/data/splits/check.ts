/**
 * Checks that parts share no record and together hold every one.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { assertPartition } from "@tunebook/data";
 *
 * assertPartition({ train: [0, 1], test: [2] }, 3);
 * assertThrows(() => assertPartition({ train: [0, 1], test: [1, 2] }, 3), RangeError);
 * ```
 *
 * @param parts Positions of each part, by its name.
 * @param count How many records there are.
 * @throws {RangeError} If a record is in two parts, in none, or doesn't exist; it names the first.
 */
export function assertPartition(parts: Record<string, readonly number[]>, count: number): void {
  const partOf = new Array<string | undefined>(count);
  for (const [name, positions] of Object.entries(parts)) {
    for (const position of positions) {
      if (!Number.isInteger(position) || position < 0 || position >= count) {
        throw new RangeError(
          `Expected positions from 0 to ${count - 1} but found ${position} in ${name}`,
        );
      }
      const other = partOf[position];
      if (other !== undefined) {
        throw new RangeError(
          `Expected each record in one part but found record ${position} ` +
            (other === name ? `twice in ${name}` : `in ${other} and in ${name}`),
        );
      }
      partOf[position] = name;
    }
  }
  const missing = partOf.findIndex((name) => name === undefined);
  if (missing >= 0) {
    throw new RangeError(
      `Expected ${Object.keys(parts).join(", ")} to cover all ${count} records but found ` +
        `record ${missing} in none`,
    );
  }
}
