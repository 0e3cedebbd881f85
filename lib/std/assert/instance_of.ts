/** Assertions about the class of a value. */
import { AssertionError } from "./assertion_error.ts";
import { reason } from "./message.ts";

/** The constructor of any class. */
// deno-lint-ignore no-explicit-any -- a constructor of any parameters has no other type
export type AnyConstructor = new (...args: any[]) => any;

/** The type of a class's instances. */
export type GetConstructorType<T extends AnyConstructor> = InstanceType<T>;

/**
 * Asserts that a value is an instance of a class, and narrows its type.
 *
 * @typeParam T The class.
 * @param actual The value.
 * @param expectedType The class, which may be abstract.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertInstanceOf } from "@std/assert";
 *
 * assertInstanceOf(new RangeError("too far"), Error);
 * ```
 */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any -- as above
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const wanted = expectedType.name;
  const found = className(actual);
  const but = found === wanted
    ? "" // two classes of one name: "but was" would read as a contradiction
    : found === "function"
    ? " but was not an instanced object"
    : ` but was "${found}"`;
  throw new AssertionError(
    `Expected object to be an instance of "${wanted}"${but}${reason(msg)}`,
  );
}

/**
 * Asserts that a value is not an instance of a class, and narrows its type.
 *
 * @typeParam A The type of the value.
 * @typeParam T The type of the class's instances.
 * @param actual The value.
 * @param unexpectedType The class, which may be abstract.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it is.
 *
 * @example
 * ```ts
 * import { assertNotInstanceOf } from "@std/assert";
 *
 * assertNotInstanceOf(new Date(), RegExp);
 * ```
 */
export function assertNotInstanceOf<A, T>(
  actual: A,
  // deno-lint-ignore no-explicit-any -- as above
  unexpectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is Exclude<A, T> {
  if (!(actual instanceof unexpectedType)) return;
  throw new AssertionError(
    `Expected object to not be an instance of "${typeof unexpectedType}"${reason(msg)}`,
  );
}

/** The class an object says it comes from; for other values their type. */
function className(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
}
