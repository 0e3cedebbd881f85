/**
 * GPT-2's rule for cutting text into pieces before any merge: contractions, words with the space
 * in front of them, numbers, runs of punctuation, runs of white space. Merges never cross a cut, so
 * "dog" and "dog." share the token `dog`.
 *
 * Source: Radford et al. 2019 (GPT-2), section 2.2, and its `encoder.py`.
 */
const PIECE = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/**
 * Cuts a text into the pieces that merges stay within. Joined, they are the text again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitIntoPieces } from "@tunebook/tokenizers";
 *
 * assertEquals(splitIntoPieces("It's 1790, sir."), ["It", "'s", " 1790", ",", " sir", "."]);
 * ```
 *
 * @param text Any string.
 * @returns The pieces, in order.
 */
export function splitIntoPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}
