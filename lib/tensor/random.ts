/**
 * Seeded random numbers that don't depend on the number of threads.
 *
 * @module
 */
import type { Shape } from "./shapes.ts";
import { type Tensor, uninitialized } from "./tensor.ts";
import { Op } from "./wasm/assembly/ops.ts";
import { kernel, launch } from "./wasm/runtime.ts";
import { chunksFor } from "./wasm/threads.ts";

/** All there is to know about a generator, as JSON. */
export interface RandomState {
  /** Which stream it is. */
  key: [number, number];
  /** How many numbers were drawn. */
  counter: number;
}

/**
 * A stream of random numbers: number i is a hash (SplitMix64, Steele, Lea & Flood 2014) of the key
 * and i, so arrays can be filled by many threads and the state is one counter.
 *
 * @example
 * ```ts
 * import { Random } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new Random(7).normal([3]).toArray(), new Random(7).normal([3]).toArray());
 * ```
 */
export class Random {
  #key: [number, number];
  #counter = 0;

  /**
   * The stream of a seed, from its start.
   *
   * @param seed A whole number; each gives another stream.
   * @throws {RangeError} If it isn't a whole number.
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`Random: expected a whole number as seed but found ${seed}`);
    }
    // Hashing spreads neighbouring seeds far apart.
    const mixed = (salt: number) => {
      const s = seed < 0 ? -seed : seed, high = Math.floor(s / 2 ** 32) + (seed < 0 ? 2 ** 31 : 0);
      return Math.floor(kernel.randomUnit(high, s % 2 ** 32, salt) * 2 ** 32);
    };
    this.#key = [mixed(0), mixed(1)];
  }

  /** Reserves `count` numbers of the stream: key and first counter, for kernels. */
  take(count: number): [number, number, number] {
    const first = this.#counter;
    this.#counter += count;
    return [...this.#key, first];
  }

  /** The state, to be stored and given to {@linkcode Random.fromState}. */
  get state(): RandomState {
    return { key: [...this.#key], counter: this.#counter };
  }
  set state(state: RandomState) {
    this.#key = [...state.key];
    this.#counter = state.counter;
  }

  /** A generator that goes on where another stood. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.state = state;
    return random;
  }

  /** An independent generator; this one advances by one number. */
  fork(): Random {
    return new Random(Math.floor(this.next() * Number.MAX_SAFE_INTEGER));
  }

  /** One number in [0, 1). */
  next(): number {
    return kernel.randomUnit(...this.take(1));
  }

  /** One whole number in [low, high). */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }

  /** Numbers spread evenly over [low, high). */
  uniform(shape: Shape, low = 0, high = 1): Tensor {
    const t = uninitialized([...shape]), stream = this.take(t.size);
    const args = [t.address, t.size, ...stream, low, high - low];
    launch(Op.RandomUniform, chunksFor(t.size * 2), ...args);
    t.op = "uniform";
    return t;
  }

  /** Normally distributed numbers. */
  normal(shape: Shape, mean = 0, deviation = 1): Tensor {
    const t = uninitialized([...shape]), stream = this.take(t.size + t.size % 2);
    const args = [t.address, t.size, ...stream, mean, deviation];
    launch(Op.RandomNormal, chunksFor(t.size * 16), ...args);
    t.op = "normal";
    return t;
  }

  /** Whole numbers in [low, high), as int32. */
  randint(low: number, high: number, shape: Shape): Tensor {
    if (!(high > low)) {
      throw new RangeError(`randint: expected low < high but found ${low}, ${high}`);
    }
    const t = uninitialized([...shape], "int32"), stream = this.take(t.size);
    const args = [t.address, t.size, ...stream, low, high - low];
    launch(Op.RandomIntegers, chunksFor(t.size * 2), ...args);
    t.op = "randint";
    return t;
  }

  /** The numbers 0 to n - 1 in random order (Fisher & Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(0, i + 1), t = order[i]!;
      order[i] = order[j]!;
      order[j] = t;
    }
    return order;
  }

  /**
   * Draws elements from a list.
   *
   * @param items What to draw from.
   * @param count How many.
   * @param options Without `replace` each is drawn at most once; `weights` make some more likely.
   * @throws {RangeError} If there are too few to draw from.
   */
  choice<T>(
    items: ArrayLike<T>,
    count: number,
    options: { replace?: boolean; weights?: ArrayLike<number> } = {},
  ): T[] {
    const { replace = false } = options, weights = options.weights;
    if (items.length === 0 || (!replace && count > items.length)) {
      throw new RangeError(
        `choice: cannot draw ${count} of ${items.length} items${replace ? "" : " without replace"}`,
      );
    }
    if (!weights) {
      if (!replace) {
        return Array.from(this.permutation(items.length).subarray(0, count), (i) => items[i]!);
      }
      return Array.from({ length: count }, () => items[this.integer(0, items.length)]!);
    }
    const left = Float64Array.from(weights);
    return Array.from({ length: count }, () => {
      const total = left.reduce((a, b) => a + b, 0);
      let at = 0;
      for (let x = this.next() * total - left[0]!; x >= 0 && at < left.length - 1;) {
        x -= left[++at]!;
      }
      if (!replace) left[at] = 0;
      return items[at]!;
    });
  }
}
