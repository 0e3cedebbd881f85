/** Equality of numbers up to rounding. */
import { AssertionError } from "./assertion_error.ts";
import { reason } from "./message.ts";

/**
 * Asserts that two numbers are at most `tolerance` apart.
 *
 * Without a tolerance they may differ by a ten-millionth of the expected number
 * (1e-7 where that is infinite). Expecting 0 therefore needs a tolerance.
 *
 * @param actual What was computed.
 * @param expected What it should be.
 * @param tolerance The largest difference allowed, in the numbers' own unit.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If they are further apart, or one alone is `NaN`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(0.1 + 0.2, 0.3);
 * assertAlmostEquals(1e-9, 0, 1e-6);
 * ```
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  // Covers infinities and NaN, whose difference is NaN.
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const apart = Math.abs(expected - actual);
  if (apart <= allowed) return;
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to be close to "${show(expected)}": ` +
      `delta "${show(apart)}" is greater than "${show(allowed)}"${reason(msg)}`,
  );
}

function show(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential();
}
