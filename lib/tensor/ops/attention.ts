/**
 * Fused scaled dot-product attention.
 *
 * @module
 */
import { needsGradient, record } from "../autograd.ts";
import { allocate, releaseBlock } from "../memory.ts";
import { format } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { threads } from "../wasm/threads.ts";
import { expectFloat } from "./elementwise.ts";
import { concat, expand, reshape } from "./shape.ts";

/** Options of {@linkcode scaledDotProductAttention}. */
export interface AttentionOptions {
  /** Query i sees only keys up to its own position; positions are aligned at the end. */
  causal?: boolean;
  /** Shape `[batch, keys]`: keys where it is 0 are padding and not seen. Prefix keys always are. */
  mask?: Tensor;
  /** Extra keys before the others, seen by every query: `[prefix, ...]` or `[batch, prefix, ...]`, as k otherwise. */
  prefixKeys?: Tensor;
  /** The values of the extra keys. */
  prefixValues?: Tensor;
  /** Factor on the scores; 1 / √headDim unless given. */
  scale?: number;
  /** For inputs `[batch, time, heads * headDim]`: the number of query heads. */
  numHeads?: number;
  /** For such inputs: the number of key and value heads, if fewer (grouped queries, Ainslie et al. 2023). */
  numKeyValueHeads?: number;
}

/** Rows of scores a thread works on at a time, as `assembly/attention.ts` has it. */
const QUERY_BLOCK = 24;

/** Sizes and strides of a tensor of heads, in elements. */
interface Heads {
  batch: number;
  heads: number;
  time: number;
  dim: number;
  /** Strides of a batch, a head and a row. */
  strides: [number, number, number];
}

function headsOf(t: Tensor, count: number | undefined): Heads {
  if (count === undefined) {
    const [batch, heads, time, dim] = t.shape as [number, number, number, number];
    return { batch, heads, time, dim, strides: [heads * time * dim, time * dim, dim] };
  }
  const [batch, time, width] = t.shape as [number, number, number], dim = width / count;
  return { batch, heads: count, time, dim, strides: [time * width, dim, width] };
}

/**
 * softmax(q kᵀ scale + mask) v (Vaswani et al. 2017), without building the scores as tensors.
 *
 * Two layouts: `[batch, heads, time, headDim]`, or with `numHeads` `[batch, time, heads * headDim]`,
 * which needs no transposing after a linear layer. A query that sees no key gives zeros.
 *
 * @returns The shape of `q`.
 * @throws {TypeError} If the shapes don't fit.
 * @example
 * ```ts
 * import { scaledDotProductAttention, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[[1, 0], [0, 1]]]);
 * const y = scaledDotProductAttention(x, x, x, { causal: true, numHeads: 1 });
 * assertEquals(y.slice(0, 0).toArray(), [1, 0]); // the first position sees only itself
 * ```
 */
export function scaledDotProductAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions = {},
): Tensor {
  expectFloat("scaledDotProductAttention", q, k, v);
  const prefix = options.prefixKeys?.shape.at(-2) ?? 0;
  const keys = withPrefix(options.prefixKeys, k), values = withPrefix(options.prefixValues, v);
  const Q = headsOf(q, options.numHeads);
  const K = headsOf(keys, options.numHeads && (options.numKeyValueHeads ?? options.numHeads));
  checkShapes(q, keys, values, Q, K, options);
  const mask = paddingMask(options.mask, Q.batch, K.time, prefix);
  const { batch, heads, time: T, dim } = Q, S = K.time, padded = (S + 3) & ~3;
  const scale = options.scale ?? 1 / Math.sqrt(dim), causal = options.causal ? 1 : 0;
  const track = needsGradient(q, keys, values), out = uninitialized(q.shape);
  const weights = track ? uninitialized([batch * heads * T * padded]) : undefined;
  const jobs = batch * K.heads, n = threads();
  const chunks = Math.max(1, Math.min(jobs, batch * heads * T * S * dim < 20000 ? 1 : n * 4));
  const work = allocate(n * QUERY_BLOCK * padded * 4);
  launch(
    Op.Attention,
    chunks,
    ...[q.address, keys.address, values.address, out.address, weights?.address ?? 0],
    ...[mask?.address ?? 0, batch, heads, K.heads, T, S, dim, scale, causal],
    ...[...Q.strides, ...K.strides, work.address],
  );
  releaseBlock(work);
  mask?.dispose();
  return record("scaledDotProductAttention", out, [q, keys, values], (dy, g) => {
    const [dq, dk, dv] = [q, keys, values].map((t) => uninitialized(t.shape));
    const work = allocate(threads() * T * padded * 4);
    launch(
      Op.AttentionBackward,
      chunks,
      ...[q.address, keys.address, values.address, weights!.address, dy.address],
      ...[dq!.address, dk!.address, dv!.address, batch, heads, K.heads, T, S, dim, scale, causal],
      ...[...Q.strides, ...K.strides, work.address],
    );
    releaseBlock(work);
    g.give(q, dq!);
    g.give(keys, dk!);
    g.give(values, dv!);
  }, { saved: weights ? [weights] : [], reads: [q, keys, values] });
}

/** Puts extra keys or values before the others, the same for the whole batch or for each sequence. */
function withPrefix(prefix: Tensor | undefined, t: Tensor): Tensor {
  if (!prefix) return t;
  if (prefix.ndim !== t.ndim && prefix.ndim !== t.ndim - 1) {
    throw new TypeError(
      `scaledDotProductAttention: prefix ${format(prefix.shape)} does not fit ${format(t.shape)}`,
    );
  }
  const own = prefix.ndim === t.ndim ? prefix : reshape(prefix, [1, ...prefix.shape]);
  return concat([expand(own, [t.shape[0]!, ...own.shape.slice(1)]), t], t.ndim - 2);
}

/** The mask as float32 `[batch, prefix + keys]`, with ones for the prefix. */
function paddingMask(
  mask: Tensor | undefined,
  batch: number,
  keys: number,
  prefix: number,
): Tensor | undefined {
  if (!mask) return;
  if (mask.ndim !== 2 || mask.shape[0] !== batch || mask.shape[1] !== keys - prefix) {
    throw new TypeError(
      `scaledDotProductAttention: mask has shape ${format(mask.shape)}, expected ` +
        format([batch, keys - prefix]),
    );
  }
  const full = uninitialized([batch, keys]), to = full.data, from = mask.data, own = keys - prefix;
  for (let b = 0; b < batch; b++) {
    to.fill(1, b * keys, b * keys + prefix);
    for (let j = 0; j < own; j++) to[b * keys + prefix + j] = from[b * own + j]! ? 1 : 0;
  }
  return full;
}

function checkShapes(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  Q: Heads,
  K: Heads,
  options: AttentionOptions,
): void {
  const ndim = options.numHeads ? 3 : 4;
  const fits = q.ndim === ndim && k.ndim === ndim && format(k.shape) === format(v.shape) &&
    Q.batch === K.batch && Q.dim === K.dim && Number.isInteger(Q.dim) && Q.heads % K.heads === 0;
  if (fits) return;
  throw new TypeError(
    `scaledDotProductAttention: shapes ${format(q.shape)}, ${format(k.shape)} and ` +
      `${format(v.shape)} do not fit; expected ` +
      (options.numHeads
        ? `[batch, time, ${options.numHeads} heads * headDim] each`
        : "[batch, heads, time, headDim] each, or numHeads for [batch, time, heads * headDim]"),
  );
}
