/** Assertions of deep equality. */
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, format, reason } from "./message.ts";

/**
 * Asserts that two values are deeply equal, as {@linkcode equal} sees it.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected What it should be.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If they differ; the message shows where.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new Float32Array([0.5, NaN]), new Float32Array([0.5, NaN]));
 * ```
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${reason(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that two values are not deeply equal, as {@linkcode equal} sees it.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected What it should not be.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If they are equal.
 *
 * @example
 * ```ts
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals([1, 2], [2, 1]);
 * ```
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${format(actual)} not to be: ${format(expected)}${reason(msg)}`,
  );
}
