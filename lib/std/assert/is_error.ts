/** Assertions about a value that should be an error. */
import { stripVTControlCharacters } from "node:util";
import { AssertionError } from "./assertion_error.ts";
import { reason } from "./message.ts";

/**
 * Asserts that a value is an error, of a class and with a message if asked for,
 * and narrows its type.
 *
 * @typeParam E The class of error.
 * @param error The value.
 * @param ErrorClass The class it should be an instance of.
 * @param msgMatches What its message should contain or match, colours aside.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If it is no such error.
 *
 * @example
 * ```ts
 * import { assertIsError } from "@std/assert";
 *
 * assertIsError(new RangeError("12 is out of range"), RangeError, /^\d+ is out/);
 * ```
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any -- a constructor of any parameters has no other type
  ErrorClass?: abstract new (...args: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `Expected "error" to be an Error object${reason(msg)}`,
    );
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    const found = (error as Error).constructor?.name;
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${found}"${reason(msg)}`,
    );
  }
  if (!msgMatches) return;
  const text = stripVTControlCharacters(error.message);
  const matches = typeof msgMatches === "string"
    ? text.includes(stripVTControlCharacters(msgMatches))
    : msgMatches.test(text);
  if (matches) return;
  const wanted = typeof msgMatches === "string" ? JSON.stringify(msgMatches) : String(msgMatches);
  throw new AssertionError(
    `Expected error message to include ${wanted}, but got ${JSON.stringify(error.message)}${
      reason(msg)
    }`,
  );
}
