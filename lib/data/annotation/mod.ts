/**
 * Labels: how well annotators agree, how classes are balanced, and errors put in on purpose.
 *
 * @module
 */
export * from "./agreement.ts";
export * from "./balance.ts";
export * from "./noise.ts";
