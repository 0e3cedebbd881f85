/**
 * What every assertion of this package throws when it does not hold.
 *
 * It is its own class, not `node:assert`'s, because test code asks for it by
 * name: `assertThrows(fn, AssertionError)`.
 *
 * @example
 * ```ts
 * import { assert, AssertionError } from "@std/assert";
 *
 * const error = new AssertionError("not yet", { cause: "no answer" });
 * assert(error instanceof Error);
 * assert(error.name === "AssertionError" && error.cause === "no answer");
 * ```
 */
export class AssertionError extends Error {
  /**
   * Makes the error; `assert*` functions throw it themselves.
   *
   * @param message What was expected and what was found.
   * @param options `cause`, as for every `Error`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}
