import { AssertionError, assertObjectMatch, assertStringIncludes, assertThrows } from "@std/assert";

type Pair = [actual: Record<PropertyKey, unknown>, expected: Record<PropertyKey, unknown>];

class Box {
  constructor(public size: number) {}
}
const tag = Symbol("tag");

function ring(): Record<string, unknown> {
  const object: Record<string, unknown> = { name: "ring" };
  object.self = object;
  return object;
}

Deno.test("assertObjectMatch: passes over what was not asked for", () => {
  const cases: Record<string, Pair> = {
    "a key more": [{ a: 1, b: 2 }, { a: 1 }],
    nested: [{ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } }],
    "symbol keys": [{ [tag]: 1, a: 2 }, { [tag]: 1 }],
    "the start of an array": [{ a: [1, 2, 3] }, { a: [1, 2] }],
    "an empty array": [{ a: [1] }, { a: [] }],
    "objects in arrays": [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }],
    "arrays in arrays": [{ a: [[1, 2, 3, 4]] }, { a: [[1, 2, 3]] }],
    "a Set": [{ a: new Set([1, 2]) }, { a: new Set([2]) }],
    "a Map": [{ a: new Map([["b", 1], ["c", 2]]) }, { a: new Map([["c", 2]]) }],
    "values of a Map": [
      { a: new Map([["b", { c: 1, d: 2 }]]) },
      { a: new Map([["b", { c: 1 }]]) },
    ],
    "a Set in an array": [{ a: [new Set([1, 2])] }, { a: [new Set([2])] }],
    "a null in a Map": [{ a: [new Map([["b", null]])] }, { a: [new Map([["b", null]])] }],
    patterns: [{ a: /b/i, c: [/d/g] }, { a: /b/i, c: [/d/g] }],
    "the same typed array": [{ a: new Uint8Array([1, 2]), b: 1 }, { a: new Uint8Array([1, 2]) }],
    "an instance and a plain object": [{ a: new Box(1) }, { a: { size: 1 } }],
    "a plain object and an instance": [{ a: { size: 1 } }, { a: new Box(1) }],
    null: [{ a: null, b: 1 }, { a: null }],
    undefined: [{ a: undefined }, { a: undefined }],
    "a cycle": [ring(), { self: { self: { name: "ring" } } }],
    "two cycles": [ring(), ring()],
    "a `__proto__` key": [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
  };
  for (const [actual, expected] of Object.values(cases)) assertObjectMatch(actual, expected);
});

Deno.test("assertObjectMatch: refuses what is missing or differs", () => {
  const cases: Record<string, Pair> = {
    "another value": [{ a: 1 }, { a: 2 }],
    "a key less": [{ a: 1 }, { a: 1, b: 2 }],
    "an undefined key less": [{ a: 1 }, { a: 1, b: undefined }],
    "an inherited key": [Object.create({ a: 1 }), { a: 1 }],
    nested: [{ a: { b: 1 } }, { a: { b: 2 } }],
    "symbol keys": [{ [tag]: 1 }, { [tag]: 2 }],
    "a shorter array": [{ a: [1] }, { a: [1, 2] }],
    "an empty array": [{ a: [] }, { a: ["b"] }],
    "order in arrays": [{ a: [1, 2] }, { a: [2, 1] }],
    "objects in arrays": [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
    "an array and an object": [{ a: [1] }, { a: { 1: 1 } }],
    flags: [{ a: /b/i }, { a: /b/ }],
    "patterns in arrays": [{ a: [/b/] }, { a: [/c/] }],
    "a Set": [{ a: new Set([1]) }, { a: new Set([2]) }],
    "a Map": [{ a: new Map([["b", 1]]) }, { a: new Map([["b", 2]]) }],
    "keys of a Map": [{ a: new Map([["b", 1]]) }, { a: new Map([["c", 1]]) }],
    "values of a Map": [{ a: new Map([["b", { c: 1 }]]) }, { a: new Map([["b", null]]) }],
    "null and an object": [{ a: null }, { a: { b: 1 } }],
    "undefined and null": [{ a: undefined }, { a: null }],
    "typed arrays": [{ a: new Uint8Array([1]) }, { a: new Uint8Array([2]) }],
    "a cycle": [ring(), { self: { self: { name: "chain" } } }],
  };
  for (const [name, [actual, expected]] of Object.entries(cases)) {
    assertThrows(() => assertObjectMatch(actual, expected), AssertionError, "not equal", name);
  }
});

Deno.test("assertObjectMatch: shows the object that shares nothing with the expected one", () => {
  const error = assertThrows(() => assertObjectMatch({ found: 1 }, { wanted: 2 }, "why"));
  const { message } = error as Error;
  assertStringIncludes(message, "Values are not equal: why");
  assertStringIncludes(message, "found: 1");
  assertStringIncludes(message, "wanted: 2");
});

Deno.test("assertObjectMatch: a TypeError names what is no object", () => {
  // deno-lint-ignore no-explicit-any -- what the types forbid
  const match = assertObjectMatch as any;
  assertThrows(() => match(null, { a: 1 }), TypeError, "Cannot assertObjectMatch null");
  assertThrows(() => match(undefined, { a: 1 }), TypeError, "assertObjectMatch type undefined");
  assertThrows(() => match(21, 42), TypeError, "Cannot assertObjectMatch type number");
  assertThrows(() => match("a", "a"), TypeError, "Cannot assertObjectMatch type string");
});
