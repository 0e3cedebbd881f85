/**
 * Moving and viewing: reshape shares memory, everything else copies with the strided-copy kernel.
 * The gradient of a move is the reverse move.
 *
 * @module
 */
import { record } from "../autograd.ts";
import {
  broadcastStrides,
  contiguousStrides,
  dimension,
  format,
  mergeLoops,
  sameShape,
  type Shape,
  sizeOf,
} from "../shapes.ts";
import { aliasOf, copyOf, type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { sumTo } from "./reduce.ts";

/** Copies (or adds) `shape` elements between two addresses with strides in elements. */
export function stridedCopy(
  shape: Shape,
  to: number,
  toStrides: number[],
  from: number,
  fromStrides: number[],
  add: 0 | 1 = 0,
): void {
  const size = sizeOf(shape);
  if (size === 0) return;
  const { sizes, strides } = mergeLoops(shape, [toStrides, fromStrides]);
  const [t, f] = strides as [number[], number[]], last = sizes.length - 1, outer: number[] = [];
  for (let d = last - 1; d >= 0; d--) outer.push(sizes[d]!, t[d]!, f[d]!);
  launch(
    Op.Strided,
    chunksFor(size),
    ...[to, from, sizes[last]!, t[last]!, f[last]!, size / sizes[last]!, add, last, ...outer],
  );
}

/** The same elements in another shape; shares memory. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = sizeOf(shape.filter((s) => s !== -1)), open = shape.indexOf(-1);
  const full = open < 0 ? [...shape] : shape.map((s) => s === -1 ? x.size / known : s);
  const valid = full.every((s) => Number.isInteger(s) && s >= 0);
  if (!valid || sizeOf(full) !== x.size) {
    throw new TypeError(
      `reshape: shape ${format(x.shape)} (${x.size} elements) does not fit ${format(shape)}` +
        (open < 0 ? ` (${known} elements)` : ""),
    );
  }
  if (sameShape(full, x.shape)) return x;
  return record(
    "reshape",
    aliasOf(x, full),
    [x],
    (dy, g) => g.give(x, g.alias(dy, x.shape)),
    { reads: [] },
  );
}

/** Merges dimensions `start` to `end` into one. */
export function flatten(x: Tensor, start: number, end: number): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const a = dimension("flatten", start, x.shape), b = dimension("flatten", end, x.shape);
  const merged = sizeOf(x.shape.slice(a, b + 1));
  return reshape(x, [...x.shape.slice(0, a), merged, ...x.shape.slice(b + 1)]);
}

/** Removes dimensions of size 1. */
export function squeeze(x: Tensor, dim?: number): Tensor {
  const d = dim === undefined ? undefined : dimension("squeeze", dim, x.shape);
  return reshape(x, x.shape.filter((s, i) => s !== 1 || (d !== undefined && i !== d)));
}

/** Inserts a dimension of size 1. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const d = dimension("unsqueeze", dim, [...x.shape, 1]);
  return reshape(x, [...x.shape.slice(0, d), 1, ...x.shape.slice(d)]);
}

/** A copy through which gradients flow. */
export function clone(x: Tensor): Tensor {
  return record("clone", copyOf(x), [x], (dy, g) => g.give(x, g.alias(dy)), { reads: [] });
}

function permuted(x: Tensor, order: readonly number[]): Tensor {
  const out = uninitialized(order.map((d) => x.shape[d]!), x.dtype),
    own = contiguousStrides(x.shape);
  stridedCopy(
    out.shape,
    out.address,
    contiguousStrides(out.shape),
    x.address,
    order.map((d) => own[d]!),
  );
  return out;
}

/** Reorders the dimensions: dimension i of the result is dimension dims[i] of x. */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  const order = dims.map((d) => dimension("permute", d, x.shape));
  if (new Set(order).size !== x.ndim || order.length !== x.ndim) {
    throw new TypeError(
      `permute: expected each dimension of ${format(x.shape)} once but found ${format(dims)}`,
    );
  }
  const back = order.map((_, i) => order.indexOf(i));
  const y = permuted(x, order);
  return record("permute", y, [x], (dy, g) => g.give(x, permuted(dy, back)), { reads: [] });
}

/** Swaps two dimensions. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const a = dimension("transpose", dim0, x.shape), b = dimension("transpose", dim1, x.shape);
  const order = x.shape.map((_, i) => i === a ? b : i === b ? a : i);
  return permute(x, order);
}

/** x repeated to a larger shape; no history. */
export function expandTo(x: Tensor, shape: Shape): Tensor {
  const out = uninitialized(shape, x.dtype);
  if (x.size === 1) {
    // Bits are copied, so this serves both kinds of element.
    if (out.dtype === "float32") {
      launch(Op.Fill, chunksFor(out.size), out.address, x.data[0]!, out.size);
    } else out.data.fill(x.data[0]!);
    return out;
  }
  stridedCopy(
    shape,
    out.address,
    contiguousStrides(shape),
    x.address,
    broadcastStrides(x.shape, shape),
  );
  return out;
}

/** Repeats dimensions of size 1; -1 keeps a size. */
export function expand(x: Tensor, shape: readonly number[]): Tensor {
  const shift = shape.length - x.ndim;
  const full = shape.map((s, i) => s === -1 && i >= shift ? x.shape[i - shift]! : s);
  if (shift < 0 || x.shape.some((s, i) => s !== 1 && s !== full[i + shift])) {
    throw new TypeError(
      `expand: shape ${format(x.shape)} cannot be repeated to ${format(shape)}; ` +
        "only dimensions of size 1 can",
    );
  }
  if (sameShape(full, x.shape)) return x;
  return record(
    "expand",
    expandTo(x, full),
    [x],
    (dy, g) => g.give(x, sumTo(dy, x.shape)),
    { reads: [] },
  );
}

