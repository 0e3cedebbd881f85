import {
  assert,
  assertArrayIncludes,
  assertEquals,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

function messageOf(fn: () => unknown): string {
  return assertThrows(fn, AssertionError).message;
}

Deno.test("assertEquals and assertNotEquals: as equal() says", () => {
  assertEquals({ a: [1, NaN] }, { a: [1, NaN] });
  assertNotEquals<unknown>({ a: 1 }, { a: "1" });
  assertThrows(() => assertEquals([1], [2]), AssertionError, "Values are not equal.");
  assertThrows(() => assertEquals([1], [2], "why"), AssertionError, "Values are not equal: why");
  assertEquals(
    messageOf(() => assertNotEquals(1, 1)),
    "Expected actual: 1 not to be: 1.",
  );
  assert(
    messageOf(() => assertNotEquals("a", "a", "why")) ===
      'Expected actual: "a" not to be: "a": why',
  );
});

Deno.test("assertEquals: the message marks the lines that differ", () => {
  const message = messageOf(() => assertEquals({ a: 1, b: 2 }, { a: 1, b: 3 }));
  assertStringIncludes(message, "\n-     b: 2,\n+     b: 3,\n");
  assertStringIncludes(message, "\n      a: 1,\n");
  assertStringIncludes(messageOf(() => assertEquals("a\nb", "a\nc")), "    a\n-   b\n+   c\n");
});

Deno.test("assertEquals: the message of a change in a long list stays short", () => {
  const long = Array.from({ length: 10_000 }, (_, i) => i);
  const message = messageOf(() => assertEquals(long, long.with(5000, -1)));
  assert(message.split("\n").length < 20, message);
  assertStringIncludes(message, "-     5000,\n+     -1,");
});

Deno.test("assertEquals: values that differ everywhere are cut, not compared for ever", () => {
  const long = Array.from({ length: 50_000 }, (_, i) => i);
  const message = messageOf(() => assertEquals(long, long.map((x) => -x - 1)));
  assert(message.split("\n").length < 20, message);
  assertStringIncludes(message, "lines differ");
});

Deno.test("assertEquals: objects that print alike", () => {
  class A {}
  class Other {}
  Object.defineProperty(Other, "name", { value: "A" });
  assertThrows(
    () => assertEquals<unknown>(new A(), new Other()),
    AssertionError,
    "Values are not equal.\n\n    Both print as:\n\n    A {}\n",
  );
});

Deno.test("assertStrictEquals and assertNotStrictEquals: Object.is", () => {
  const list = [1];
  assertStrictEquals(list, list);
  assertStrictEquals(NaN, NaN);
  assertNotStrictEquals([1], [1]);
  assertNotStrictEquals(0, -0);
  assertThrows(
    () => assertStrictEquals(1, 2),
    AssertionError,
    "Values are not strictly equal.\n",
  );
  assertThrows(
    () => assertStrictEquals(0, -0, "why"),
    AssertionError,
    "Values are not strictly equal: why\n",
  );
  assertThrows(
    () => assertStrictEquals([1], [1]),
    AssertionError,
    "Values have the same structure but are not reference-equal.\n\n    [\n      1,\n    ]\n",
  );
  assert(
    messageOf(() => assertNotStrictEquals(1, 1, "why")) ===
      'Expected "actual" to not be strictly equal to: 1: why\n',
  );
});

Deno.test("assertArrayIncludes: deep equality, any order, any array-like object", () => {
  assertArrayIncludes([1, 2, 3], [3, 1]);
  assertArrayIncludes([{ a: 1 }, { b: [2] }], [{ b: [2] }]);
  assertArrayIncludes([NaN, -0, undefined], [NaN, 0, undefined]);
  assertArrayIncludes(new Uint8Array([1, 2]), new Uint8Array([2]));
  assertArrayIncludes({ length: 1, 0: "a" }, ["a"]);
  assertArrayIncludes([1], []);
  const message = messageOf(() => assertArrayIncludes([{ a: 1 }], [{ a: 1 }, { a: 2 }], "why"));
  assertStringIncludes(message, 'Expected actual: "');
  assertStringIncludes(message, '" to include: "');
  assertStringIncludes(message, '": why\nmissing: [\n  {\n    a: 2,\n  },\n]');
});

Deno.test("assertMatch, assertNotMatch, assertStringIncludes", () => {
  assertMatch("epoch 12", /\d+/);
  assertNotMatch("epoch", /\d+/);
  assertStringIncludes("epoch", "poc");
  assertStringIncludes("epoch", "");
  assert(messageOf(() => assertMatch("a", /b/i)) === 'Expected actual: "a" to match: "/b/i".');
  assert(
    messageOf(() => assertNotMatch("a", /a/, "why")) ===
      'Expected actual: "a" to not match: "/a/": why',
  );
  assert(
    messageOf(() => assertStringIncludes("a", "b")) === 'Expected actual: "a" to contain: "b".',
  );
});
