/**
 * What the exercises of lesson 03 are about.
 *
 * @module
 */

/** What a step gives. */
export interface Step {
  /** The mean squared error before the step. */
  loss: number;
  /** The gradient of the loss for `middle`, in the shape of `middle`. */
  gradient: number[][];
  /** The weights of the middle layer after the step. */
  middle: number[][];
}
