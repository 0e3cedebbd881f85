/**
 * Matrix products. All of them, forward and backward, are calls of one kernel that multiplies
 * matrices which may be transposed on the way in, so nothing is ever transposed in memory.
 *
 * @module
 */
import { needsGradient, noGrad, record } from "../autograd.ts";
import { allocate, releaseBlock } from "../memory.ts";
import { broadcastShapes, format, type Shape, sizeOf } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op, SumBlock } from "../wasm/assembly/ops.ts";
import { blas, launch } from "../wasm/runtime.ts";
import { threads } from "../wasm/threads.ts";
import { expectFloat, times } from "./elementwise.ts";
import { expand, reshape } from "./shape.ts";
import { sumRows, sumTo } from "./reduce.ts";

/** A matrix, or one of a batch, in memory. */
export interface Matrix {
  /** Address of the first element. */
  at: number;
  /** Elements from one row to the next. */
  row: number;
  /** Elements from one matrix of the batch to the next; 0 repeats one. */
  batch?: number;
  /** Read as its transpose. */
  transposed?: boolean;
}

/** What else happens to a product C = alpha A B. */
export interface Product {
  m: number;
  n: number;
  k: number;
  batch?: number;
  alpha?: number;
  /** Address of one value per column, added to every row. */
  bias?: number;
  /** Address of a matrix laid out like C to add (C itself to accumulate). */
  plus?: number;
  /** 1 GELU (tanh), 2 GELU, 3 ReLU, written to `activated`. */
  activation?: number;
  activated?: number;
  /** Leave the activation's slope in C. */
  keepSlope?: boolean;
}

/** C = A B, on the engine's threads. */
export function product(a: Matrix, b: Matrix, c: Matrix, p: Product): void {
  const { m, n, k, batch = 1 } = p;
  if (m * n * batch === 0) return;
  const blocks = blocksOfRows(a, b, c, p);
  if (blocks > 1) return byBlocksOfRows(a, b, c, p, blocks);
  // Behind a BLAS the activation is applied to a whole block, which must fit the cache.
  const [splitM, splitN] = p.activation && blas
    ? [Math.ceil(m / ACTIVATED), Math.ceil(n / ACTIVATED)]
    : splits(m, n, k, batch);
  launch(
    Op.Gemm,
    batch * splitM * splitN,
    ...[a.transposed ? 1 : 0, b.transposed ? 1 : 0, m, n, k],
    ...[a.at, a.row, a.batch ?? 0, b.at, b.row, b.batch ?? 0, c.at, c.row, c.batch ?? 0, batch],
    ...[p.plus ? 1 : 0, p.plus ?? 0, p.alpha ?? 1, p.bias ?? 0],
    ...[p.activation ?? 0, p.activated ?? 0, splitM, splitN, p.keepSlope ? 1 : 0, k],
  );
}

/** The largest result of which there is one for each block of rows. */
const SMALL = 65536;

/** Into how many blocks of rows Aᵀ B, a weight's gradient, is cut; 1 if it isn't. */
function blocksOfRows(a: Matrix, b: Matrix, c: Matrix, p: Product): number {
  const { m, n, k, batch = 1 } = p, blocks = Math.ceil(k / SumBlock.K);
  const bare = batch === 1 && c.row === n && !p.plus && !p.bias && !p.activation;
  if (!a.transposed || b.transposed || !bare || blas) return 1;
  // More blocks than that would be added up in another order.
  if (blocks < 2 || blocks > SumBlock.Rows || m * n > SMALL || m * n * k < ALONE) return 1;
  const t = threads();
  return t > 1 && (blocks % t === 0 || blocks >= 4 * t) ? blocks : 1;
}

/**
 * C = Aᵀ B as the sum of one product for each block of rows: each thread reads the rows it wrote, and
 * only those. Lines that two cores have read are slow to write again, and most of A's and B's will be.
 */
function byBlocksOfRows(a: Matrix, b: Matrix, c: Matrix, p: Product, blocks: number): void {
  const { m, n, k, alpha = 1 } = p, size = m * n, parts = allocate(blocks * size * 4);
  launch(
    Op.Gemm,
    blocks,
    ...[1, 0, m, n, SumBlock.K, a.at, a.row, SumBlock.K * a.row, b.at, b.row, SumBlock.K * b.row],
    ...[parts.address, n, size, blocks, 0, 0, alpha, 0, 0, 0, 1, 1, 0],
    k - (blocks - 1) * SumBlock.K,
  );
  sumRows(c.at, parts.address, blocks, size);
  releaseBlock(parts);
}

/** Rows and columns of a block with an activation. */
const ACTIVATED = 256;
/** Fewer multiply-adds than this are not worth sharing out. */
const ALONE = 20000;

/**
 * Into how many blocks of rows and columns one product is cut for the threads. Two blocks a thread
 * let a thread that was held up do less, but only of large products: each block packs for itself.
 */
