import { Random } from "@tunebook/tensor";

let shared = new Random(0);

/**
 * Starts the generator anew that layers draw from when they aren't given one of their own: initial
 * weights, and what dropout drops.
 *
 * @param seed A whole number; 0 until this is called.
 *
 * @example
 * ```ts
 * import { Linear, manualSeed } from "@tunebook/nn";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(7);
 * const first = new Linear(2, 2).weight.toArray();
 * manualSeed(7);
 * assertEquals(new Linear(2, 2).weight.toArray(), first);
 * ```
 */
export function manualSeed(seed: number): void {
  shared = new Random(seed);
}

/** The generator of layers that aren't given one. */
export function sharedRandom(): Random {
  return shared;
}
