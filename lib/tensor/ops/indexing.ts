/**
 * Picking elements by index: gather, scatter, embedding, masks.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { broadcastShapes, dimension, format, sameShape, type Shape, sizeOf } from "../shapes.ts";
import { copyOf, Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { scalar } from "./elementwise.ts";
import { expandTo, permute } from "./shape.ts";
import { sumTo } from "./reduce.ts";

/** Indices as an int32 tensor; one made here from an array is not part of any graph. */
export function asIndices(op: string, ids: Tensor | ArrayLike<number>): Tensor {
  if (ids instanceof Tensor) {
    if (ids.dtype === "int32") return ids;
    throw new TypeError(
      `${op}: indices must be int32 but found ${ids.dtype} of shape ${format(ids.shape)}; ` +
        'make them with tensor(ids, { dtype: "int32" }) or int()',
    );
  }
  const t = uninitialized([ids.length], "int32");
  t.data.set(ids);
  return t;
}

/** @throws {RangeError} If an index is outside [0, limit). */
export function checkIndices(op: string, ids: Tensor, limit: number, what: string): void {
  const data = ids.data;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id < 0 || id >= limit) {
      throw new RangeError(
        `${op}: index ${id} (element ${i} of indices of shape ${format(ids.shape)}) is outside ` +
          `${what}; expected 0 to ${limit - 1}`,
      );
    }
  }
}

/** [outer, n, inner] around a dimension. */
function around(shape: Shape, d: number): [number, number, number] {
  return [sizeOf(shape.slice(0, d)), shape[d]!, sizeOf(shape.slice(d + 1))];
}

function checkGather(op: string, x: Tensor, dim: number, index: Tensor): number {
  asIndices(op, index);
  const d = dimension(op, dim, x.shape);
  const fits = index.ndim === x.ndim && index.shape.every((s, i) => i === d || s === x.shape[i]);
  if (!fits) {
    throw new TypeError(
      `${op}: index of shape ${format(index.shape)} does not fit ${format(x.shape)}; ` +
        `only dimension ${d} may differ`,
    );
  }
  checkIndices(op, index, x.shape[d]!, `dimension ${d} of shape ${format(x.shape)}`);
  return d;
}

/** out[.., j, ..] = x[.., index[.., j, ..], ..]. */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = checkGather("gather", x, dim, index), [outer, n, inner] = around(x.shape, d);
  const count = index.shape[d]!, out = uninitialized(index.shape, x.dtype);
  const args = [outer, n, count, inner];
  launch(Op.Gather, chunksFor(out.size), out.address, x.address, index.address, ...args);
  return record("gather", out, [x, index], (dy, g) => {
    const { address, add } = g.into(x);
    if (!add) launch(Op.Fill, chunksFor(x.size), address, 0, x.size);
    launch(Op.ScatterAdd, chunksFor(dy.size), address, dy.address, index.address, ...args);
  });
}

/** A copy of x to which source[.., j, ..] is added at [.., index[.., j, ..], ..]. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = checkGather("scatterAdd", x, dim, index), [outer, n, inner] = around(x.shape, d);
  if (!sameShape(source.shape, index.shape)) {
    throw new TypeError(
      `scatterAdd: source has shape ${format(source.shape)}, expected the index's ` +
        format(index.shape),
    );
  }
  const out = copyOf(x), args = [outer, n, index.shape[d]!, inner];
  launch(
    Op.ScatterAdd,
    chunksFor(source.size),
    ...[out.address, source.address, index.address, ...args],
  );
  return record("scatterAdd", out, [x, index, source], (dy, g) => {
    if (g.wants(source)) {
      const ds = uninitialized(source.shape);
      launch(Op.Gather, chunksFor(ds.size), ds.address, dy.address, index.address, ...args);
      g.give(source, ds);
    }
    if (g.wants(x)) g.give(x, g.alias(dy));
  });
}

/**
 * Rows of a table: `out[.., :] = weight[ids[..], :]`.
 *
 * @param weight Shape `[rows, dim]`.
 * @param ids int32 indices of any shape, or an array.
 * @returns Shape `[..ids, dim]`.
 * @throws {RangeError} If an id is outside the table.
 * @example
 * ```ts
 * import { embedding, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(embedding(tensor([[1, 2], [3, 4]]), [1, 0]).toArray(), [[3, 4], [1, 2]]);
 * ```
 */
export function embedding(weight: Tensor, ids: Tensor | ArrayLike<number>): Tensor {
  if (weight.ndim !== 2) {
    throw new TypeError(
      `embedding: weight has shape ${format(weight.shape)}, expected [rows, dim]`,
    );
  }
  return rowsOf("embedding", weight, ids);
}

