/**
 * Looking for hyper-parameters: by grid, at random, by successive halving.
 *
 * @module
 */
export { gridSearch, type HalvingOptions, randomSearch, successiveHalving } from "./search.ts";
export type { ParametersOf, Range, Setting, Space } from "./space.ts";
export type { Score, SearchOptions, SearchResult, Trial } from "./trial.ts";
