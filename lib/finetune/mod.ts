/**
 * Fine-tuning: freezing, full, and with few parameters.
 *
 * @module
 */
export * from "./freeze/mod.ts";
export { fullFineTuning, type FullFineTuningOptions, type Recipe } from "./full/full.ts";
export * from "./instruction/mod.ts";
export * from "./multitask/mod.ts";
export * from "./peft/mod.ts";
export * from "./tasks/mod.ts";
