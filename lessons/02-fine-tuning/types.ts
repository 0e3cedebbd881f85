/**
 * What the exercises of lesson 02 are about.
 *
 * @module
 */

/** A parameter of a network. */
export interface Parameter {
  /** Its sizes, such as `[192, 768]`. */
  shape: readonly number[];
  /** Whether training changes it. */
  requiresGrad: boolean;
}

/** What a learning rate gave. */
export interface Trial {
  /** The rate. */
  learningRate: number;
  /** The loss on the training examples at the end; `NaN` if training broke down. */
  trainLoss: number;
  /** The accuracy on validation data; `NaN` if training broke down. */
  validationScore: number;
  /** The loss on validation data; `NaN` if training broke down. */
  validationLoss: number;
}
