/**
 * Training: the loop with its checkpoints, optimizers, learning-rate schedules, gradient clipping,
 * and metrics.
 *
 * @module
 */
export { clipGradNorm, type ClipOptions } from "./clipping.ts";
export * from "./loop/mod.ts";
export * from "./metrics/mod.ts";
export * from "./optimizers/mod.ts";
export * from "./schedules/mod.ts";
