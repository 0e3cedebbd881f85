/** Words in one shingle. Five are rarely shared by chance and often by a copied sentence. */
const SHINGLE_WORDS = 5;

/**
 * The words of a text as near-duplicates are compared: lower case, without punctuation.
 *
 * @param text Any text.
 * @returns Its words.
 */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * The set of a text's shingles (runs of five words), each as a 32-bit hash. A text of fewer words
 * is one shingle.
 *
 * Source: Broder 1997, section 2.
 *
 * @param text Any text.
 * @returns The hashes; none for a text without a word.
 */
export function shinglesOf(text: string): Set<number> {
  const words = wordsOf(text);
  const shingles = new Set<number>();
  if (words.length === 0) return shingles;
  for (let i = 0; i === 0 || i + SHINGLE_WORDS <= words.length; i++) {
    shingles.add(hash(words.slice(i, i + SHINGLE_WORDS).join(" ")));
  }
  return shingles;
}

/**
 * Jaccard similarity: the share of the two sets' members that both have.
 *
 * @param a One set.
 * @param b Another.
 * @returns 0 (nothing in common) to 1 (equal); 0 if both are empty.
 */
export function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const common = a.intersection(b).size;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
