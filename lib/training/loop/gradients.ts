import type { Module } from "@tunebook/nn";
import { noGrad, scope, type Tensor } from "@tunebook/tensor";

/** The mean loss of a batch, a single number that `backward()` can start from. */
export type Loss<B> = (batch: B) => Tensor;

/** Over how much a batch's loss is a mean: its records, or its tokens. */
export type Weight<B> = (batch: B) => number;

/**
 * The gradients of several batches as if they were one: less memory than one large batch takes, the
 * same step. They are added to those that are there.
 *
 * Each batch counts by its weight. Without one, all count the same, which is right when all are of
 * one size; for a language model the weight is the number of tokens that are predicted.
 *
 * @typeParam B What a batch holds.
 * @param batches The batches of one step.
 * @param loss The mean loss of a batch.
 * @param weight Over how much that is a mean. Default: 1.
 * @returns The mean loss of all.
 * @throws {RangeError} If the weights don't add up to more than 0.
 *
 * @example
 * ```ts
 * import { accumulateGradients } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const w = tensor([0], { requiresGrad: true });
 * const batches = [[1, 3], [5]]; // the mean of all three is 3
 * const loss = (batch: number[]) => w.sub(tensor(batch)).pow(2).mean();
 * accumulateGradients(batches, loss, (batch) => batch.length);
 * assertEquals(w.grad?.toArray(), [-6]);
 * ```
 */
export function accumulateGradients<B>(
  batches: readonly B[],
  loss: Loss<B>,
  weight?: Weight<B>,
): number {
  const shares = sharesOf(batches, weight);
  let mean = 0;
  for (const [i, batch] of batches.entries()) {
    scope(() => {
      const value = loss(batch);
      mean += value.item() * shares[i]!;
      (shares[i] === 1 ? value : value.mul(shares[i]!)).backward();
    });
  }
  return mean;
}

/** The share of each batch in the whole. */
export function sharesOf<B>(batches: readonly B[], weight: Weight<B> = () => 1): number[] {
  const weights = batches.map(weight);
  const total = weights.reduce((sum, one) => sum + one, 0);
  if (!(total > 0) || weights.some((one) => one < 0)) {
    throw new RangeError(
      `Expected weights of batches that add up to more than 0 but found ${weights.join(", ")}`,
    );
  }
  return weights.map((one) => one / total);
}

/**
 * The mean loss over batches, without gradients and with dropout switched off.
 *
 * @typeParam B What a batch holds.
 * @param model The model that `loss` asks.
 * @param batches The batches, such as `loader.epoch(0)`.
 * @param loss The mean loss of a batch.
 * @param weight Over how much that is a mean. Default: 1.
 * @returns The mean.
 * @throws {RangeError} If the weights don't add up to more than 0.
 *
 * @example
 * ```ts
 * import { meanLoss } from "@tunebook/training";
 * import { Linear } from "@tunebook/nn";
 * import { mse, ones } from "@tunebook/tensor";
 * import { assert } from "@std/assert";
 *
 * const model = new Linear(2, 1);
 * const batches = [ones([4, 2]), ones([4, 2])];
 * assert(meanLoss(model, batches, (x) => mse(model.forward(x), ones([4, 1]))) >= 0);
 * ```
 */
export function meanLoss<B>(
  model: Module,
  batches: Iterable<B>,
  loss: Loss<B>,
  weight: Weight<B> = () => 1,
): number {
  let sum = 0, total = 0;
  inEvaluation(model, () => {
    // Each batch is made and used in a scope of its own, so that its memory is free for the next.
    const rest = batches[Symbol.iterator]();
    const next = () =>
      scope(() => {
        const { value: batch, done } = rest.next();
        if (done) return false;
        const own = weight(batch);
        sum += own * loss(batch).item();
        total += own;
        return true;
      });
    while (next());
  });
  if (!(total > 0)) {
    throw new RangeError(`Expected batches whose weights add up to more than 0 but found ${total}`);
  }
  return sum / total;
}

/**
 * Runs `body` as evaluation: dropout does nothing, no gradients are recorded, and what `body` makes
 * is freed except its result. Afterwards every module is as it was.
 *
 * @typeParam T What `body` gives.
 * @param model The model.
 * @param body A function that finishes before it returns (not async).
 * @returns What `body` gives.
 * @throws {TypeError} If `body` returns a promise.
 *
 * @example
 * ```ts
 * import { inEvaluation } from "@tunebook/training";
 * import { Dropout } from "@tunebook/nn";
 * import { ones } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Dropout(0.9);
 * assertEquals(inEvaluation(model, () => model.forward(ones([2])).toArray()), [1, 1]);
 * assertEquals(model.training, true);
 * ```
 */
export function inEvaluation<T>(model: Module, body: () => T): T {
  const before = Array.from(
    model.namedModules(),
    ([, module]) => [module, module.training] as const,
  );
  model.eval();
  try {
    return noGrad(() => scope(body));
  } finally {
    for (const [module, training] of before) module.training = training;
  }
}
