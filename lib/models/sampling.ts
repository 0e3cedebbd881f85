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
  const order = likeliestFirst(scores);
  const best = scores[order[0]!]!;
  if (Number.isNaN(best)) {
    throw new RangeError("Expected scores to choose by but found NaN; did the training diverge?");
  }
  if (temperature === 0) return order[0]!;
  const allowed = order.subarray(0, topK);
  const weights = Float64Array.from(allowed, (id) => Math.exp((scores[id]! - best) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // The smallest set with at least this probability: the token that reaches it is still in.
  let kept = 0, count = 0;
  while (count < weights.length && kept < topP * total) kept += weights[count++]!;
  let left = random.next() * kept;
  for (let i = 0; i < count; i++) {
    left -= weights[i]!;
    if (left < 0) return allowed[i]!;
  }
  return allowed[count - 1]!;
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

/** All ids by falling score, the lower id first where two are equal; NaN before everything. */
function likeliestFirst(scores: ArrayLike<number>): Int32Array {
  const ids = Int32Array.from({ length: scores.length }, (_, id) => id);
  const rank = (id: number) => Number.isNaN(scores[id]) ? Infinity : scores[id]!;
  return ids.sort((a, b) => rank(b) - rank(a) || a - b);
}
