import { type Tensor, tensor } from "@tunebook/tensor";

/** Which tokens speak for a text: its first, its last, or all on average. */
export type Pooling = "first" | "last" | "mean";

/**
 * One vector a text, from those of its tokens. Padding never counts.
 *
 * @param hidden `[batch, time, dim]`
 * @param pooling Which tokens.
 * @param mask `[batch, time]`, 1 for tokens and 0 for padding on either side; all are tokens without
 * it.
 * @returns `[batch, dim]`
 * @throws {RangeError} If a text has no token.
 *
 * @example
 * ```ts
 * import { pool } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const hidden = tensor([[[1], [2], [6]]]);
 * const mask = tensor([[1, 1, 0]], { dtype: "int32" });
 * assertEquals(pool(hidden, "last", mask).toArray(), [[2]]);
 * assertEquals(pool(hidden, "mean", mask).toArray(), [[1.5]]);
 * ```
 */
export function pool(hidden: Tensor, pooling: Pooling, mask?: Tensor): Tensor {
  const [batch, time, dim] = hidden.shape as [number, number, number];
  if (mask && (mask.ndim !== 2 || mask.shape[0] !== batch || mask.shape[1] !== time)) {
    throw new TypeError(
      `Expected a mask of shape [${batch}, ${time}] but found [${mask.shape.join(", ")}]`,
    );
  }
  const rows = Array.from({ length: batch }, (_, b) => tokensOf(b, time, mask));
  if (pooling === "mean") {
    const shares = new Float32Array(batch * time);
    for (const [b, tokens] of rows.entries()) {
      for (const t of tokens) shares[b * time + t] = 1 / tokens.length;
    }
    return tensor(shares, { shape: [batch, 1, time] }).matmul(hidden).reshape(batch, dim);
  }
  const chosen = rows.map((tokens, b) => b * time + tokens.at(pooling === "first" ? 0 : -1)!);
  return hidden.reshape(batch * time, dim).indexSelect(0, chosen);
}

/** The places of a text's tokens. */
function tokensOf(text: number, time: number, mask: Tensor | undefined): number[] {
  const tokens: number[] = [];
  for (let t = 0; t < time; t++) if (!mask || mask.data[text * time + t]) tokens.push(t);
  if (tokens.length === 0) {
    throw new RangeError(
      `Expected every text to have a token but the mask of text ${text} has none; leave it out`,
    );
  }
  return tokens;
}
