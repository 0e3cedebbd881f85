/** Assertions about functions that should throw and promises that should be rejected. */
import { AssertionError } from "./assertion_error.ts";
import { assertIsError } from "./is_error.ts";
import { reason } from "./message.ts";

// deno-lint-ignore no-explicit-any -- a constructor of any parameters has no other type
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/**
 * Asserts that a function throws, whatever it throws.
 *
 * @param fn The function; for one that returns a promise use {@linkcode assertRejects}.
 * @param msg Why; added to the message.
 * @returns What it threw.
 * @throws {AssertionError} If it returns.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const thrown = assertThrows(() => {
 *   throw "a string";
 * });
 * assertEquals(thrown, "a string");
 * ```
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class, with a message if asked for.
 *
 * @typeParam E The class of error.
 * @param fn The function; for one that returns a promise use {@linkcode assertRejects}.
 * @param ErrorClass The class of error.
 * @param msgIncludes What the error's message should contain.
 * @param msg Why; added to the message.
 * @returns The error.
 * @throws {AssertionError} If it returns or throws something else.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const error = assertThrows(() => JSON.parse("{"), SyntaxError, "JSON");
 * assertEquals(error.name, "SyntaxError");
 * ```
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any -- as above
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClassOrMsg?: ErrorClass<E> | string,
  msgIncludesOrMsg?: string,
  msg?: string,
): unknown {
  const wanted = readArguments(errorClassOrMsg, msgIncludesOrMsg, msg);
  try {
    fn();
  } catch (thrown) {
    return checkThrown(thrown, "thrown", wanted);
  }
  throw new AssertionError(`Expected function to throw${reason(wanted.msg)}`);
}

/**
 * Asserts that a function returns a promise that is rejected, with whatever.
 *
 * @param fn The function; for one that throws at once use {@linkcode assertThrows}.
 * @param msg Why; added to the message.
 * @returns What the promise was rejected with.
 * @throws {AssertionError} If it throws at once, returns no promise, or the promise is kept.
 *
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * assertEquals(await assertRejects(() => Promise.reject(404)), 404);
 * ```
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that a function returns a promise that is rejected with an error of a
 * class, with a message if asked for.
 *
 * @typeParam E The class of error.
 * @param fn The function; for one that throws at once use {@linkcode assertThrows}.
 * @param ErrorClass The class of error.
 * @param msgIncludes What the error's message should contain.
 * @param msg Why; added to the message.
 * @returns The error.
 * @throws {AssertionError} If it throws at once, returns no promise, or the promise is kept or
 * rejected with something else.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => Promise.reject(new TypeError("no shape")), TypeError, "shape");
 * ```
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any -- as above
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClassOrMsg?: ErrorClass<E> | string,
  msgIncludesOrMsg?: string,
  msg?: string,
): Promise<unknown> {
  const wanted = readArguments(errorClassOrMsg, msgIncludesOrMsg, msg);
  const promise = startPromise(fn);
  if (promise === undefined) {
    throw new AssertionError(
      `Function throws when expected to reject${reason(wanted.msg)}`,
    );
  }
  try {
    await promise;
  } catch (thrown) {
    return checkThrown(thrown, "rejected", wanted);
  }
  throw new AssertionError(`Expected function to reject${reason(wanted.msg)}`);
}

interface Wanted<E extends Error> {
  type: ErrorClass<E> | undefined;
  message: string | undefined;
  msg: string | undefined;
}

/** Tells the two overloads apart; what is neither a class of error nor a string is passed over. */
function readArguments<E extends Error>(
  errorClassOrMsg: ErrorClass<E> | string | undefined,
  msgIncludesOrMsg: string | undefined,
  msg: string | undefined,
): Wanted<E> {
  if (typeof errorClassOrMsg === "string") {
    return { type: undefined, message: undefined, msg: errorClassOrMsg };
  }
  const prototype = errorClassOrMsg?.prototype;
  if (
    errorClassOrMsg === undefined || prototype === Error.prototype ||
    prototype instanceof Error
  ) {
    return { type: errorClassOrMsg, message: msgIncludesOrMsg, msg };
  }
  return { type: undefined, message: undefined, msg: msgIncludesOrMsg };
}

function checkThrown<E extends Error>(
  thrown: unknown,
  how: string,
  wanted: Wanted<E>,
): unknown {
  if (!wanted.type) return thrown;
  if (!(thrown instanceof Error)) {
    throw new AssertionError(
      `A non-Error object was ${how}${reason(wanted.msg)}`,
    );
  }
  assertIsError(thrown, wanted.type, wanted.message, wanted.msg);
  return thrown;
}

/** The promise a function returns, or nothing if it throws or returns something else. */
function startPromise(
  fn: () => PromiseLike<unknown>,
): PromiseLike<unknown> | undefined {
  try {
    const result: unknown = fn();
    const isPromise = typeof result === "object" && result !== null &&
      typeof (result as PromiseLike<unknown>).then === "function";
    return isPromise ? result as PromiseLike<unknown> : undefined;
  } catch {
    return undefined;
  }
}
