/** Assertions of order, by JavaScript's `<` and `>`: numbers, bigints, strings, dates. */
import { AssertionError } from "./assertion_error.ts";
import { format } from "./message.ts";

/**
 * Asserts that `actual > expected`.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected The bound.
 * @param msg The whole message of the error, in place of the usual one.
 * @throws {AssertionError} If it is not greater.
 *
 * @example
 * ```ts
 * import { assertGreater } from "@std/assert";
 *
 * assertGreater(2, 1);
 * ```
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) refuse(actual, ">", expected, msg);
}

/**
 * Asserts that `actual >= expected`.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected The bound.
 * @param msg The whole message of the error, in place of the usual one.
 * @throws {AssertionError} If it is less.
 *
 * @example
 * ```ts
 * import { assertGreaterOrEqual } from "@std/assert";
 *
 * assertGreaterOrEqual(2, 2);
 * ```
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) refuse(actual, ">=", expected, msg);
}

/**
 * Asserts that `actual < expected`.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected The bound.
 * @param msg The whole message of the error, in place of the usual one.
 * @throws {AssertionError} If it is not less.
 *
 * @example
 * ```ts
 * import { assertLess } from "@std/assert";
 *
 * assertLess(1, 2);
 * ```
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) refuse(actual, "<", expected, msg);
}

/**
 * Asserts that `actual <= expected`.
 *
 * @typeParam T The type of both values.
 * @param actual What was computed.
 * @param expected The bound.
 * @param msg The whole message of the error, in place of the usual one.
 * @throws {AssertionError} If it is greater.
 *
 * @example
 * ```ts
 * import { assertLessOrEqual } from "@std/assert";
 *
 * assertLessOrEqual(2, 2);
 * ```
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) refuse(actual, "<=", expected, msg);
}

function refuse(
  actual: unknown,
  sign: string,
  expected: unknown,
  msg?: string,
): never {
  throw new AssertionError(
    msg ?? `Expect ${format(actual)} ${sign} ${format(expected)}`,
  );
}
