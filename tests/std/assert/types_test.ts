/** What the assertions tell the compiler; that this file compiles is the test. */
import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertNotInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
  fail,
} from "@std/assert";
import type { Holds, Same } from "../types.ts";

/** A value whose type the compiler cannot see through. */
const opaque = <T>(value: unknown): T => value as T;

Deno.test("assert, assertFalse and assertExists narrow", () => {
  const text = opaque<string | null>("a");
  assert(text !== null);
  type A = Holds<Same<typeof text, string>>;

  const flag = opaque<"a" | "" | undefined>("");
  assertFalse(flag);
  type B = Holds<Same<typeof flag, "" | undefined>>;

  const maybe = opaque<number | null | undefined>(0);
  assertExists(maybe);
  type C = Holds<Same<typeof maybe, number>>;
  const all: [A, B, C] = [true, true, true];
  assertEquals(all.length, 3);
});

Deno.test("assertInstanceOf, assertNotInstanceOf and assertIsError narrow", () => {
  abstract class Shape {
    abstract area: number;
  }
  class Square extends Shape {
    area = 1;
  }
  const shape = opaque<unknown>(new Square());
  assertInstanceOf(shape, Shape);
  type A = Holds<Same<typeof shape, Shape>>;

  const either = opaque<Date | RegExp>(/a/);
  assertNotInstanceOf(either, Date);
  type B = Holds<Same<typeof either, RegExp>>;

  const thrown = opaque<unknown>(new RangeError("a"));
  assertIsError(thrown, RangeError);
  type C = Holds<Same<typeof thrown, RangeError>>;
  const all: [A, B, C] = [true, true, true];
  assertEquals(all.length, 3);
});

Deno.test("assertInstanceOf and assertNotInstanceOf: messages", () => {
  const refuses = (fn: () => unknown, message: string) =>
    assertEquals(assertThrows(fn, AssertionError).message, message);
  const start = 'Expected object to be an instance of "Date"';
  refuses(() => assertInstanceOf(null, Date), `${start} but was "null".`);
  refuses(() => assertInstanceOf(undefined, Date), `${start} but was "undefined".`);
  refuses(() => assertInstanceOf(5, Date), `${start} but was "number".`);
  refuses(() => assertInstanceOf({}, Date), `${start} but was "Object".`);
  refuses(() => assertInstanceOf(Object.create(null), Date), `${start} but was "Object".`);
  refuses(() => assertInstanceOf(/a/, Date, "why"), `${start} but was "RegExp": why`);
  refuses(() => assertInstanceOf(() => 1, Date), `${start} but was not an instanced object.`);
  class Namesake {}
  Object.defineProperty(Namesake, "name", { value: "Date" });
  refuses(() => assertInstanceOf(new Namesake(), Date), `${start}.`);
  refuses(
    () => assertNotInstanceOf(new Date(), Date, "why"),
    'Expected object to not be an instance of "function": why',
  );
});

Deno.test("assertStrictEquals narrows to the expected type", () => {
  const value = opaque<unknown>("a");
  assertStrictEquals(value, "a" as const);
  type A = Holds<Same<typeof value, "a">>;
  const all: [A] = [true];
  assertEquals(all.length, 1);
});

Deno.test("assertThrows and assertRejects give back what was asked for", async () => {
  const error = assertThrows(() => JSON.parse("{"), SyntaxError);
  const what = assertThrows(() => JSON.parse("{"));
  const later = await assertRejects(() => Promise.reject(new TypeError("a")), TypeError, "a");
  const whatever = await assertRejects(() => Promise.reject(1));
  const all: [
    Holds<Same<typeof error, SyntaxError>>,
    Holds<Same<typeof what, unknown>>,
    Holds<Same<typeof later, TypeError>>,
    Holds<Same<typeof whatever, unknown>>,
  ] = [true, true, true, true];
  assertEquals(all.length, 4);
});

Deno.test("what the types forbid", () => {
  // @ts-expect-error -- both sides are of one type
  assertThrows(() => assertEquals(1, "1"), AssertionError);
  // @ts-expect-error -- a string is no array
  assertArrayIncludes("abc", ["a"]);
  // @ts-expect-error -- members are of the array's type
  assertThrows(() => assertArrayIncludes([1, 2], ["a"]), AssertionError);
});

Deno.test("fail ends a function", () => {
  const sign = (x: number): "plus" | "minus" => {
    if (x > 0) return "plus";
    if (x < 0) return "minus";
    fail("zero");
  };
  assertEquals(sign(-1), "minus");
  assertThrows(() => sign(0), AssertionError, "Failed assertion: zero");
});
