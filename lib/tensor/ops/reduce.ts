/**
 * Reductions: sums, means, extremes and their relatives along one dimension, several, or all.
 *
 * The kernels reduce rows (the last dimension) or columns (the middle of three); other cases are
 * permuted into rows first. The order of summation depends on the shape alone.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { allocate, releaseBlock } from "../memory.ts";
import { dimension, format, type Shape, sizeOf } from "../shapes.ts";
import { copyOf, type Tensor, uninitialized } from "../tensor.ts";
import { BinaryKind, Op, ReduceKind, SumBlock, UnaryKind } from "../wasm/assembly/ops.ts";
import { floats, launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { expectFloat, map } from "./elementwise.ts";
import { expandTo, permute, reshape } from "./shape.ts";

/** Dimensions to reduce: one, several, or (undefined) all. */
export type Dims = number | readonly number[] | undefined;

/** Which dimensions go, and the shapes without them and with them as 1. */
interface Plan {
  dims: number[];
  /** Elements combined into one. */
  count: number;
  shape: number[];
  kept: number[];
}

function plan(op: string, x: Tensor, dim: Dims): Plan {
  const list = dim === undefined ? x.shape.map((_, i) => i) : typeof dim === "number" ? [dim] : dim;
  const dims = [...new Set(list.map((d) => dimension(op, d, x.shape)))].sort((a, b) => a - b);
  const kept = x.shape.map((s, i) => dims.includes(i) ? 1 : s);
  const shape = x.shape.filter((_, i) => !dims.includes(i));
  return { dims, count: sizeOf(dims.map((d) => x.shape[d]!)), shape, kept };
}

/** Reads [outer, n, inner] off dimensions that are neighbours; undefined if they aren't. */
function blocks(shape: Shape, dims: readonly number[]): [number, number, number] | undefined {
  const first = dims[0] ?? shape.length, last = dims.at(-1) ?? first - 1;
  if (dims.length > 0 && last - first + 1 !== dims.length) return;
  return [
    sizeOf(shape.slice(0, first)),
    sizeOf(shape.slice(first, last + 1)),
    sizeOf(shape.slice(last + 1)),
  ];
}

/** x with the reduced dimensions last, as [rows, n]; part of the graph. */
function asRows(x: Tensor, p: Plan): Tensor {
  const rest = x.shape.map((_, i) => i).filter((i) => !p.dims.includes(i));
  const order = [...rest, ...p.dims],
    moved = order.every((d, i) => d === i) ? x : permute(x, order);
  return reshape(moved, [sizeOf(p.shape), p.count]);
}

/** Elements added up in one go; longer sums are sums of such blocks, added in double precision. */
const BLOCK = 16384;

/** The sum of all elements, or of their squares, as a number. */
export function total(x: Tensor, squares = false): number {
  if (x.size === 0) return 0;
  const count = Math.ceil(x.size / BLOCK), parts = allocate(count * 4);
  const kind = squares ? ReduceKind.SumOfSquares : ReduceKind.Sum;
  launch(Op.SumBlocks, chunksFor(x.size), kind, parts.address, x.address, x.size, BLOCK);
  let sum = 0;
  for (const part of floats(parts.address, count)) sum += part;
  releaseBlock(parts);
  return sum;
}

/** Sums [outer, n, inner] over n into `shape`; no history. */
function sumMiddle(
  x: Tensor,
  sizes: [number, number, number],
  shape: Shape,
  scale: number,
): Tensor {
  const [outer, n, inner] = sizes, out = uninitialized(shape);
  if (outer === 1 && inner === 1) out.data[0] = total(x) * scale;
  else if (inner === 1) {
    const kind = ReduceKind.Sum;
    launch(Op.ReduceRows, chunksFor(x.size), kind, out.address, x.address, outer, n, scale);
  } else if (outer === 1) sumRows(out.address, x.address, n, inner, scale);
  else {
    launch(
      Op.ReduceColumns,
      chunksFor(x.size),
      ...[out.address, x.address, outer, n, inner, scale, 0, n],
    );
  }
  return out;
}

/**
 * Sums `n` rows of `width` floats. A long sum is one of blocks of rows, so that each thread reads the
 * rows it wrote: lines that two cores have read are slow to write again.
 *
 * @param to Address of the sum.
 * @param from Address of the first row.
 * @param add 1 adds to what is there.
 */
