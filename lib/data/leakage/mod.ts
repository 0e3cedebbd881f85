/**
 * What a split lets through: duplicates, near-duplicates and shared groups.
 *
 * @module
 */
export * from "./near_duplicates.ts";
export * from "./report.ts";
export { jaccard, shinglesOf } from "./shingles.ts";
