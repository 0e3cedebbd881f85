/**
 * Writes an answer as SQuAD's evaluation compares it: lower case, without punctuation, without the
 * articles a, an and the, single spaces.
 *
 * Source: Rajpurkar et al. 2016, section 6.1, and the official `evaluate-v1.1.py`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { normalizeAnswer } from "@tunebook/training";
 *
 * assertEquals(normalizeAnswer("  The U.S. Congress,"), "us congress");
 * ```
 *
 * @param answer An answer.
 * @returns The answer to compare.
 */
export function normalizeAnswer(answer: string): string {
  return answer.toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/g, "")
    .replaceAll(/\b(a|an|the)\b/g, " ")
    .split(/\s+/).filter(Boolean).join(" ");
}

/**
 * 1 if an answer equals one of the right ones after normalising, else 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exactMatch } from "@tunebook/training";
 *
 * assertEquals(exactMatch("the Senate", ["Senate"]), 1);
 * ```
 *
 * @param predicted The answer.
 * @param actual The right answers; any one counts.
 * @returns 0 or 1.
 * @throws {RangeError} If there is no right answer to compare with.
 */
export function exactMatch(predicted: string, actual: readonly string[]): number {
  return best(actual, (answer) => normalizeAnswer(answer) === normalizeAnswer(predicted) ? 1 : 0);
}

/**
 * F1 over words between an answer and the closest right one, 0 to 1: partly right counts partly.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { tokenF1 } from "@tunebook/training";
 *
 * assertAlmostEquals(tokenF1("the United States Senate", ["the Senate"]), 0.5);
 * ```
 *
 * @param predicted The answer.
 * @param actual The right answers; the best counts.
 * @returns The F1.
 * @throws {RangeError} If there is no right answer to compare with.
 */
export function tokenF1(predicted: string, actual: readonly string[]): number {
  const words = (text: string) => normalizeAnswer(text).split(" ").filter(Boolean);
  const found = words(predicted);
  return best(actual, (answer) => {
    const left = words(answer);
    const total = found.length + left.length;
    if (found.length === 0 || left.length === 0) return found.length === left.length ? 1 : 0;
    let common = 0;
    for (const word of found) {
      const at = left.indexOf(word);
      if (at < 0) continue;
      common++;
      left.splice(at, 1);
    }
    return 2 * common / total;
  });
}

function best(actual: readonly string[], score: (answer: string) => number): number {
  if (actual.length === 0) {
    throw new RangeError("Expected at least one right answer to compare with but found none");
  }
  return Math.max(...actual.map(score));
}
