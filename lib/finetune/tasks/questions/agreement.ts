import { exactMatch, tokenF1 } from "@tunebook/training";

/** How far two annotators agree on answers. */
export interface SpanAgreement {
  /** How many questions both answered. */
  count: number;
  /** The share with the same answer, after normalising as SQuAD does. */
  exactMatch: number;
  /** The mean F1 over words between the two answers, the same whoever counts as right. */
  tokenF1: number;
}

/**
 * Agreement of two annotators who marked answers to the same questions: a ceiling for what can be
 * asked of a model, since annotators don't reach 1 either.
 *
 * Source: Rajpurkar et al. 2016, section 6.2, where the second answer of a person is scored against
 * the others'.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { spanAgreement } from "@tunebook/finetune";
 *
 * assertEquals(spanAgreement(["the Senate", "in 1802"], ["Senate", "1802"]), {
 *   count: 2,
 *   exactMatch: 0.5,
 *   tokenF1: (1 + 2 / 3) / 2,
 * });
 * ```
 *
 * @param first The answers of one.
 * @param second The answers of the other, in the same order.
 * @returns The agreement.
 * @throws {RangeError} If there are no answers, or not equally many.
 */
export function spanAgreement(first: readonly string[], second: readonly string[]): SpanAgreement {
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(
      `Expected answers of both annotators to the same questions but found ${first.length} and ` +
        `${second.length}; leave out the questions that one of them didn't answer`,
    );
  }
  const mean = (score: (a: string, b: readonly string[]) => number) =>
    first.reduce((sum, answer, i) => sum + score(answer, [second[i]!]), 0) / first.length;
  return { count: first.length, exactMatch: mean(exactMatch), tokenF1: mean(tokenF1) };
}
