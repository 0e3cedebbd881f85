/**
 * Training: the loop with its checkpoints, optimizers, learning-rate schedules, gradient clipping,
 * metrics, and the search for hyper-parameters.
 *
 * @module
 */
export { clipGradNorm, type ClipOptions } from "./clipping.ts";
export * from "./loop/mod.ts";
export * from "./metrics/mod.ts";
export * from "./optimizers/mod.ts";
export * from "./schedules/mod.ts";
export * from "./search/mod.ts";
