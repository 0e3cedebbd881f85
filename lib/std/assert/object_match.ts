/** The assertion that an object contains another one. */
import { assertEquals } from "./equals.ts";

type Loose = Record<PropertyKey, unknown>;

/**
 * Asserts that an object has all that the expected one has, deeply; what it has
 * besides is passed over. Arrays are compared up to the shorter one's length
 * and must not be shorter than expected, Sets and Maps may have more members.
 * Classes are passed over: an instance matches a plain object.
 *
 * @param actual The object.
 * @param expected What it should contain.
 * @param msg Why; added to the message.
 * @throws {AssertionError} If something is missing or differs; the message shows where.
 * @throws {TypeError} If `actual` is no object.
 *
 * @example
 * ```ts
 * import { assertObjectMatch } from "@std/assert";
 *
 * assertObjectMatch(
 *   { name: "gpt", config: { layers: 4, heads: 2 }, sizes: [8, 16] },
 *   { config: { layers: 4 }, sizes: [8, 16] },
 * );
 * ```
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- as in @std/assert: any object, interfaces too, fits this
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  // The expected object goes through the same sieve, which makes plain objects of instances.
  assertEquals(common(actual, expected), common(expected, expected), msg);
}

/** The part of `actual` that `expected` speaks of. */
function common(actual: Loose, expected: Loose): Loose {
  /** What each object is being compared with: ends cycles. */
  const seen = new WeakMap<object, object>();

  function ofObjects(a: Loose, b: Loose): Loose {
    if (Object(a) !== a) {
      throw new TypeError(
        `Cannot assertObjectMatch ${a === null ? "null" : `type ${typeof a}`}`,
      );
    }
    if (seen.get(a) === b) return a;
    seen.set(a, b);
    const wanted = new Set(Reflect.ownKeys(b));
    const keys = Reflect.ownKeys(a);
    const shared = keys.filter((key) => wanted.has(key));
    // Nothing in common: all of `a`, so that the message has something to show.
    if (keys.length > 0 && wanted.size > 0 && shared.length === 0) {
      return Object.fromEntries(keys.map((key) => [key, a[key]]));
    }
    return Object.fromEntries(
      shared.map((key) => [key, ofValues(a[key], b[key])]),
    );
  }

  function ofArrays(a: unknown[], b: unknown[]): unknown[] {
    if (seen.get(a) === b) return a;
    seen.set(a, b);
    return Array.from(
      { length: Math.min(a.length, b.length) },
      (_, i) => ofValues(a[i], b[i]),
    );
  }

  function ofMaps(
    a: Map<unknown, unknown>,
    b: Map<unknown, unknown>,
  ): Map<unknown, unknown> {
    const shared = [...a].filter(([key]) => b.has(key));
    return new Map(shared.map(([key, value]) => {
      const wanted = b.get(key);
      return [
        key,
        isObject(value) && isObject(wanted) ? ofObjects(value, wanted) : value,
      ];
    }));
  }

  function ofValues(a: unknown, b: unknown): unknown {
    if (a instanceof RegExp || !isObject(a) || !isObject(b)) return a;
    if (Array.isArray(a) && Array.isArray(b)) return ofArrays(a, b);
    if (a instanceof Map && b instanceof Map) return ofMaps(a, b);
    if (a instanceof Set && b instanceof Set) return a.intersection(b);
    return ofObjects(a, b);
  }

  return ofObjects(actual, expected);
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null;
}
