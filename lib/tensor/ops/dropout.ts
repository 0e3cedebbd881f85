/**
 * Dropout.
 *
 * @module
 */
import { record } from "../autograd.ts";
import type { Random } from "../random.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { expectFloat } from "./elementwise.ts";

/** Options of {@linkcode dropout}. */
export interface DropoutOptions {
  /** Where the choice of elements comes from. */
  random: Random;
  /** Without training, `x` is returned as it is. */
  training?: boolean;
}

/**
 * Zeroes each element with probability `p` and multiplies the others by 1 / (1 - p) (Srivastava et
 * al. 2014). No mask is stored: the backward pass draws the same numbers again.
 *
 * @throws {RangeError} If `p` is not in [0, 1].
 */
export function dropout(x: Tensor, p: number, options: DropoutOptions): Tensor {
  expectFloat("dropout", x);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout: expected 0 ≤ p ≤ 1 but found ${p}`);
  if (options.training === false || p === 0) return x;
  const stream = options.random.take(x.size), n = x.size;
  const drop = (from: Tensor): Tensor => {
    const out = uninitialized(x.shape);
    launch(Op.Dropout, chunksFor(n), out.address, from.address, n, ...stream, p);
    return out;
  };
  return record("dropout", drop(x), [x], (dy, g) => g.give(x, drop(dy)), { reads: [] });
}
