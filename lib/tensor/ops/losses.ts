/**
 * Losses.
 *
 * @module
 */
import { record } from "../autograd.ts";
import { format, sameShape, sizeOf } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { Op } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { add, expectFloat, mul, neg, softplus, sub } from "./elementwise.ts";
import { asIndices } from "./indexing.ts";
import { mean, sum, total } from "./reduce.ts";

/** What to do with the losses of the elements. */
export type Reduction = "mean" | "sum" | "none";

/** Options of {@linkcode crossEntropy}. */
export interface CrossEntropyOptions {
  /** Rows with this target don't count. -100 unless given. */
  ignoreIndex?: number;
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016). */
  labelSmoothing?: number;
  /** A factor for each class, shape `[classes]`. */
  weight?: Tensor;
  /** "mean" (weighted, over rows that count) unless given. */
  reduction?: Reduction;
}

/**
 * Cross-entropy between logits and class indices, from the logarithm of softmax, as PyTorch's.
 *
 * @param logits Shape `[.., classes]`.
 * @param targets int32 indices of shape `[..]`, or an array.
 * @returns A number, or with reduction "none" shape `[..]`.
 * @throws {RangeError} If a target is neither a class nor `ignoreIndex`.
 * @example
 * ```ts
 * import { crossEntropy, tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(crossEntropy(tensor([[0, 0]]), [1]).item(), Math.log(2), 1e-6);
 * ```
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor | ArrayLike<number>,
  options: CrossEntropyOptions = {},
): Tensor {
  const { ignoreIndex = -100, labelSmoothing = 0, weight, reduction = "mean" } = options;
  expectFloat("crossEntropy", logits, ...(weight ? [weight] : []));
  const ids = asIndices("crossEntropy", targets), classes = logits.shape[logits.ndim - 1] ?? 0;
  const rows = sizeOf(logits.shape.slice(0, -1));
  if (ids.size !== rows) {
    throw new TypeError(
      `crossEntropy: targets ${format(ids.shape)} do not fit logits ${format(logits.shape)}; ` +
        `expected ${format(logits.shape.slice(0, -1))}`,
    );
  }
  if (weight && weight.size !== classes) {
    throw new TypeError(
      `crossEntropy: weight has shape ${format(weight.shape)}, expected [${classes}]`,
    );
  }
  const counted = countTargets(ids, classes, ignoreIndex, weight);
  const losses = uninitialized(ids.shape), lse = uninitialized([rows]);
  const common = [ids.address, rows, classes, ignoreIndex, labelSmoothing, weight?.address ?? 0];
  const chunks = chunksFor(logits.size * 4);
  launch(Op.CrossEntropy, chunks, losses.address, lse.address, logits.address, ...common);
  const out = reduction === "none" ? losses : uninitialized([]);
  if (reduction !== "none") {
    out.data[0] = reduction === "mean" ? total(losses) / counted : total(losses);
    losses.dispose();
  }
  const factor = reduction === "mean" ? 1 / counted : 1, made = ids === targets ? [] : [ids];
  return record("crossEntropy", out, [logits, ids], (dy, g) => {
    const dx = g.over(logits), step = reduction === "none" ? 1 : 0;
    const sumOfWeights = weight ? total(weight) : classes;
    launch(
      Op.CrossEntropyBackward,
      chunks,
      ...[dx.address, dy.address, step, factor, lse.address, logits.address, ...common],
      sumOfWeights,
    );
    g.give(logits, dx);
  }, { saved: [lse, ...made], reads: [logits, ids, ...(weight ? [weight] : [])] });
}

/** How many targets count (by weight); checks that each is a class or ignored. */
function countTargets(ids: Tensor, classes: number, ignore: number, weight?: Tensor): number {
  const data = ids.data, w = weight?.data;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id === ignore) continue;
    if (id < 0 || id >= classes) {
      throw new RangeError(
        `crossEntropy: target ${id} (element ${i} of shape ${format(ids.shape)}) is not a class; ` +
          `expected 0 to ${classes - 1}, or ignoreIndex ${ignore}`,
      );
    }
    count += w ? w[id]! : 1;
  }
  return count;
}

function reduceLoss(loss: Tensor, reduction: Reduction): Tensor {
  return reduction === "mean" ? mean(loss) : reduction === "sum" ? sum(loss) : loss;
}

function expectPair(op: string, a: Tensor, b: Tensor): void {
  expectFloat(op, a, b);
  if (!sameShape(a.shape, b.shape)) {
    throw new TypeError(
      `${op}: predictions ${format(a.shape)} and targets ${format(b.shape)} must have one shape`,
    );
  }
}

/** Options of the losses of two tensors of one shape. */
export interface LossOptions {
  /** "mean" unless given. */
  reduction?: Reduction;
}

/**
 * Mean squared error.
 *
 * @example
 * ```ts
 * import { mse, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mse(tensor([1, 3]), tensor([0, 0])).item(), 5);
 * ```
 */
export function mse(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  expectPair("mse", prediction, target);
  const d = sub(prediction, target);
  return reduceLoss(mul(d, d), options.reduction ?? "mean");
}

/** Options of {@linkcode binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factor on the loss of positive targets; broadcasts. */
  positiveWeight?: Tensor | number;
}

/**
 * Binary cross-entropy of logits x against targets y in [0, 1]: `softplus(x) - x y`, which is
 * `max(x, 0) - x y + log(1 + e^-|x|)` and never overflows.
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  targets: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  expectPair("binaryCrossEntropyWithLogits", logits, targets);
  const { positiveWeight, reduction = "mean" } = options;
  if (positiveWeight === undefined) {
    return reduceLoss(sub(softplus(logits), mul(logits, targets)), reduction);
  }
  // w y softplus(-x) + (1 - y) softplus(x)
  const positive = mul(mul(targets, positiveWeight), softplus(neg(logits)));
  const negative = mul(add(neg(targets), 1), softplus(logits));
  return reduceLoss(add(positive, negative), reduction);
}
