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

/** Exercise 2. A Map, because an object already has a `constructor` and other words of its own. */
export function topWords(words: readonly string[], count: number): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, count);
}

/** Exercise 3. */
export function onceOnly(words: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const once = [...counts.values()].filter((count) => count === 1).length;
  return once / counts.size;
}

/** Exercise 4. */
export function newWords(earlier: readonly string[][], latest: readonly string[]): string[] {
  const known = new Set(earlier.flat());
  return [...new Set(latest)].filter((word) => !known.has(word));
}
