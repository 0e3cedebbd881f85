/** Assertions about the members of an array. */
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { format, reason } from "./message.ts";

/** Anything with a length and numbered members that is an object: no string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/**
 * Asserts that an array contains each of the expected values, as
 * {@linkcode equal} sees it, in any order.
 *
 * @typeParam T The type of the members.
 * @param actual The array, typed array or other array-like object.
 * @param expected The values it should contain.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If one is missing; the message lists the missing ones.
 *
 * @example
 * ```ts
 * import { assertArrayIncludes } from "@std/assert";
 *
 * assertArrayIncludes([{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 3 }, { id: 1 }]);
 * ```
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<NoInfer<T>>,
  msg?: string,
): void {
  const present = Array.from(actual);
  const missing = Array.from(expected as ArrayLike<T>).filter((wanted) =>
    !present.some((member) => equal(wanted, member))
  );
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${format(actual)}" to include: "${format(expected)}"${reason(msg)}\n` +
      `missing: ${format(missing)}`,
  );
}
