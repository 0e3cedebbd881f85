/**
 * A trigram model with interpolated Kneser-Ney smoothing (Chen & Goodman 1999, section 2.7): the best
 * that counting words gets to, and so what a small neural language model has to beat.
 *
 * The probability of a token after two others is its share of what followed these, less a discount;
 * what the discount saves goes to the bigram, and on to the unigram. The lower orders count not how
 * often a token occurs but behind how many different ones.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { KneserNeyTrigram } from "@tunebook/base";
 *
 * const model = new KneserNeyTrigram([[0, 1, 2, 0, 1, 2, 0, 1, 3]], { vocabSize: 4 });
 * const all = [0, 1, 2, 3].map((token) => model.probability(0, 1, token));
 * assertAlmostEquals(all.reduce((a, b) => a + b), 1, 1e-9);
 * ```
 */
export class KneserNeyTrigram {
  readonly #vocabSize: number;
  readonly #trigrams: Order;
  readonly #bigrams: Order;
  readonly #unigrams: Order;

  /**
   * Counts the texts.
   *
   * @param texts Token ids of each text.
   * @param options How many tokens there are.
   * @throws {RangeError} If the vocabulary is larger than 65,536 tokens.
   */
  constructor(texts: Iterable<ArrayLike<number>>, { vocabSize }: { vocabSize: number }) {
    if (!(vocabSize <= 65536)) {
      throw new RangeError(`Expected at most 65,536 tokens but found ${vocabSize}`);
    }
    this.#vocabSize = vocabSize;
    const counts = new Map<number, number>();
    for (const text of texts) {
      for (let i = 2; i < text.length; i++) {
        const key = this.#key(text[i - 2]!, text[i - 1]!, text[i]!);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    this.#trigrams = new Order(counts, (key) => Math.floor(key / vocabSize));
    // Each distinct trigram counts once for the bigram it ends in, and so on down.
    const pairs = countEach(counts.keys(), (key) => key % (vocabSize * vocabSize));
    this.#bigrams = new Order(pairs, (key) => Math.floor(key / vocabSize));
    this.#unigrams = new Order(countEach(pairs.keys(), (key) => key % vocabSize), () => 0);
  }

  /** The probability that `token` comes after `before` and `last`. */
  probability(before: number, last: number, token: number): number {
    const n = this.#vocabSize;
    let p = this.#unigrams.share(0, token, 1 / n);
    p = this.#bigrams.share(last, last * n + token, p);
    return this.#trigrams.share(before * n + last, this.#key(before, last, token), p);
  }

  /** The mean surprise over a text from its third token on, in nats a token. */
  loss(text: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 2; i < text.length; i++) {
      sum -= Math.log(this.probability(text[i - 2]!, text[i - 1]!, text[i]!));
    }
    return sum / (text.length - 2);
  }

  #key(before: number, last: number, token: number): number {
    return (before * this.#vocabSize + last) * this.#vocabSize + token;
  }
}

/** The counts of one order, and for each context their sum and how many different tokens followed. */
class Order {
  readonly #counts: Map<number, number>;
  readonly #contexts = new Map<number, { sum: number; kinds: number }>();
  readonly #discount: number;

  constructor(counts: Map<number, number>, contextOf: (key: number) => number) {
    this.#counts = counts;
    let once = 0, twice = 0;
    for (const [key, count] of counts) {
      if (count === 1) once++;
      if (count === 2) twice++;
      const context = this.#contexts.get(contextOf(key));
      if (context === undefined) this.#contexts.set(contextOf(key), { sum: count, kinds: 1 });
      else context.sum += count, context.kinds++;
    }
    // Ney, Essen & Kneser 1994, equation 6.
    this.#discount = once === 0 ? 0.5 : once / (once + 2 * twice);
  }

  share(context: number, key: number, lower: number): number {
    const found = this.#contexts.get(context);
    if (found === undefined) return lower;
    const kept = Math.max((this.#counts.get(key) ?? 0) - this.#discount, 0);
    return (kept + this.#discount * found.kinds * lower) / found.sum;
  }
}

function countEach(keys: Iterable<number>, map: (key: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(map(key), (counts.get(map(key)) ?? 0) + 1);
  return counts;
}
