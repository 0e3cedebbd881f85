import {
  assert,
  assertEquals,
  AssertionError,
  assertIsError,
  assertRejects,
  assertThrows,
} from "@std/assert";

abstract class Trouble extends Error {}
class NetTrouble extends Trouble {}
const raise = (what: unknown) => () => {
  throw what;
};

/** Checks the whole message of an assertion that fails. */
function refuses(fn: () => unknown, message: string): void {
  assertEquals(assertThrows(fn, AssertionError).message, message);
}
async function refusesLater(fn: () => Promise<unknown>, message: string): Promise<void> {
  assertEquals((await assertRejects(fn, AssertionError)).message, message);
}

Deno.test("assertIsError: class and message", () => {
  assertIsError(new Error("a"));
  assertIsError(new NetTrouble("no route"), Trouble, "route");
  assertIsError(new NetTrouble("no route"), Error, /^no/);
  assertIsError(new Error("\x1b[31mred\x1b[0m rose"), Error, "red rose");
  assertIsError(new Error("red rose"), Error, "\x1b[31mred\x1b[0m rose");
  refuses(() => assertIsError(null), 'Expected "error" to be an Error object.');
  refuses(
    () => assertIsError({ message: "a" }, Error, "a", "why"),
    [
      'Expected "error" to be an Error object: why',
    ].join(),
  );
  refuses(
    () => assertIsError(new Error("a"), Trouble),
    'Expected error to be instance of "Trouble", but was "Error".',
  );
  refuses(
    () => assertIsError(new Error('a "b"'), Error, "c"),
    'Expected error message to include "c", but got "a \\"b\\"".',
  );
  refuses(
    () => assertIsError(new Error("a"), Error, /c/i, "why"),
    'Expected error message to include /c/i, but got "a": why',
  );
});

Deno.test("assertThrows: whatever is thrown, and gives it back", () => {
  for (const what of ["a", 1, null, undefined, new Error("a")]) {
    assert(assertThrows(raise(what)) === what);
    assert(assertThrows(raise(what), "why") === what);
  }
  refuses(() => assertThrows(() => {}), "Expected function to throw.");
  refuses(() => assertThrows(() => {}, "why"), "Expected function to throw: why");
  refuses(() => assertThrows(() => {}, Error, "a", "why"), "Expected function to throw: why");
  // @ts-expect-error -- null is no class; std then takes the next argument for the message
  refuses(() => assertThrows(() => {}, null, "why"), "Expected function to throw: why");
});

Deno.test("assertThrows: class and message, subclasses and abstract classes included", () => {
  const error = assertThrows(raise(new NetTrouble("no route")), Trouble, "route");
  assert(error instanceof NetTrouble);
  assertThrows(raise(new DOMException("gone", "AbortError")), DOMException, "gone");
  refuses(() => assertThrows(raise("a"), Error, "a"), "A non-Error object was thrown.");
  refuses(
    () => assertThrows(raise(new Error("a")), TypeError, "a", "why"),
    'Expected error to be instance of "TypeError", but was "Error": why',
  );
  refuses(
    () => assertThrows(raise(new TypeError("a")), TypeError, "b"),
    'Expected error message to include "b", but got "a".',
  );
});

Deno.test("assertThrows: a promise that is rejected is no throw", () => {
  refuses(
    () => assertThrows(() => Promise.reject(new Error("a")).catch(() => {})),
    "Expected function to throw.",
  );
});

Deno.test("assertRejects: whatever it is rejected with, and gives it back", async () => {
  for (const what of ["a", null, undefined, new Error("a")]) {
    assert(await assertRejects(() => Promise.reject(what)) === what);
  }
  await refusesLater(
    () => assertRejects(() => Promise.resolve(42)),
    "Expected function to reject.",
  );
  await refusesLater(
    () => assertRejects(() => Promise.resolve(42), "why"),
    "Expected function to reject: why",
  );
});

Deno.test("assertRejects: class and message", async () => {
  const later = (what: unknown) => () => Promise.reject(what);
  const error = await assertRejects(later(new NetTrouble("no route")), Trouble, "route");
  assert(error instanceof NetTrouble);
  await refusesLater(
    () => assertRejects(later("a"), Error, "a"),
    "A non-Error object was rejected.",
  );
  await refusesLater(
    () => assertRejects(later(new Error("a")), TypeError, "a", "why"),
    'Expected error to be instance of "TypeError", but was "Error": why',
  );
  await refusesLater(
    () => assertRejects(later(new TypeError("a")), TypeError, "b"),
    'Expected error message to include "b", but got "a".',
  );
});

Deno.test("assertRejects: anything with `then` is a promise", async () => {
  // deno-lint-ignore no-explicit-any -- an object that is a promise only in part
  const thenable = { then: (_: unknown, no: any) => no(new Error("later")) } as any;
  await assertRejects(() => thenable, Error, "later");
  await assertRejects(() => ({ then: raise(new Error("at once")) }), Error, "at once");
});

Deno.test("assertRejects: a throw, or no promise, is no rejection", async () => {
  const message = "Function throws when expected to reject.";
  await refusesLater(() => assertRejects(raise(new Error("a"))), message);
  // @ts-expect-error -- no promise
  await refusesLater(() => assertRejects(() => 42), message);
  await refusesLater(
    () => assertRejects(raise(new Error("a")), Error, "a", "why"),
    "Function throws when expected to reject: why",
  );
});
