import { minimize } from "./lbfgs.ts";
import type { SparseRow } from "./tfidf.ts";

/**
 * Logistic regression over sparse features, scikit-learn's: a softmax over classes whose weights, not
 * its offsets, are held small, `1/2 |W|² + C · Σ cross-entropy`.
 */
export class LogisticRegression {
  /** `[classes, features + 1]`, the offset last. */
  readonly #weights: Float64Array;
  readonly #classes: number;
  readonly #features: number;

  /**
   * Fits it, to the one minimum there is.
   *
   * @param rows The examples.
   * @param labels Their classes, from 0.
   * @param size How many classes and features there are; `strength` is C, 1 unless given.
   */
  constructor(
    rows: readonly SparseRow[],
    labels: readonly number[],
    { classes, features, strength = 1 }: { classes: number; features: number; strength?: number },
  ) {
    this.#classes = classes;
    this.#features = features;
    const width = features + 1;
    // scikit-learn has one row of weights for two classes. Two opposite rows of half its size do the
    // same, but are half as long together.
    const share = classes === 2 ? strength / 2 : strength;
    this.#weights = minimize(new Float64Array(classes * width), (weights) => {
      const gradient = new Float64Array(weights.length);
      let value = 0;
      for (let at = 0; at < weights.length; at++) {
        if (at % width === features) continue;
        value += weights[at]! ** 2 / 2;
        gradient[at] = weights[at]!;
      }
      for (const [i, { places, values }] of rows.entries()) {
        const shares = this.#shares(rows[i]!, weights), label = labels[i]!;
        value -= share * Math.log(shares[label]!);
        for (let c = 0; c < classes; c++) {
          const error = share * (shares[c]! - (c === label ? 1 : 0)), from = c * width;
          for (let j = 0; j < places.length; j++) {
            gradient[from + places[j]!]! += error * values[j]!;
          }
          gradient[from + features]! += error;
        }
      }
      return { value, gradient };
    });
  }

  /** The probability of each class. */
  probabilities(row: SparseRow): number[] {
    return this.#shares(row, this.#weights);
  }

  #shares({ places, values }: SparseRow, weights: Float64Array): number[] {
    const width = this.#features + 1, scores: number[] = [];
    for (let c = 0; c < this.#classes; c++) {
      let score = weights[c * width + this.#features]!;
      for (let j = 0; j < places.length; j++) {
        score += weights[c * width + places[j]!]! * values[j]!;
      }
      scores.push(score);
    }
    const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  }
}
