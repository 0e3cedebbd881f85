import { type AttentionOptions, concat, type Tensor, tensor } from "@tunebook/tensor";

/** Options of {@linkcode weightedAttention}: those of the fused one, and what that can't do. */
export interface WeightedAttentionOptions extends AttentionOptions {
  /** The number of query heads. */
  numHeads: number;
  /** The number of key and value heads. */
  numKeyValueHeads: number;
  /** Applied to the weights, `[batch, heads, time, keys]`, such as dropout. */
  onWeights: (weights: Tensor) => Tensor;
}

/** So low that softmax makes it zero, and a row of nothing else doesn't become NaN. */
const UNSEEN = -1e9;

/**
 * `scaledDotProductAttention` step by step, with the weights as a tensor: slower, and needed to drop
 * some of them or to look at them.
 *
 * @param queries `[batch, time, heads * headDim]`
 * @param keys `[batch, keys, keyValueHeads * headDim]`
 * @param values As keys.
 * @returns `[batch, time, heads * headDim]`
 */
export function weightedAttention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  options: WeightedAttentionOptions,
): Tensor {
  const { numHeads, numKeyValueHeads, mask, causal = false } = options;
  const [batch, time, width] = queries.shape as [number, number, number];
  const q = apart(queries, numHeads);
  const repeats = numHeads / numKeyValueHeads;
  const k = repeatHeads(apart(withPrefix(options.prefixKeys, keys), numKeyValueHeads), repeats);
  const v = repeatHeads(apart(withPrefix(options.prefixValues, values), numKeyValueHeads), repeats);
  const scale = options.scale ?? Math.sqrt(numHeads / width);
  const scores = q.matmul(k.transpose(2, 3)).mul(scale);
  const unseen = hidden(time, k.shape[2]!, causal, mask);
  const weights = (unseen ? scores.maskedFill(unseen, UNSEEN) : scores).softmax(3);
  return options.onWeights(weights).matmul(v).permute(0, 2, 1, 3).reshape(batch, time, width);
}

/** `[batch, time, heads * headDim]` → `[batch, heads, time, headDim]` */
function apart(t: Tensor, heads: number): Tensor {
  const [batch, time, width] = t.shape as [number, number, number];
  return t.reshape(batch, time, heads, width / heads).permute(0, 2, 1, 3);
}

/** Each head `times` times in a row, for the queries that share it. */
function repeatHeads(t: Tensor, times: number): Tensor {
  if (times === 1) return t;
  const [batch, heads, time, dim] = t.shape as [number, number, number, number];
  const repeated = t.unsqueeze(2).expand(batch, heads, times, time, dim);
  return repeated.reshape(batch, heads * times, time, dim);
}

function withPrefix(prefix: Tensor | undefined, t: Tensor): Tensor {
  if (!prefix) return t;
  const batched = prefix.ndim === 3 ? prefix : prefix.unsqueeze(0);
  return concat([batched.expand(t.shape[0]!, -1, -1), t], 1);
}

/** 1 where a query doesn't see a key, `[batch or 1, 1, time or 1, keys]`; nothing if all see all. */
function hidden(time: number, keys: number, causal: boolean, mask?: Tensor): Tensor | undefined {
  if (!mask && (!causal || time === 1)) return undefined;
  const batch = mask?.shape[0] ?? 1, rows = causal ? time : 1;
  const own = mask?.shape[1] ?? keys, given = mask?.data;
  const values = new Int32Array(batch * rows * keys);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < keys; j++) {
        // A prefix comes before what the mask describes; positions are aligned at the end.
        const later = causal && j > keys - time + i;
        const padded = given !== undefined && j >= keys - own && !given[b * own + j - keys + own];
        values[(b * rows + i) * keys + j] = later || padded ? 1 : 0;
      }
    }
  }
  return tensor(values, { shape: [batch, 1, rows, keys] });
}
