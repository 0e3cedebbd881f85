/**
 * What the exercises take and give.
 *
 * @module
 */

/** A labelled text and who wrote it. */
export interface Labelled {
  /** The text. */
  text: string;
  /** Its label. */
  label: string;
  /** Who wrote it, in lower case, without white space around it. */
  sender: string;
}

/** Labelled texts in two parts. */
export interface TwoParts {
  /** Those to train on. */
  train: Labelled[];
  /** Those of the test's senders. */
  test: Labelled[];
}

/** A run at one learning rate. */
export interface Trial {
  /** The learning rate. */
  rate: number;
  /** The accuracy on the validation part; `null` if training broke down. */
  validationScore: number | null;
  /** The loss there; `null` if training broke down. */
  validationLoss: number | null;
  /** The accuracy on the test part, which somebody left in the table. */
  testScore: number;
}

/** What a test needs. */
export interface TestParts {
  /** The texts. */
  texts: readonly string[];
  /** The right label of each. */
  labels: readonly number[];
  /** Who wrote each. */
  senders: readonly string[];
  /** What the model says about texts: a label for each. It counts how often it is asked. */
  predict: (texts: readonly string[]) => number[];
}

/** A score and how sure it is. */
export interface Score {
  /** The accuracy. */
  value: number;
  /** The lower end of its 95 % interval. */
  low: number;
  /** The upper end. */
  high: number;
}