/** An index, `[start, stop]`, `[start, stop, step]`, or null for everything. */
export type Range = number | readonly [number, number] | readonly [number, number, number] | null;

/** Part of x: one range for each leading dimension. */
export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  if (ranges.length > x.ndim) {
    throw new RangeError(
      `slice: ${ranges.length} ranges given for shape ${
        format(x.shape)
      }, expected at most ${x.ndim}`,
    );
  }
  const own = contiguousStrides(x.shape), kept: number[] = [], shape: number[] = [];
  const strides: number[] = [];
  let offset = 0;
  x.shape.forEach((size, d) => {
    const range = ranges[d] ?? null, [start, count, step] = resolve(range, size, d, x.shape);
    offset += start * own[d]!;
    kept.push(count);
    strides.push(step * own[d]!);
    if (typeof range !== "number") shape.push(count);
  });
  const out = uninitialized(shape, x.dtype), packed = contiguousStrides(kept);
  stridedCopy(kept, out.address, packed, x.address + offset * 4, strides);
  return record("slice", out, [x], (dy, g) => {
    const { address, add } = g.into(x);
    if (!add) launch(Op.Fill, chunksFor(x.size), address, 0, x.size);
    stridedCopy(kept, address + offset * 4, strides, dy.address, packed, 1);
  }, { reads: [] });
}

/** Start, number and step of the indices a range names. */
function resolve(range: Range, size: number, dim: number, shape: Shape): [number, number, number] {
  if (range === null) return [0, size, 1];
  const place = (i: number) => i < 0 ? i + size : i;
  if (typeof range === "number") {
    const i = place(range);
    if (!Number.isInteger(i) || i < 0 || i >= size) {
      throw new RangeError(
        `slice: index ${range} is outside dimension ${dim} of shape ${format(shape)}; ` +
          `expected ${-size} to ${size - 1}`,
      );
    }
    return [i, 1, 1];
  }
  const [from, to, step = 1] = range;
  if (!Number.isInteger(step) || step < 1) {
    throw new RangeError(`slice: step must be a positive whole number but found ${step}`);
  }
  const start = Math.min(size, Math.max(0, place(from)));
  const stop = Math.min(size, Math.max(start, to === Infinity ? size : place(to)));
  return [start, Math.ceil((stop - start) / step), step];
}

/** One index along a dimension, which disappears. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = dimension("select", dim, x.shape);
  return slice(x, x.shape.slice(0, d + 1).map((_, i) => i === d ? index : null));
}

/** `length` indices from `start` along a dimension. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = dimension("narrow", dim, x.shape), size = x.shape[d]!;
  if (start < 0 || length < 0 || start + length > size) {
    throw new RangeError(
      `narrow: ${start} to ${start + length} is outside dimension ${d} of shape ${format(x.shape)}`,
    );
  }
  return slice(x, x.shape.slice(0, d + 1).map((_, i) => i === d ? [start, start + length] : null));
}

/** Pieces of `size` (the last may be smaller), or of the given sizes, along a dimension. */
export function split(x: Tensor, size: number | readonly number[], dim: number): Tensor[] {
  const d = dimension("split", dim, x.shape), n = x.shape[d]!;
  const sizes = typeof size === "number"
    ? Array.from({ length: Math.ceil(n / size) }, (_, i) => Math.min(size, n - i * size))
    : size;
  if (sizes.reduce((a, b) => a + b, 0) !== n) {
    throw new RangeError(
      `split: sizes ${format(sizes)} do not add up to ${n}, dimension ${d} of ${format(x.shape)}`,
    );
  }
  let start = 0;
  return sizes.map((s) => narrow(x, d, (start += s) - s, s));
}

/**
 * Joins tensors along an existing dimension.
 *
 * @throws {TypeError} If their other sizes differ.
 */
export function concat(tensors: readonly Tensor[], dim = 0): Tensor {
  const first = tensors[0];
  if (!first) throw new TypeError("concat: expected at least one tensor");
  const d = dimension("concat", dim, first.shape);
  for (const t of tensors) {
    const fits = t.ndim === first.ndim && t.shape.every((s, i) => i === d || s === first.shape[i]);
    if (!fits || t.dtype !== first.dtype) {
      throw new TypeError(
        `concat: ${t.dtype} of shape ${format(t.shape)} does not fit ${first.dtype} of shape ` +
          `${format(first.shape)}; only dimension ${d} may differ`,
      );
    }
  }
  const shape = [...first.shape];
  shape[d] = tensors.reduce((n, t) => n + t.shape[d]!, 0);
  const out = uninitialized(shape, first.dtype), strides = contiguousStrides(shape);
  const starts: number[] = [];
  let at = 0;
  for (const t of tensors) {
    starts.push(at * strides[d]! * 4);
    stridedCopy(
      t.shape,
      out.address + at * strides[d]! * 4,
      strides,
      t.address,
      contiguousStrides(t.shape),
    );
    at += t.shape[d]!;
  }
  return record("concat", out, tensors, (dy, g) => {
    tensors.forEach((t, i) => {
      if (!g.wants(t)) return;
      const { address, add } = g.into(t), packed = contiguousStrides(t.shape);
      stridedCopy(t.shape, address, packed, dy.address + starts[i]!, strides, add);
    });
  }, { reads: [] });
}

/** Joins tensors of one shape along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return concat(tensors.map((t) => unsqueeze(t, dim)), dim);
}
