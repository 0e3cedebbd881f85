/** Assertions about one value: true, false, present; and the ways to fail outright. */
import { AssertionError } from "./assertion_error.ts";
import { reason } from "./message.ts";

/** What JavaScript counts as false (`NaN` too, which has no type of its own). */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/**
 * Asserts that a value is truthy, and narrows its type.
 *
 * @param expr The value, usually a condition.
 * @param msg The whole message of the error.
 * @throws {AssertionError} If `expr` is falsy.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert("fine-tuning".includes("tun"));
 * ```
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Asserts that a value is falsy, and narrows its type.
 *
 * @param expr The value, usually a condition.
 * @param msg The whole message of the error.
 * @throws {AssertionError} If `expr` is truthy.
 *
 * @example
 * ```ts
 * import { assertFalse } from "@std/assert";
 *
 * assertFalse([1, 2].includes(3));
 * ```
 */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/**
 * Asserts that a value is neither `null` nor `undefined`, and narrows its type.
 *
 * @typeParam T The type of the value.
 * @param actual The value.
 * @param msg Why it should be there; added to the message.
 * @throws {AssertionError} If the value is `null` or `undefined`.
 *
 * @example
 * ```ts
 * import { assertExists } from "@std/assert";
 *
 * assertExists([0].at(0));
 * ```
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${reason(msg)}`,
  );
}

/**
 * Fails.
 *
 * @param msg Why; added to the message.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows, fail } from "@std/assert";
 *
 * assertThrows(() => fail("the kernel is gone"), Error, "Failed assertion: the kernel is gone");
 * ```
 */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${reason(msg)}`);
}

/**
 * Marks a place that the program cannot reach.
 *
 * @param msg Why; added to the message.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows, unreachable } from "@std/assert";
 *
 * assertThrows(() => unreachable(), Error, "Unreachable.");
 * ```
 */
export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${reason(msg)}`);
}

/**
 * Marks a function that has no body on purpose, as a learner's exercise.
 *
 * @param msg Why; added to the message.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows, unimplemented } from "@std/assert";
 *
 * assertThrows(() => unimplemented("softmax"), Error, "Unimplemented: softmax");
 * ```
 */
export function unimplemented(msg?: string): never {
  throw new AssertionError(`Unimplemented${reason(msg)}`);
}
