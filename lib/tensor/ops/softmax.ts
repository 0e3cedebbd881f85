/**
 * Softmax and its logarithm along a dimension.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { dimension } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op, ReduceKind } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { expectFloat } from "./elementwise.ts";
import { transpose } from "./shape.ts";

function alongLast(op: string, x: Tensor, dim: number, log: boolean): Tensor {
  expectFloat(op, x);
  const d = dimension(op, dim, x.shape);
  if (d !== x.ndim - 1) return transpose(alongLast(op, transpose(x, d, -1), -1, log), d, -1);
  const n = x.shape[d]!, rows = n === 0 ? 0 : x.size / n, y = uninitialized(x.shape);
  const chunks = chunksFor(x.size * 4);
  if (log) {
    // First the largest, then the logarithm: their sum would round the logarithm away in large rows.
    const shift = uninitialized([rows]), s = shift.address;
    launch(Op.ReduceRows, chunks, ReduceKind.Max, s, x.address, rows, n, 1);
    launch(Op.ExpShiftRows, chunks, y.address, x.address, s, rows, n, 0, 0);
    launch(Op.LogSumExpRows, chunks, s, y.address, rows, n);
    launch(Op.ExpShiftRows, chunks, y.address, y.address, s, rows, n, 0, 0);
    shift.dispose();
  } else launch(Op.SoftmaxRows, chunks, y.address, x.address, rows, n);
  // softmax: dx = y (dy - sum(dy y));  log-softmax: dx = dy - e^y sum(dy)
  return record(op, y, [x], (dy, g) => {
    const dx = uninitialized(x.shape), args = [dx.address, dy.address, y.address, rows, n];
    launch(Op.SoftmaxRowsBackward, chunksFor(x.size * 4), ...args, log ? 1 : 0);
    g.give(x, dx);
  }, { reads: [y] });
}

/** e^x / sum(e^x) along `dim`; a row of only -inf gives NaN. */
export function softmax(x: Tensor, dim: number): Tensor {
  return alongLast("softmax", x, dim, false);
}

/** x - log(sum(e^x)) along `dim`. */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return alongLast("logSoftmax", x, dim, true);
}
