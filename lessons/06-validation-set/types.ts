/**
 * What the exercises of lesson 06 take and return.
 *
 * @module
 */

/** What a search notes of one setting. */
export interface Setting {
  /** The learning rate. */
  rate: number;
  /** Examples a step. */
  batch: number;
  /** The loss on the training texts. */
  trainLoss: number;
  /** The loss on the validation texts. */
  validationLoss: number;
  /** The accuracy on the validation texts. */
  validationScore: number;
}

/** When to stop, and what to keep. */
export interface Verdict {
  /** The place of the last evaluation that is made. */
  stopped: number;
  /** The place of the evaluation whose weights are kept. */
  kept: number;
}
