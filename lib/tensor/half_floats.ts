/**
 * bfloat16: the upper half of a float32, so the same range with 8 bits of precision. (float16 needs
 * nothing: JavaScript's `Float16Array` converts.)
 *
 * @module
 */

/**
 * Rounds float32 to bfloat16, to the nearest and ties to even, as PyTorch does.
 *
 * @param values Any length.
 * @returns The bits of each, in the same order.
 *
 * @example
 * ```ts
 * import { toBfloat16 } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toBfloat16(new Float32Array([1])), new Uint16Array([0x3f80]));
 * ```
 */
export function toBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const word = bits[i]!;
    // A NaN's payload could round up into infinity: keep it a NaN.
    const isNan = (word & 0x7fffffff) > 0x7f800000;
    halves[i] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return halves;
}

/**
 * Widens bfloat16 to float32; exact.
 *
 * @param halves The bits of each.
 *
 * @example
 * ```ts
 * import { fromBfloat16 } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fromBfloat16(new Uint16Array([0x3f80])), new Float32Array([1]));
 * ```
 */
export function fromBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}
