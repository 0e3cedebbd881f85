import { assert, assertFalse, assertThrows, equal } from "@std/assert";

/** Checks pairs in both directions: equality has no direction, save where a test says so. */
function pairs(wanted: boolean, cases: Record<string, [unknown, unknown]>): void {
  for (const [name, [a, b]] of Object.entries(cases)) {
    assert(equal(a, b) === wanted, `${name}: expected equal() to be ${wanted}`);
    assert(equal(b, a) === wanted, `${name}, turned round: expected equal() to be ${wanted}`);
  }
}

class Point {
  constructor(public x: number) {}
}

Deno.test("equal: plain values", () => {
  pairs(true, {
    numbers: [5, 5],
    strings: ["a", "a"],
    "NaN and NaN": [NaN, NaN],
    "0 and -0": [0, -0],
    "0 and -0 inside": [{ a: [0] }, { a: [-0] }],
    bigints: [10n, 10n],
    nulls: [null, null],
    "registered symbols": [Symbol.for("a"), Symbol.for("a")],
  });
  pairs(false, {
    numbers: [5, 6],
    "number and string": [1, "1"],
    "number and bigint": [1, 1n],
    "null and undefined": [null, undefined],
    "null and {}": [null, {}],
    "false and 0": [false, 0],
    symbols: [Symbol("a"), Symbol("a")],
    "functions of one text": [() => 1, () => 1],
    "function and object": [() => 1, {}],
  });
});

Deno.test("equal: objects and arrays", () => {
  const tag = Symbol("tag");
  pairs(true, {
    "order of keys": [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    nested: [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }],
    "symbol keys": [{ [tag]: 1 }, { [tag]: 1 }],
    "no prototype and plain": [Object.create(null), {}],
    "equal values under `constructor`": [{ constructor: { x: 1 } }, { constructor: { x: 1 } }],
    "holes and holes": [[, 1], [, 1]],
  });
  pairs(false, {
    "a key more": [{ a: 1 }, { a: 1, b: undefined }],
    "another undefined key": [{ a: undefined, b: undefined }, { a: undefined, c: undefined }],
    "symbol values": [{ [tag]: 1 }, { [tag]: 2 }],
    "symbol key and none": [{ [tag]: 1 }, {}],
    "longer array": [[1, 2, 3], [1, 2]],
    "order of members": [[1, 2], [2, 1]],
    "hole and undefined": [[, 1], [undefined, 1]],
    "array and object": [[1], { 0: 1 }],
  });
});

Deno.test("equal: classes and prototypes", () => {
  class Other {
    constructor(public x: number) {}
  }
  class Hidden {
    #secret: number;
    constructor(secret: number) {
      this.#secret = secret;
    }
    get shown(): number {
      return this.#secret;
    }
  }
  const adopted = Object.setPrototypeOf({ x: 1 }, Point.prototype);
  pairs(true, {
    instances: [new Point(1), new Point(1)],
    "an adopted prototype": [new Point(1), adopted],
    "getters of the prototype": [new Hidden(1), new Hidden(1)],
  });
  pairs(false, {
    "other values": [new Point(1), new Point(2)],
    "other classes": [new Point(1), new Other(1)],
    "instance and plain object": [new Point(1), { x: 1 }],
    "instance and a `constructor` key": [new (class X {})(), { constructor: Point }],
    "getters of the prototype": [new Hidden(1), new Hidden(2)],
    "hidden own keys of instances": [
      Object.defineProperty(new Point(1), "y", { value: 1 }),
      Object.defineProperty(new Point(1), "y", { value: 2 }),
    ],
  });
});

Deno.test("equal: dates, patterns, addresses and other text-like objects", () => {
  class Day extends Date {}
  pairs(true, {
    dates: [new Date(0), new Date(0)],
    "invalid dates": [new Date(NaN), new Date(NaN)],
    "a Date of a subclass": [new Date(0), new Day(0)],
    patterns: [/a/g, /a/g],
    urls: [new URL("https://a.test/b"), new URL("https://a.test/b")],
    parameters: [new URLSearchParams("a=1"), new URLSearchParams("a=1")],
    locales: [new Intl.Locale("zh-Hans"), new Intl.Locale("zh-Hans")],
    durations: [Temporal.Duration.from("PT1H"), Temporal.Duration.from("PT1H")],
    "url patterns": [new URLPattern("*://*.*"), new URLPattern("*://*.*")],
  });
  pairs(false, {
    dates: [new Date(0), new Date(1)],
    "invalid and valid date": [new Date(NaN), new Date(0)],
    "date and its number": [new Date(0), 0],
    flags: [/a/g, /a/i],
    sources: [/a/, /b/],
    urls: [new URL("https://a.test/b"), new URL("https://a.test/c")],
    "url and string": [new URL("https://a.test/"), "https://a.test/"],
    parameters: [new URLSearchParams("a=1"), new URLSearchParams("a=2")],
    locales: [new Intl.Locale("zh-Hans"), new Intl.Locale("zh-Hant")],
    durations: [Temporal.Duration.from("PT1H"), Temporal.Duration.from("PT2H")],
    "url patterns": [new URLPattern("*://*.*"), new URLPattern("*://*.com")],
  });
});

