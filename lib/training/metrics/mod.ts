/**
 * How good a model is: classes, rankings, probabilities, spans, and how sure the figure is.
 *
 * @module
 */
export * from "./classification.ts";
export * from "./intervals.ts";
export * from "./probability.ts";
export * from "./ranking.ts";
export * from "./spans.ts";
