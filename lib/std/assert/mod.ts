/**
 * Assertions for tests and for checks of exercises: the stable part of JSR's
 * `@std/assert`, small and with nothing to download, for networks that do not
 * reach JSR. Each function behaves as std's of the same name; only the pictures
 * of what differs are drawn in another way. Without the `links` line of the
 * project's `deno.json`, JSR's own package takes its place.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals([1, 2, 3].map((x) => 2 * x), [2, 4, 6]);
 * assertAlmostEquals(Math.hypot(1, 1), Math.SQRT2);
 * assertThrows(() => new Array(-1), RangeError, "Invalid array length");
 * ```
 *
 * @module
 */
export { assertAlmostEquals } from "./almost_equals.ts";
export { type ArrayLikeArg, assertArrayIncludes } from "./array_includes.ts";
export {
  assert,
  assertExists,
  assertFalse,
  fail,
  type Falsy,
  unimplemented,
  unreachable,
} from "./assert.ts";
export { AssertionError } from "./assertion_error.ts";
export { assertGreater, assertGreaterOrEqual, assertLess, assertLessOrEqual } from "./compare.ts";
export { equal } from "./equal.ts";
export { assertEquals, assertNotEquals } from "./equals.ts";
export {
  type AnyConstructor,
  assertInstanceOf,
  assertNotInstanceOf,
  type GetConstructorType,
} from "./instance_of.ts";
export { assertIsError } from "./is_error.ts";
export { assertObjectMatch } from "./object_match.ts";
export { assertNotStrictEquals, assertStrictEquals } from "./strict_equals.ts";
export { assertMatch, assertNotMatch, assertStringIncludes } from "./text.ts";
export { assertRejects, assertThrows } from "./throws.ts";