function splits(m: number, n: number, k: number, batch: number): [number, number] {
  const t = m * n * k * batch < ALONE ? 1 : threads();
  if (t === 1 || batch >= 2 * t) return [1, 1];
  const longest = Math.max(m, n), parts = longest >= 512 * t ? 2 * t : t;
  return m >= n ? [parts, 1] : [1, parts];
}

/**
 * Matrix product; leading dimensions are a batch and broadcast, a vector counts as a row on the left
 * and as a column on the right.
 *
 * @throws {TypeError} If the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  expectFloat("matmul", a, b);
  if (a.ndim === 0 || b.ndim === 0) mismatch(a, b);
  if (a.ndim === 1) {
    const y = matmul(reshape(a, [1, a.size]), b), row = b.ndim === 1 ? 0 : y.ndim - 2;
    return reshape(y, y.shape.filter((_, i) => i !== row));
  }
  if (b.ndim === 1) {
    const y = matmul(a, reshape(b, [b.size, 1]));
    return reshape(y, y.shape.slice(0, -1));
  }
  const k = a.shape[a.ndim - 1]!, n = b.shape[b.ndim - 1]!;
  if (b.shape[b.ndim - 2] !== k) mismatch(a, b);
  return b.ndim === 2 ? byMatrix(a, b, k, n) : batched(a, b, k, n);
}

function mismatch(a: Tensor, b: Tensor): never {
  throw new TypeError(
    `matmul: shapes ${format(a.shape)} and ${format(b.shape)} do not fit: the last size of the ` +
      `left (${a.shape.at(-1)}) must equal the second to last of the right (${
        b.shape.at(-2) ?? b.shape.at(-1)
      })`,
  );
}

/** [.., k] x [k, n]: all rows of a are one tall matrix. */
function byMatrix(a: Tensor, b: Tensor, k: number, n: number): Tensor {
  const m = sizeOf(a.shape.slice(0, -1)), y = uninitialized([...a.shape.slice(0, -1), n]);
  product({ at: a.address, row: k }, { at: b.address, row: n }, { at: y.address, row: n }, {
    m,
    n,
    k,
  });
  return record("matmul", y, [a, b], (dy, g) => {
    if (g.wants(a)) { // dA = dY Bᵀ
      const { address, add } = g.into(a), to = { at: address, row: k };
      const p = { m, n: k, k: n, plus: add ? address : 0 };
      product({ at: dy.address, row: n }, { at: b.address, row: n, transposed: true }, to, p);
    }
    if (g.wants(b)) { // dB = Aᵀ dY
      const { address, add } = g.into(b), to = { at: address, row: n };
      const p = { m: k, n, k: m, plus: add ? address : 0 };
      product({ at: a.address, row: k, transposed: true }, { at: dy.address, row: n }, to, p);
    }
  }, { reads: otherFactors(a, b) });
}

/** Each factor's gradient reads the other. */
export function otherFactors(a: Tensor, b: Tensor): Tensor[] {
  return [...(a.requiresGrad ? [b] : []), ...(b.requiresGrad ? [a] : [])];
}

/** [batch.., m, k] x [batch.., k, n]. */
function batched(a: Tensor, b: Tensor, k: number, n: number): Tensor {
  const m = a.shape[a.ndim - 2]!;
  const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = sizeOf(lead);
  const x = spread(a, lead), w = spread(b, lead);
  const xb = sizeOf(x.shape.slice(0, -2)) === batch ? m * k : 0;
  const wb = sizeOf(w.shape.slice(0, -2)) === batch ? k * n : 0;
  const y = uninitialized([...lead, m, n]), yb = m * n;
  product(
    { at: x.address, row: k, batch: xb },
    { at: w.address, row: n, batch: wb },
    { at: y.address, row: n, batch: yb },
    { m, n, k, batch },
  );
  return record("matmul", y, [x, w], (dy, g) => {
    const d = { at: dy.address, row: n, batch: yb };
    if (g.wants(x)) { // dA = dY Bᵀ
      const dx = uninitialized([...lead, m, k]);
      const right = { at: w.address, row: n, batch: wb, transposed: true };
      product(d, right, { at: dx.address, row: k, batch: m * k }, { m, n: k, k: n, batch });
      g.give(x, xb ? dx : collapse(dx, x.shape));
    }
    if (g.wants(w)) { // dB = Aᵀ dY
      const dw = uninitialized([...lead, k, n]);
      const left = { at: x.address, row: k, batch: xb, transposed: true };
      product(left, d, { at: dw.address, row: n, batch: k * n }, { m: k, n, k: m, batch });
      g.give(w, wb ? dw : collapse(dw, w.shape));
    }
  }, { reads: otherFactors(x, w) });
}

