/**
 * Arithmetic on shapes, and the words errors use for them.
 *
 * @module
 */

/** Sizes along each dimension; `[]` is a single number. */
export type Shape = readonly number[];

/** A shape as it is written in messages: `[2, 3]`. */
export function format(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/**
 * A dimension counted from 0, given one that may be negative.
 *
 * @throws {RangeError} If there is no such dimension.
 */
export function dimension(op: string, dim: number, shape: Shape): number {
  const d = dim < 0 ? dim + shape.length : dim;
  if (!Number.isInteger(dim) || d < 0 || d >= shape.length) {
    throw new RangeError(
      `${op}: dimension ${dim} does not exist in shape ${format(shape)}; expected ${
        shape.length === 0 ? "a tensor with dimensions" : `${-shape.length} to ${shape.length - 1}`
      }`,
    );
  }
  return d;
}

/**
 * The shape two operands broadcast to: sizes are aligned at the last dimension and must be equal or 1.
 *
 * @throws {TypeError} If they don't.
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const n = Math.max(a.length, b.length), out = new Array<number>(n);
  for (let i = 1; i <= n; i++) {
    const x = a[a.length - i] ?? 1, y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new TypeError(
        `${op}: shapes ${format(a)} and ${
          format(b)
        } do not broadcast: sizes ${x} and ${y} differ ` +
          `in dimension ${-i}. Reshape one, or make one of the two sizes 1`,
      );
    }
    out[n - i] = x === 1 ? y : x;
  }
  return out;
}

/** Strides in elements of a contiguous array. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let s = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = s;
    s *= shape[i]!;
  }
  return strides;
}

/** Strides with which `shape` is read as `target`: 0 where it is repeated. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = contiguousStrides(shape), shift = target.length - shape.length;
  return target.map((_, i) => i < shift || shape[i - shift] === 1 ? 0 : own[i - shift]!);
}

/** A loop nest: sizes, and for each operand the strides, outermost first. */
export interface Loops {
  /** Sizes, outermost first; never empty. */
  sizes: number[];
  /** For each operand its stride in each loop. */
  strides: number[][];
}

/** Merges neighbouring loops that every operand walks as one, and drops loops of one turn. */
export function mergeLoops(shape: Shape, operands: number[][]): Loops {
  const sizes: number[] = [], strides: number[][] = operands.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && operands.every((s, k) => strides[k]![last] === s[d]! * size)) {
      sizes[last]! *= size;
      operands.forEach((s, k) => strides[k]![last] = s[d]!);
    } else {
      sizes.push(size);
      operands.forEach((s, k) => strides[k]!.push(s[d]!));
    }
  }
  if (sizes.length === 0) {
    sizes.push(sizeOf(shape));
    strides.forEach((s) => s.push(1));
  }
  return { sizes, strides };
}