export function sumRows(
  to: number,
  from: number,
  n: number,
  width: number,
  scale = 1,
  add = 0,
): void {
  const chunks = chunksFor(n * width);
  if (n < 2 * SumBlock.Rows) {
    launch(Op.ReduceColumns, chunks, to, from, 1, n, width, scale, add, n);
    return;
  }
  const blocks = Math.ceil(n / SumBlock.Rows), rest = n - (blocks - 1) * SumBlock.Rows;
  const parts = allocate(blocks * width * 4), at = parts.address;
  launch(Op.ReduceColumns, chunks, at, from, blocks, SumBlock.Rows, width, 1, 0, rest);
  sumRows(to, at, blocks, width, scale, add);
  releaseBlock(parts);
}

/** Sums x down to a shape that broadcasts to x's: the gradient of broadcasting. No history. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const shift = x.ndim - shape.length;
  const dims = x.shape.map((_, i) => i).filter((i) => i < shift || shape[i - shift] !== x.shape[i]);
  // Neighbouring dimensions are summed together, from the last group to the first.
  let current = x;
  for (let end = dims.length; end > 0;) {
    let from = end - 1;
    while (from > 0 && dims[from - 1] === dims[from]! - 1) from--;
    const group = dims.slice(from, end),
      kept = current.shape.map((s, i) => group.includes(i) ? 1 : s);
    const next = sumMiddle(current, blocks(current.shape, group)!, kept, 1);
    if (current !== x) current.dispose();
    current = next;
    end = from;
  }
  if (current === x) return copyOf(x);
  const out = uninitialized(shape);
  launch(Op.Copy, 1, out.address, current.address, current.size);
  current.dispose();
  return out;
}

function scaledSum(op: string, x: Tensor, dim: Dims, keepDim: boolean, mean: boolean): Tensor {
  expectFloat(op, x);
  const p = plan(op, x, dim), sizes = blocks(x.shape, p.dims);
  const scale = mean ? 1 / p.count : 1;
  if (!sizes) {
    const rows = scaledSum(op, asRows(x, p), 1, false, mean);
    return reshape(rows, keepDim ? p.kept : p.shape);
  }
  const out = sumMiddle(x, sizes, keepDim ? p.kept : p.shape, scale);
  return record(op, out, [x], (dy, g) => {
    const view = g.alias(dy, p.kept), full = expandTo(view, x.shape);
    view.dispose();
    if (scale === 1) return g.give(x, full);
    g.give(x, map(UnaryKind.Affine, full, scale));
    full.dispose();
  }, { reads: [] });
}

/** Sum. */
export function sum(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return scaledSum("sum", x, dim, keepDim, false);
}

/** Mean. */
export function mean(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return scaledSum("mean", x, dim, keepDim, true);
}

/** A reduction of the rows of [rows, n]. */
function overRows(
  op: string,
  x: Tensor,
  dim: Dims,
  keepDim: boolean,
  reduceRows: (rows: Tensor) => Tensor,
): Tensor {
  expectFloat(op, x);
  const p = plan(op, x, dim);
  return reshape(reduceRows(asRows(x, p)), keepDim ? p.kept : p.shape);
}

/** Variance with divisor n - correction, in two passes. */
export function variance(x: Tensor, dim?: Dims, keepDim = false, correction = 1): Tensor {
  return overRows("var", x, dim, keepDim, (rows) => {
    const [r, n] = rows.shape as [number, number],
      out = uninitialized([r]),
      means = uninitialized([r]);
    const divisor = Math.max(0, n - correction);
    launch(
      Op.VarRows,
      chunksFor(rows.size),
      ...[out.address, means.address, rows.address, r, n, divisor],
    );
    return record("var", out, [rows], (dy, g) => {
      const dx = uninitialized(rows.shape);
      launch(
        Op.VarRowsBackward,
        chunksFor(rows.size),
        ...[dx.address, dy.address, rows.address, means.address, r, n, divisor],
      );
      g.give(rows, dx);
    }, { saved: [means] });
  });
}

function extremeRows(op: string, kind: ReduceKind, x: Tensor, dim: Dims, keepDim: boolean): Tensor {
  return overRows(op, x, dim, keepDim, (rows) => {
    const [r, n] = rows.shape as [number, number], out = uninitialized([r]);
    if (n === 0) {
      throw new TypeError(
        `${op}: nothing to reduce in shape ${format(x.shape)}; it has no elements`,
      );
    }
    launch(Op.ReduceRows, chunksFor(rows.size), kind, out.address, rows.address, r, n, 1);
    // The gradient goes to one of the elements that are the extreme: the first.
    return record(op, out, [rows], (dy, g) => {
      const sign = kind === ReduceKind.Max ? rows : map(UnaryKind.Affine, rows, -1);
      const at = uninitialized([r], "int32"), dx = uninitialized(rows.shape);
      launch(Op.ArgMaxRows, chunksFor(rows.size), at.address, sign.address, r, n);
      launch(Op.RowScatter, chunksFor(rows.size), dx.address, dy.address, at.address, r, n);
      at.dispose();
      if (sign !== rows) sign.dispose();
      g.give(rows, dx);
    });
  });
}

