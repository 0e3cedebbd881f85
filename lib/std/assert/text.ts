/** Assertions about strings. */
import { AssertionError } from "./assertion_error.ts";
import { reason } from "./message.ts";

/**
 * Asserts that a string matches a pattern.
 *
 * @param actual The string.
 * @param expected The pattern.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it does not match.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch("epoch 12", /^epoch \d+$/);
 * ```
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${reason(msg)}`,
  );
}

/**
 * Asserts that a string does not match a pattern.
 *
 * @param actual The string.
 * @param expected The pattern.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it matches.
 *
 * @example
 * ```ts
 * import { assertNotMatch } from "@std/assert";
 *
 * assertNotMatch("all is well", /error/i);
 * ```
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not match: "${expected}"${reason(msg)}`,
  );
}

/**
 * Asserts that a string contains another one.
 *
 * @param actual The string.
 * @param expected What it should contain.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes("call me Ishmael", "Ishmael");
 * ```
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${reason(msg)}`,
  );
}
