/**
 * Dividing records into parts, with scikit-learn's meanings.
 *
 * @module
 */
export * from "./check.ts";
export type { Fold, Key, ShuffleOptions } from "./fold.ts";
export { groupKFold, stratifiedGroupKFold } from "./group_k_fold.ts";
export * from "./k_fold.ts";
export * from "./three_way.ts";
export * from "./time_series.ts";
