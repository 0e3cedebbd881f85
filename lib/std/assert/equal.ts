/**
 * Deep equality as `@std/assert` defines it. `node:assert` cannot stand in: it
 * tells `0` from `-0`, compares WeakMaps by identity and ignores what getters
 * of a prototype return.
 */

/** The prototype all typed arrays share. */
const TypedArray = Object.getPrototypeOf(Uint8Array) as abstract new () => ArrayLike<unknown>;

/** Classes whose instances are fully described by their text. */
const COMPARED_AS_TEXT = new Set<object>(
  [
    RegExp,
    URL,
    URLSearchParams,
    Intl.Locale,
    Temporal.Duration,
    Temporal.Instant,
    Temporal.PlainDate,
    Temporal.PlainDateTime,
    Temporal.PlainTime,
    Temporal.PlainYearMonth,
    Temporal.PlainMonthDay,
    Temporal.ZonedDateTime,
  ].map((type) => type.prototype),
);

/**
 * Whether two values are deeply equal: what {@linkcode assertEquals} asks.
 *
 * - `NaN` equals `NaN`, and `0` equals `-0`.
 * - Objects need the same prototype (an object without one counts as plain) and
 *   the same enumerable properties, symbols included; one that is `undefined`
 *   is not one that is missing. Instances of classes are also compared by the
 *   getters of their prototypes.
 * - Maps and Sets are compared without regard to order, typed arrays and
 *   buffers element by element, dates by their time, WeakRefs by what they
 *   refer to. Cycles end the comparison.
 *
 * @param a The one value.
 * @param b The other value.
 * @returns Whether they are equal.
 * @throws {TypeError} On two WeakMaps or two WeakSets, which cannot be looked into.
 *
 * @example
 * ```ts
 * import { assert, assertFalse, equal } from "@std/assert";
 *
 * assert(equal({ loss: NaN, tags: new Set(["a", "b"]) }, { tags: new Set(["b", "a"]), loss: NaN }));
 * assertFalse(equal({ a: undefined }, {}));
 * ```
 */
export function equal(a: unknown, b: unknown): boolean {
  return equalWithin(a, b, new Map());
}

/** As {@linkcode equal}; `seen` maps each object under comparison to its counterpart. */
function equalWithin(
  a: unknown,
  b: unknown,
  seen: Map<object, object>,
): boolean {
  if (isSame(a, b)) return true;
  // Functions are equal only to themselves.
  if (!isObject(a) || !isObject(b)) return false;
  // Before the prototypes: a Date equals an instance of a subclass of the same time.
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (kind(a) !== kind(b)) return false;
  const same = (x: unknown, y: unknown) => equalWithin(x, y, seen);

  if (a instanceof TypedArray) return sameElements(a, b as ArrayLike<unknown>);
  if (a instanceof ArrayBuffer || a instanceof SharedArrayBuffer) {
    return sameElements(new Uint8Array(a), new Uint8Array(b as typeof a));
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError(
      `Cannot compare ${a instanceof WeakMap ? "WeakMap" : "WeakSet"} instances`,
    );
  }
  if (a instanceof WeakRef) {
    return same(a.deref(), (b as WeakRef<object>).deref());
  }

  if (seen.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);

  if (a instanceof Map && b instanceof Map) return sameEntries(a, b, same);
  if (a instanceof Set && b instanceof Set) return sameMembers(a, b, same);
  if (COMPARED_AS_TEXT.has(Object.getPrototypeOf(a))) {
    return String(a) === String(b);
  }

  const keys = isPlain(a)
    ? Reflect.ownKeys({ ...a, ...b })
    : [...inheritedKeys(a).union(inheritedKeys(b))];
  return keys.every((key) =>
    same(Reflect.get(a, key), Reflect.get(b, key)) && (key in a) === (key in b)
  );
}

/** Equality of values that are not looked into: `===`, and `NaN` equals itself. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isPrimitive(value: unknown): boolean {
  return !isObject(value) && typeof value !== "function";
}

/** The prototype; having none is being a plain object. */
function kind(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

/** Whether an object's own properties are all there is to compare. */
function isPlain(value: object): boolean {
  return kind(value) === Object.prototype || kind(value) === Array.prototype;
}

/** Every key of an object and of the classes it comes from, hidden ones too. */
function inheritedKeys(value: object): Set<string | symbol> {
  const keys = new Set<string | symbol>();
  for (
    let owner: object | null = value;
    owner !== null && owner !== Object.prototype && owner !== Array.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const key of Reflect.ownKeys(owner)) keys.add(key);
  }
  return keys;
}

function sameElements(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!isSame(a[i], b[i])) return false;
  }
  return true;
}

type Same = (x: unknown, y: unknown) => boolean;

/** Whether each entry of the one Map has an equal entry in the other. */
function sameEntries(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  same: Same,
): boolean {
  if (a.size !== b.size) return false;
  if ([...a.keys()].every(isPrimitive)) {
    return [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)));
  }
  return [...a].every(([key, value]) =>
    [...b].some(([other, counterpart]) => same(key, other) && same(value, counterpart))
  );
}

/** Whether each member of the one Set has an equal member in the other. */
function sameMembers(a: Set<unknown>, b: Set<unknown>, same: Same): boolean {
  if (a.size !== b.size) return false;
  if ([...a].every(isPrimitive)) return a.isSubsetOf(b);
  return [...a].every((member) => [...b].some((other) => same(member, other)));
}
