/** Assertions of identity, as `Object.is` sees it: `NaN` is itself, `0` is not `-0`. */
import { AssertionError } from "./assertion_error.ts";
import { difference, format, indent, reason } from "./message.ts";

/**
 * Asserts that two values are one and the same, and narrows the first one's type.
 *
 * @typeParam T The type of the expected value.
 * @param actual What was computed.
 * @param expected What it should be.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If they are not the same value or the same object.
 *
 * @example
 * ```ts
 * import { assertStrictEquals, assertThrows } from "@std/assert";
 *
 * const weights = [1, 2];
 * assertStrictEquals(weights, weights);
 * assertThrows(() => assertStrictEquals(weights, [1, 2]), Error, "not reference-equal");
 * ```
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const text = format(actual);
  throw new AssertionError(
    text === format(expected)
      ? `Values have the same structure but are not reference-equal${reason(msg)}\n\n${
        indent(text.split("\n"))
      }\n`
      : `Values are not strictly equal${reason(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that two values are not one and the same.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected What it should not be.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If they are the same value or the same object.
 *
 * @example
 * ```ts
 * import { assertNotStrictEquals } from "@std/assert";
 *
 * assertNotStrictEquals([1], [1]);
 * assertNotStrictEquals(0, -0);
 * ```
 */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected "actual" to not be strictly equal to: ${format(actual)}${reason(msg)}\n`,
  );
}
