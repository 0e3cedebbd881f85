/**
 * Normalisation over the last dimension.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { format } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { expectFloat } from "./elementwise.ts";

/** Both normalisations; with `center` false the mean is neither computed nor subtracted. */
function normalise(
  op: string,
  x: Tensor,
  weight: Tensor | undefined,
  bias: Tensor | undefined,
  eps: number,
  center: boolean,
): Tensor {
  const parameters = [weight, bias].filter((t) => t !== undefined), n = x.shape[x.ndim - 1] ?? 0;
  expectFloat(op, x, ...parameters);
  for (const t of parameters) {
    if (t.ndim !== 1 || t.size !== n) {
      throw new TypeError(
        `${op}: weight or bias of shape ${format(t.shape)} does not fit input ${
          format(x.shape)
        }; ` +
          `expected [${n}]`,
      );
    }
  }
  const rows = n === 0 ? 0 : x.size / n, y = uninitialized(x.shape), rstd = uninitialized([rows]);
  const mean = center ? uninitialized([rows]) : undefined;
  const chunks = chunksFor(x.size * 2);
  launch(
    Op.Norm,
    chunks,
    ...[y.address, x.address, weight?.address ?? 0, bias?.address ?? 0],
    ...[mean?.address ?? 0, rstd.address, rows, n, eps],
  );
  const saved = mean ? [rstd, mean] : [rstd];
  return record(op, y, [x, ...parameters], (dy, g) => {
    const statistics = [mean?.address ?? 0, rstd.address, rows, n];
    if ((weight && g.wants(weight)) || (bias && g.wants(bias))) {
      const w = weight && g.wants(weight) ? g.into(weight) : { address: 0, add: 0 };
      const b = bias && g.wants(bias) ? g.into(bias) : { address: 0, add: 0 };
      launch(
        Op.NormBackwardWeight,
        chunks,
        ...[w.address, b.address, dy.address, x.address, ...statistics, w.add, b.add],
      );
    }
    if (g.wants(x)) {
      const { address, add } = g.into(x);
      launch(
        Op.NormBackwardInput,
        chunks,
        ...[address, dy.address, x.address, weight?.address ?? 0, ...statistics],
        add ? address : 0,
      );
    }
  }, { saved, reads: [x, ...parameters] });
}

/**
 * Layer normalisation (Ba et al. 2016): `(x - mean) / √(variance + eps) * weight + bias` over the
 * last dimension.
 *
 * @param x Shape `[.., n]`.
 * @param weight Shape `[n]`.
 * @param bias Shape `[n]`.
 * @example
 * ```ts
 * import { layerNorm, ones, tensor, zeros } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const y = layerNorm(tensor([[1, 3]]), ones([2]), zeros([2]));
 * assertAlmostEquals(y.data[1]!, 1, 1e-4);
 * ```
 */
export function layerNorm(x: Tensor, weight?: Tensor, bias?: Tensor, eps = 1e-5): Tensor {
  return normalise("layerNorm", x, weight, bias, eps, true);
}

/**
 * RMS normalisation (Zhang & Sennrich 2019): `x / √(mean(x²) + eps) * weight` over the last dimension.
 *
 * @param x Shape `[.., n]`.
 * @param weight Shape `[n]`.
 */
export function rmsNorm(x: Tensor, weight?: Tensor, eps = 1e-6): Tensor {
  return normalise("rmsNorm", x, weight, undefined, eps, false);
}