Deno.test("equal: typed arrays and buffers", () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  const shared = (value: number) => {
    const buffer = new SharedArrayBuffer(1);
    new Uint8Array(buffer)[0] = value;
    return buffer;
  };
  pairs(true, {
    bytes: [bytes(1, 2), bytes(1, 2)],
    "NaN in floats": [new Float32Array([NaN]), new Float32Array([NaN])],
    "-0 in floats": [new Float64Array([-0]), new Float64Array([0])],
    bigints: [new BigInt64Array([1n]), new BigInt64Array([1n])],
    buffers: [bytes(1, 2).buffer, bytes(1, 2).buffer],
    "shared buffers": [shared(1), shared(1)],
    views: [new DataView(bytes(1).buffer), new DataView(bytes(1).buffer)],
    "a view of part of a buffer": [bytes(9, 1, 2).subarray(1), bytes(1, 2)],
  });
  pairs(false, {
    values: [bytes(1, 2), bytes(1, 3)],
    lengths: [bytes(0), bytes(0, 0)],
    types: [new Float32Array([1]), new Float64Array([1])],
    "array and typed array": [[1], bytes(1)],
    buffers: [bytes(1).buffer, bytes(2).buffer],
    "lengths of buffers": [bytes(0).buffer, bytes(0, 0).buffer],
    "shared buffers": [shared(1), shared(2)],
    "shared and own buffer": [shared(1), bytes(1).buffer],
    views: [new DataView(bytes(1).buffer), new DataView(bytes(2).buffer)],
  });
});

Deno.test("equal: Sets", () => {
  pairs(true, {
    order: [new Set([1, 2, 3]), new Set([3, 2, 1])],
    "-0": [new Set([0]), new Set([-0])],
    NaN: [new Set([NaN]), new Set([NaN])],
    objects: [new Set([{ a: 1 }, { b: 2 }]), new Set([{ b: 2 }, { a: 1 }])],
    "Sets of Sets": [new Set([1, new Set([2, 3])]), new Set([new Set([3, 2]), 1])],
  });
  pairs(false, {
    sizes: [new Set([1]), new Set([1, 2])],
    members: [new Set([1, 2]), new Set([1, 3])],
    objects: [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
    symbols: [new Set([Symbol()]), new Set([Symbol()])],
    "primitive and object": [new Set<unknown>([1]), new Set<unknown>([{}])],
    "Set and array": [new Set([1]), [1]],
    "Set and Map": [new Set(), new Map()],
  });
});

Deno.test("equal: a member of a Set may be the match of several, as in std", () => {
  const twice = new Set([{ a: 1 }, { a: 1 }]);
  assert(equal(twice, new Set([{ a: 1 }, { b: 2 }])));
  assertFalse(equal(new Set([{ a: 1 }, { b: 2 }]), twice));
});

Deno.test("equal: Maps", () => {
  pairs(true, {
    order: [new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])],
    "nested values": [
      new Map([["a", new Map([["b", [1]]])]]),
      new Map([["a", new Map([["b", [1]]])]]),
    ],
    "object keys": [new Map([[{ x: 1 }, "a"]]), new Map([[{ x: 1 }, "a"]])],
    "object keys in another order": [
      new Map([[{ x: 1 }, 1], [{ x: 2 }, 2]]),
      new Map([[{ x: 2 }, 2], [{ x: 1 }, 1]]),
    ],
    "keys that are their values": [new Map([[Point, Point]]), new Map([[Point, Point]])],
  });
  pairs(false, {
    sizes: [new Map([["a", 1]]), new Map([["a", 1], ["b", 2]])],
    keys: [new Map([["a", 1]]), new Map([["b", 1]])],
    values: [new Map([["a", 1]]), new Map([["a", 2]])],
    "a key with undefined and another": [new Map([["a", undefined]]), new Map([["b", undefined]])],
    "object keys": [new Map([[{ x: 1 }, 1]]), new Map([[{ x: 2 }, 1]])],
    "values of object keys": [new Map([[{ x: 1 }, 1]]), new Map([[{ x: 1 }, 2]])],
  });
});

Deno.test("equal: large Sets and Maps of plain keys in no time", () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  const changed = numbers.with(-1, -1);
  assert(equal(new Set(numbers), new Set(numbers)));
  assertFalse(equal(new Set(numbers), new Set(changed)));
  const map = (values: number[]) => new Map(values.map((value) => [value, [value]]));
  assert(equal(map(numbers), map(numbers)));
  assertFalse(equal(map(numbers), map(changed)));
});

Deno.test("equal: cycles", () => {
  const ring = (name: string) => {
    const object: Record<string, unknown> = { name };
    object.self = object;
    return object;
  };
  const loop = () => {
    const map = new Map<string, unknown>();
    return map.set("self", map);
  };
  const list = () => {
    const array: unknown[] = [1];
    array.push(array);
    return array;
  };
  pairs(true, {
    objects: [ring("a"), ring("a")],
    maps: [loop(), loop()],
    arrays: [list(), list()],
  });
  pairs(false, { objects: [ring("a"), ring("b")] });
});

Deno.test("equal: weak collections", () => {
  const target = { a: 1 };
  class Ref<T extends object> extends WeakRef<T> {}
  const map = new WeakMap();
  assert(equal(map, map));
  assert(equal(new WeakRef(target), new WeakRef({ a: 1 })));
  pairs(false, {
    "what they refer to": [new WeakRef(target), new WeakRef({ a: 2 })],
    "a WeakRef and what it refers to": [new WeakRef(target), target],
    "a WeakRef of a subclass": [new WeakRef(target), new Ref(target)],
    "WeakMap and WeakSet": [new WeakMap(), new WeakSet()],
    "WeakMap and a `constructor` key": [new WeakMap(), { constructor: WeakMap }],
  });
  assertThrows(() => equal(new WeakMap(), new WeakMap()), TypeError, "Cannot compare WeakMap");
  assertThrows(() => equal(new WeakSet(), new WeakSet()), TypeError, "Cannot compare WeakSet");
});
