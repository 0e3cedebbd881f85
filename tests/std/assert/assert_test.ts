import {
  assert,
  assertAlmostEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertThrows,
  fail,
  unimplemented,
  unreachable,
} from "@std/assert";

/** Checks the whole message of the AssertionError that a function throws. */
function refuses(fn: () => unknown, message: string): void {
  const error = assertThrows(fn, AssertionError);
  assert(error.message === message, `expected "${message}", found "${error.message}"`);
}

Deno.test("AssertionError: name, message, cause", () => {
  const error = new AssertionError("a", { cause: "b" });
  assert(error instanceof Error);
  assert(error.name === "AssertionError" && error.message === "a" && error.cause === "b");
  assert(!("cause" in new AssertionError("a")));
});

Deno.test("assert and assertFalse: the message is the caller's, or empty", () => {
  for (const truthy of [true, 1, "0", {}, [], -1, 1n]) {
    assert(truthy);
    refuses(() => assertFalse(truthy), "");
    refuses(() => assertFalse(truthy, "why"), "why");
  }
  for (const falsy of [false, 0, -0, "", null, undefined, NaN, 0n]) {
    assertFalse(falsy);
    refuses(() => assert(falsy), "");
    refuses(() => assert(falsy, "why"), "why");
  }
});

Deno.test("assertExists: anything but null and undefined", () => {
  for (const value of [0, "", false, NaN, {}, []]) assertExists(value);
  refuses(() => assertExists(null), 'Expected actual: "null" to not be null or undefined.');
  refuses(
    () => assertExists(undefined, "why"),
    'Expected actual: "undefined" to not be null or undefined: why',
  );
});

Deno.test("fail, unreachable, unimplemented", () => {
  refuses(() => fail(), "Failed assertion.");
  refuses(() => fail("why"), "Failed assertion: why");
  refuses(() => unreachable(), "Unreachable.");
  refuses(() => unreachable("why"), "Unreachable: why");
  refuses(() => unimplemented(), "Unimplemented.");
  refuses(() => unimplemented("why"), "Unimplemented: why");
});

Deno.test("assertAlmostEquals: a ten-millionth of the expected number by default", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1e-8 * (1 + 9e-8), 1e-8);
  assertAlmostEquals(-1e8 - 9, -1e8);
  assertAlmostEquals(0, -0);
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(Infinity, Infinity);
  for (
    const [actual, expected] of [
      [1.00001, 1],
      [1e-300, 0],
      [1, NaN],
      [NaN, 1],
      [Infinity, 0],
      [0, Infinity],
      [Infinity, -Infinity],
    ] as const
  ) assertThrows(() => assertAlmostEquals(actual, expected), AssertionError);
});

Deno.test("assertAlmostEquals: a tolerance of one's own, reached but not passed", () => {
  assertAlmostEquals(1, 1.25, 0.25);
  assertAlmostEquals(2, 2, 0);
  refuses(
    () => assertAlmostEquals(1.5, 2, 0.25),
    'Expected actual: "1.5e+0" to be close to "2": delta "5e-1" is greater than "2.5e-1".',
  );
  refuses(
    () => assertAlmostEquals(1, 2, 0, "why"),
    'Expected actual: "1" to be close to "2": delta "1" is greater than "0": why',
  );
});

Deno.test("assertGreater and its kin: numbers, bigints, strings, dates", () => {
  assertGreater(2, 1);
  assertGreater("b", "a");
  assertGreaterOrEqual(2n, 2n);
  assertLess(new Date(0), new Date(1));
  assertLessOrEqual(new Date(1), new Date(1));
  refuses(() => assertGreater(1, 1), "Expect 1 > 1");
  refuses(() => assertGreaterOrEqual(0, 1), "Expect 0 >= 1");
  refuses(() => assertLess(1, 1), "Expect 1 < 1");
  refuses(() => assertLessOrEqual("b", "a"), 'Expect "b" <= "a"');
});

Deno.test("assertGreater and its kin: NaN is in no order; a message replaces the usual one", () => {
  for (const check of [assertGreater, assertGreaterOrEqual, assertLess, assertLessOrEqual]) {
    assertThrows(() => check(NaN, 1), AssertionError, "Expect NaN");
    refuses(() => check(NaN, 1, "why"), "why");
  }
});