/** Repeats the batch in memory unless it is whole already or a single matrix. */
function spread(t: Tensor, lead: Shape): Tensor {
  const own = sizeOf(t.shape.slice(0, -2)), matrix = t.shape.slice(-2);
  if (own === 1) return reshape(t, [...lead.map(() => 1), ...matrix]);
  if (own === sizeOf(lead)) return reshape(t, [...lead, ...matrix]);
  return expand(t, [...lead, ...matrix]);
}
function collapse(g: Tensor, shape: Shape): Tensor {
  const sum = sumTo(g, shape);
  g.dispose();
  return sum;
}

/** What {@linkcode linear} can do on the way out. */
export interface LinearOptions {
  /** Applied to the result in the same pass. */
  activation?: "gelu" | "gelu-tanh" | "relu";
  /** Added to the result in the same pass; of the result's shape. Not together with `activation`. */
  residual?: Tensor;
  /** Factor on `x Wᵀ`, not on the bias. */
  scale?: number;
  /**
   * How the backward pass gets `x` again, and from what, so that it needn't be kept. For an `x` that
   * is quickly made.
   */
  again?: { readonly from: readonly Tensor[]; compute(): Tensor };
}

const ACTIVATIONS = { "gelu-tanh": 1, "gelu": 2, "relu": 3 } as const;

/**
 * x Wᵀ + bias, as PyTorch's `F.linear`, with the activation or residual that often follows fused in.
 *
 * @param x Shape `[.., in]`.
 * @param weight Shape `[out, in]`.
 * @param bias Shape `[out]`.
 * @returns Shape `[.., out]`.
 * @throws {TypeError} If the shapes don't fit.
 * @example
 * ```ts
 * import { linear, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const y = linear(tensor([[1, 2]]), tensor([[3, 4], [5, 6]]), tensor([1, 1]));
 * assertEquals(y.toArray(), [[12, 18]]);
 * ```
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: LinearOptions = {},
): Tensor {
  const [n, k] = linearSizes(x, weight, bias), m = k === 0 ? 0 : x.size / k;
  const { residual, scale = 1, again } = options;
  const act = options.activation ? ACTIVATIONS[options.activation] : undefined;
  const keepSlope = act !== undefined && needsGradient(x, weight, bias, residual);
  // With an activation, this holds its argument, then its slope.
  const pre = uninitialized([...x.shape.slice(0, -1), n]);
  if (residual && (act || format(residual.shape) !== format(pre.shape))) {
    throw new TypeError(
      act
        ? "linear: residual and activation cannot be combined; add the residual afterwards"
        : `linear: residual has shape ${format(residual.shape)}, expected ${format(pre.shape)}`,
    );
  }
  const y = keepSlope ? uninitialized(pre.shape) : pre;
  product(
    { at: x.address, row: k },
    { at: weight.address, row: k, transposed: true },
    { at: pre.address, row: n },
    {
      ...{ m, n, k, alpha: scale, bias: bias?.address ?? 0, plus: residual?.address ?? 0 },
      ...{ activation: act ?? 0, activated: act ? y.address : 0 },
      keepSlope,
    },
  );
  const inputs = [x, weight, ...(bias ? [bias] : []), ...(residual ? [residual] : [])];
  return record("linear", y, inputs, (dy, g) => {
    const d = act ? times(dy, pre, g.over(pre)) : dy;
    if (residual && g.wants(residual)) g.give(residual, g.alias(dy));
    if (g.wants(x)) { // dX = dY W
      const { address, add } = g.into(x), to = { at: address, row: k };
      const p = { m, n: k, k: n, alpha: scale, plus: add ? address : 0 };
      product({ at: d.address, row: n }, { at: weight.address, row: k }, to, p);
    }
    if (g.wants(weight)) { // dW = dYᵀ X
      const { address, add } = g.into(weight), to = { at: address, row: k };
      const p = { m: n, n: k, k: m, alpha: scale, plus: add ? address : 0 };
      const input = again ? noGrad(() => again.compute()) : x;
      product({ at: d.address, row: n, transposed: true }, { at: input.address, row: k }, to, p);
      if (again) input.dispose();
    }
    if (bias && g.wants(bias)) { // the sum over the rows
      const { address, add } = g.into(bias);
      sumRows(address, d.address, m, n, 1, add);
    }
    if (d !== dy) d.dispose();
  }, {
    saved: keepSlope ? [pre] : [],
    reads: otherFactors(x, weight).flatMap((t) => t === x && again ? again.from : t),
  });
}

function linearSizes(x: Tensor, weight: Tensor, bias?: Tensor): [number, number] {
  expectFloat("linear", x, weight, ...(bias ? [bias] : []));
  const [n, k] = weight.shape;
  if (weight.ndim !== 2 || x.ndim === 0 || x.shape[x.ndim - 1] !== k) {
    throw new TypeError(
      `linear: input ${format(x.shape)} does not fit weight ${format(weight.shape)}; ` +
        "expected [.., in] and [out, in]",
    );
  }
  if (bias && (bias.ndim !== 1 || bias.size !== n)) {
    throw new TypeError(`linear: bias has shape ${format(bias.shape)}, expected [${n}]`);
  }
  return [n!, k!];
}
