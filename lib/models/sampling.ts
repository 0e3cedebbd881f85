import type { Random } from "@tunebook/tensor";

/** How {@linkcode sample} chooses. */
export interface SamplingOptions {
  /**
   * Divides the scores: below 1 likely tokens become likelier, above 1 all become alike. 0 always
   * takes the likeliest.
   *
   * @default {1}
   */
  temperature?: number;
  /** Only so many of the likeliest tokens may be chosen (Fan et al. 2018); all unless given. */
  topK?: number;
  /**
   * Only the likeliest tokens that have this probability together may be chosen
   * ([Holtzman et al. 2020](https://arxiv.org/abs/1904.09751)); all unless given.
   */
  topP?: number;
}

/**
 * Chooses a token by its score.
 *
 * @param scores One for each token of the vocabulary, as a language model gives them.
 * @param random What decides between those that may be chosen.
 * @returns The token's id.
 * @throws {RangeError} If an option isn't possible, or a score is not a number.
 *
 * @example
 * ```ts
 * import { sample } from "@tunebook/models";
 * import { Random } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = [1, 5, 2];
 * assertEquals(sample(scores, { temperature: 0 }, new Random(0)), 1);
 * assertEquals(sample(scores, { topK: 1 }, new Random(0)), 1);
 * ```
 */
export function sample(
  scores: ArrayLike<number>,
  options: SamplingOptions,
  random: Random,
): number {
  const { temperature = 1, topK = scores.length, topP = 1 } = options;
  checkOptions(temperature, topK, topP);
  const best = likeliest(scores);
  if (temperature === 0) return best;
  const weightOf = (score: number) => Math.exp((score - scores[best]!) / temperature);
  const lowest = lowestAllowed(scores, weightOf, topK, topP);
  let total = 0;
  for (let id = 0; id < scores.length; id++) {
    if (scores[id]! >= lowest) total += weightOf(scores[id]!);
  }
  let left = random.next() * total;
  for (let id = 0; id < scores.length; id++) {
    if (scores[id]! < lowest) continue;
    left -= weightOf(scores[id]!);
    if (left < 0) return id;
  }
  return best; // rounding left a little over
}

/** The token with the highest score. */
function likeliest(scores: ArrayLike<number>): number {
  let best = 0;
  for (let id = 0; id < scores.length; id++) {
    if (Number.isNaN(scores[id])) {
      throw new RangeError("Expected scores to choose by but found NaN; did the training diverge?");
    }
    if (scores[id]! > scores[best]!) best = id;
  }
  return best;
}

/** The score of the last token that may be chosen; others with the same score may be too. */
function lowestAllowed(
  scores: ArrayLike<number>,
  weightOf: (score: number) => number,
  topK: number,
  topP: number,
): number {
  if (topK >= scores.length && topP === 1) return -Infinity;
  const allowed = Float64Array.from(scores).sort().reverse().subarray(0, topK);
  const total = allowed.reduce((sum, score) => sum + weightOf(score), 0);
  let reached = 0;
  // The token that reaches the probability is still in.
  return allowed.find((score) => (reached += weightOf(score)) >= topP * total) ?? allowed.at(-1)!;
}

function checkOptions(temperature: number, topK: number, topP: number): void {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(`Expected a temperature of 0 or more but found ${temperature}`);
  }
  if (!(Number.isInteger(topK) && topK > 0)) {
    throw new RangeError(`Expected topK to be a whole number above 0 but found ${topK}`);
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new RangeError(`Expected topP to be above 0 and at most 1 but found ${topP}`);
  }
}
