/**
 * What the exercises of lesson 07 take and return.
 *
 * @module
 */

/** The two ends of an interval. */
export interface Ends {
  /** The lower end. */
  low: number;
  /** The upper end. */
  high: number;
}

/** How many records each part gets. */
export interface Sizes {
  /** To train on. */
  train: number;
  /** To choose by. */
  validation: number;
  /** To measure with, once. */
  test: number;
}