/** Largest element; the gradient goes to the first of equals. */
export function max(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return extremeRows("max", ReduceKind.Max, x, dim, keepDim);
}

/** Smallest element; the gradient goes to the first of equals. */
export function min(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return extremeRows("min", ReduceKind.Min, x, dim, keepDim);
}

/** Index of the largest element along a dimension, or in the flattened tensor; int32. */
export function argmax(x: Tensor, dim?: number, keepDim = false): Tensor {
  return overRows("argmax", x, dim, keepDim, (rows) => {
    const [r, n] = rows.shape as [number, number], out = uninitialized([r], "int32");
    if (n === 0) {
      throw new TypeError(`argmax: nothing to choose from in shape ${format(x.shape)}`);
    }
    launch(Op.ArgMaxRows, chunksFor(rows.size), out.address, rows.address, r, n);
    return record("argmax", out, [rows]);
  });
}

/** log(sum(e^x)); its gradient is softmax(x). */
export function logsumexp(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return overRows("logsumexp", x, dim, keepDim, (rows) => {
    const [r, n] = rows.shape as [number, number], out = uninitialized([r]);
    launch(Op.LogSumExpRows, chunksFor(rows.size * 4), out.address, rows.address, r, n);
    return record("logsumexp", out, [rows], (dy, g) => {
      const dx = uninitialized(rows.shape);
      launch(
        Op.ExpShiftRows,
        chunksFor(rows.size * 4),
        ...[dx.address, rows.address, out.address, r, n, 1, dy.address],
      );
      g.give(rows, dx);
    });
  });
}

/** √(sum of squares); the gradient at 0 is taken as 0. */
export function norm(x: Tensor, dim?: Dims, keepDim = false): Tensor {
  return overRows("norm", x, dim, keepDim, (rows) => {
    const [r, n] = rows.shape as [number, number], out = uninitialized([r]);
    if (r === 1) out.data[0] = Math.sqrt(total(rows, true));
    else {
      const kind = ReduceKind.SumOfSquares, squares = uninitialized([r]);
      launch(Op.ReduceRows, chunksFor(rows.size), kind, squares.address, rows.address, r, n, 1);
      launch(Op.Unary, 1, UnaryKind.Sqrt, out.address, squares.address, r, 0, 0);
      squares.dispose();
    }
    return record("norm", out, [rows], (dy, g) => { // dy x / norm
      const factor = uninitialized([r, 1]), f = factor.data, y = out.data, d = dy.data;
      for (let i = 0; i < r; i++) f[i] = y[i] ? d[i]! / y[i]! : 0;
      const full = expandTo(factor, rows.shape), dx = uninitialized(rows.shape), size = rows.size;
      launch(
        Op.Binary,
        chunksFor(size),
        ...[BinaryKind.Mul, dx.address, rows.address, 1, full.address, 1, size, 1, 0],
      );
      factor.dispose();
      full.dispose();
      g.give(rows, dx);
    });
  });
}

/** Running sum along a dimension; its gradient is a running sum from the end. */
export function cumsum(x: Tensor, dim: number): Tensor {
  expectFloat("cumsum", x);
  const d = dimension("cumsum", dim, x.shape), last = x.ndim - 1;
  const order = x.shape.map((_, i) => i).filter((i) => i !== d).concat(d);
  const moved = d === last ? x : permute(x, order), n = x.shape[d]!;
  const out = runningSum(moved, n, 0);
  const y = record("cumsum", out, [moved], (dy, g) => g.give(moved, runningSum(dy, n, 1)));
  if (d === last) return y;
  return permute(y, x.shape.map((_, i) => order.indexOf(i)));
}
function runningSum(x: Tensor, n: number, reverse: 0 | 1): Tensor {
  const out = uninitialized(x.shape), rows = n === 0 ? 0 : x.size / n;
  launch(Op.CumSumRows, chunksFor(x.size), out.address, x.address, rows, n, reverse);
  return out;
}