function rowsOf(op: string, table: Tensor, ids: Tensor | ArrayLike<number>): Tensor {
  const index = asIndices(op, ids), [rows, ...rest] = table.shape as [number, ...number[]];
  checkIndices(op, index, rows, `a table of shape ${format(table.shape)}`);
  const n = sizeOf(rest), out = uninitialized([...index.shape, ...rest], table.dtype);
  const args = [index.address, index.size, n];
  launch(Op.Embedding, chunksFor(out.size), out.address, table.address, ...args);
  const saved = index === ids ? [] : [index];
  return record(op, out, [table, index], (dy, g) => {
    const { address, add } = g.into(table);
    if (!add) launch(Op.Fill, chunksFor(table.size), address, 0, table.size);
    const where = [index.address, index.size, n];
    launch(Op.EmbeddingBackward, chunksFor(dy.size), address, dy.address, ...where);
  }, { saved, reads: [index] });
}

/** The given indices along a dimension. */
export function indexSelect(x: Tensor, dim: number, ids: Tensor | ArrayLike<number>): Tensor {
  const d = dimension("indexSelect", dim, x.shape), index = asIndices("indexSelect", ids);
  if (index.ndim !== 1) {
    throw new TypeError(`indexSelect: expected a list of indices, found ${format(index.shape)}`);
  }
  if (d === 0) return rowsOf("indexSelect", x, ids);
  const rest = x.shape.map((_, i) => i).filter((i) => i !== d), order = [d, ...rest];
  return permute(
    rowsOf("indexSelect", permute(x, order), ids),
    x.shape.map((_, i) => order.indexOf(i)),
  );
}

/** mask ≠ 0 ? a : b over flat arrays; a step of 0 repeats one value. No history. */
function choose(mask: Tensor, a: Tensor, b: Tensor, shape: Shape): Tensor {
  const out = uninitialized(shape, a.dtype), n = out.size;
  const [as, bs] = [a.size === n ? 1 : 0, b.size === n ? 1 : 0];
  launch(
    Op.Select,
    chunksFor(n),
    ...[out.address, mask.address, a.address, as, b.address, bs, n],
  );
  return out;
}

/** The tensor in the given shape, and what to dispose of afterwards. */
function fit(t: Tensor, shape: Shape): [Tensor, Tensor[]] {
  if (sameShape(t.shape, shape)) return [t, []];
  const full = expandTo(t, shape);
  return [full, [full]];
}

/**
 * `condition ? a : b`, element by element, with broadcasting.
 *
 * @param condition Not 0 counts as true.
 * @example
 * ```ts
 * import { tensor, where } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([-1, 2]);
 * assertEquals(where(x.gt(0), x, 0).toArray(), [0, 2]);
 * ```
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const x = typeof a === "number" ? scalar(a) : a, y = typeof b === "number" ? scalar(b) : b;
  if (x.dtype !== y.dtype) {
    throw new TypeError(
      `where: expected two tensors of one kind but found ${x.dtype} and ${y.dtype}`,
    );
  }
  const shape = broadcastShapes(
    "where",
    condition.shape,
    broadcastShapes("where", x.shape, y.shape),
  );
  const [mask, made] = fit(condition, shape), zero = scalar(0);
  const [left, made2] = fit(x, shape), [right, made3] = fit(y, shape);
  const out = choose(mask, left, right, shape);
  [...made2, ...made3].forEach((t) => t.dispose());
  const owned = [zero, ...made, ...(x === a ? [] : [x]), ...(y === b ? [] : [y])];
  return record("where", out, [condition, x, y], (dy, g) => {
    const give = (t: Tensor, masked: Tensor) => {
      if (sameShape(t.shape, shape)) return g.give(t, masked);
      g.give(t, sumTo(masked, t.shape));
      masked.dispose();
    };
    if (g.wants(x)) give(x, choose(mask, dy, zero, shape));
    if (g.wants(y)) give(y, choose(mask, zero, dy, shape));
  }, { saved: owned, reads: [condition] });
}

/** A copy of x with `value` where mask (broadcast to x) isn't 0. */
export function maskedFill(x: Tensor, mask: Tensor, value: number): Tensor {
  if (!sameShape(broadcastShapes("maskedFill", x.shape, mask.shape), x.shape)) {
    throw new TypeError(
      `maskedFill: mask ${format(mask.shape)} is larger than the tensor ${format(x.shape)}`,
    );
  }
  return where(mask, value, x);
}
