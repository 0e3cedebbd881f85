/**
 * One good answer to each exercise of lesson 00; yours may look different and be as good.
 *
 * @module
 */

/** Exercise 1. */
export function perThousand(words: readonly string[], word: string): number {
  const count = words.filter((other) => other === word).length;
  return 1000 * count / words.length;
}

/** Exercise 2. Next to each word but the first stands the one before it, `words[i]`. */
export function nextWords(
  words: readonly string[],
  word: string,
  count: number,
): [string, number][] {
  const followers = words.slice(1).filter((_, i) => words[i] === word);
  return [...countWords(followers)].sort(([, a], [, b]) => b - a).slice(0, count);
}

/** Exercise 3. */
export function onceOnly(words: readonly string[]): number {
  const counts = [...countWords(words).values()];
  return counts.filter((count) => count === 1).length / counts.length;
}

/** Exercise 4. */
export function newWords(earlier: readonly string[][], latest: readonly string[]): string[] {
  const known = new Set(earlier.flat());
  return [...new Set(latest)].filter((word) => !known.has(word));
}

/** A Map, because an object `{}` is born with a `constructor` and other words of its own. */
function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
