import { checkPairs } from "./classification.ts";

/**
 * Log loss: the mean of −ln of the probability given to the true class, in nats. 0 is perfect;
 * guessing among k classes costs ln k.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { logLoss } from "@tunebook/training";
 *
 * assertAlmostEquals(logLoss([0, 1], [[0.5, 0.5], [0.5, 0.5]]), Math.log(2));
 * ```
 *
 * @param actual The true class of each record, as a column of `probabilities`, `[batch]`.
 * @param probabilities What each class was given, `[batch, classes]`; clipped to 2⁻⁵² … 1 − 2⁻⁵².
 * @returns Nats a record.
 * @throws {RangeError} If there is no record, the lengths differ, or a class or probability is
 *   out of range.
 */
export function logLoss(actual: ArrayLike<number>, probabilities: ArrayLike<number[]>): number {
  checkPairs(actual, probabilities);
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    const given = probabilityOf(probabilities[i]!, actual[i]!, i);
    total -= Math.log(Math.min(Math.max(given, Number.EPSILON), 1 - Number.EPSILON));
  }
  return total / actual.length;
}

/**
 * Perplexity: e to the mean loss. A model of perplexity p is as unsure as if it had to choose among
 * p equally likely tokens.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { perplexity } from "@tunebook/training";
 *
 * assertAlmostEquals(perplexity(Math.log(50)), 50);
 * ```
 *
 * @param loss Mean cross-entropy in nats a token.
 * @returns The perplexity.
 */
export function perplexity(loss: number): number {
  return Math.exp(loss);
}

/**
 * Bits a byte: a loss that can be compared between tokenizers, since it counts bytes of text and not
 * tokens.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { bitsPerByte } from "@tunebook/training";
 *
 * assertAlmostEquals(bitsPerByte(Math.log(2), 100, 400), 0.25);
 * ```
 *
 * @param loss Mean cross-entropy in nats a token.
 * @param tokens How many tokens the loss was taken over.
 * @param bytes How many UTF-8 bytes those tokens stand for.
 * @returns Bits a byte.
 */
export function bitsPerByte(loss: number, tokens: number, bytes: number): number {
  return loss * tokens / (Math.LN2 * bytes);
}

/** One bin of {@linkcode calibration}. */
export interface CalibrationBin {
  /** Bounds of the confidence in this bin: above `from`, up to `to`. */
  from: number;
  /** Bounds of the confidence in this bin: above `from`, up to `to`. */
  to: number;
  /** How many predictions fell into it. */
  count: number;
  /** Their mean confidence. 0 if there are none. */
  confidence: number;
  /** The share of them that was right. 0 if there are none. */
  accuracy: number;
}

/**
 * Sorts predictions by confidence into bins and compares, in each, confidence with accuracy.
 *
 * The expected calibration error is the mean gap between the two, weighted by the bins' counts.
 * Source: Guo et al. 2017, section 2, equation 3.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { calibration } from "@tunebook/training";
 *
 * // Twice 90 % sure, once right: 40 points too sure.
 * const { error } = calibration([0, 0], [[0.9, 0.1], [0.1, 0.9]]);
 * assertAlmostEquals(error, 0.4);
 * ```
 *
 * @param actual The true class of each record, as a column of `probabilities`, `[batch]`.
 * @param probabilities What each class was given, `[batch, classes]`.
 * @param binCount How many bins of equal width. Default: 10.
 * @returns The expected calibration error, 0 to 1, and the bins for a reliability diagram.
 * @throws {RangeError} As {@linkcode logLoss}.
 */
export function calibration(
  actual: ArrayLike<number>,
  probabilities: ArrayLike<number[]>,
  binCount = 10,
): { error: number; bins: CalibrationBin[] } {
  checkPairs(actual, probabilities);
  const sums = Array.from({ length: binCount }, () => ({ count: 0, sure: 0, right: 0 }));
  for (let i = 0; i < actual.length; i++) {
    const row = probabilities[i]!;
    probabilityOf(row, actual[i]!, i);
    const confidence = Math.max(...row);
    const bin = sums[Math.max(0, Math.ceil(confidence * binCount) - 1)]!;
    bin.count++;
    bin.sure += confidence;
    if (row.indexOf(confidence) === actual[i]) bin.right++;
  }
  const bins = sums.map(({ count, sure, right }, i) => ({
    from: i / binCount,
    to: (i + 1) / binCount,
    count,
    confidence: count ? sure / count : 0,
    accuracy: count ? right / count : 0,
  }));
  const gap = bins.reduce((a, bin) => a + bin.count * Math.abs(bin.accuracy - bin.confidence), 0);
  return { error: gap / actual.length, bins };
}

function probabilityOf(row: readonly number[], label: number, record: number): number {
  const given = row[label];
  if (given === undefined) {
    throw new RangeError(
      `Expected a class from 0 to ${row.length - 1} but found ${label} at record ${record}`,
    );
  }
  if (!row.every((value) => value >= 0 && value <= 1 + 1e-6)) {
    throw new RangeError(
      `Expected probabilities from 0 to 1 but found ${row.join(", ")} at record ${record}; ` +
        `logits need a softmax first`,
    );
  }
  return given;
}
