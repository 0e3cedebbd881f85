/**
 * Training: the loop with its checkpoints, optimizers, learning-rate schedules, gradient clipping,
 * metrics, and the search for hyper-parameters.
 *
 * @example A loop of your own, of the parts that `Trainer` is made of
 * ```ts
 * import { Linear, mse } from "@tunebook/nn";
 * import { Random } from "@tunebook/tensor";
 * import {
 *   accumulateGradients,
 *   AdamW,
 *   clipGradNorm,
 *   cosineSchedule,
 *   meanLoss,
 * } from "@tunebook/training";
 * import { assertLess } from "@std/assert";
 *
 * const random = new Random(1);
 * const batches = [1, 2, 3, 4].map(() => random.normal([8, 3]));
 * const model = new Linear(3, 1);
 * const loss = (x: (typeof batches)[0]) => mse(model.forward(x), x.sum(1, true));
 * const before = meanLoss(model, batches, loss);
 *
 * const optimizer = new AdamW(model.parameters(), { learningRate: 0.1 });
 * const schedule = cosineSchedule({ totalSteps: 50, warmupSteps: 5 });
 * for (let step = 0; step < 50; step++) {
 *   optimizer.groups[0]!.learningRate = 0.1 * schedule(step);
 *   optimizer.zeroGrad();
 *   accumulateGradients(batches, loss);
 *   clipGradNorm(model.parameters(), 1);
 *   optimizer.step();
 * }
 * assertLess(meanLoss(model, batches, loss), before / 10);
 * ```
 *
 * @module
 */
export { clipGradNorm, type ClipOptions } from "./clipping.ts";
export * from "./loop/mod.ts";
export * from "./metrics/mod.ts";
export * from "./optimizers/mod.ts";
export * from "./schedules/mod.ts";
export * from "./search/mod.ts";
