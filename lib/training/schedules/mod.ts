/**
 * How the learning rate changes over a run.
 *
 * @module
 */
export * from "./plateau.ts";
export type { DecayOptions, Schedule, WarmupOptions } from "./schedule.ts";
export * from "./schedules.ts";
