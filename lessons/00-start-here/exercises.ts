/**
 * The exercises of lesson 00. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). How often `word` occurs among a thousand words.
 *
 * @param words A text, word by word, in lower case. There is at least one word.
 * @param word The word to look for.
 * @returns 2 means: of a thousand words, two are this one.
 */
export function perThousand(words: readonly string[], word: string): number {
  // TODO: count the words that are `word`, and compare with how many there are.
  return todo(words, word);
}

/**
 * Exercise 2. What comes next: a tiny language model.
 *
 * @param words A text, word by word, in lower case.
 * @param word A word of the text.
 * @param count How many words to return at most.
 * @returns Pairs of a word that follows `word` somewhere in the text, and how often it does, the
 * most frequent first. Words that follow equally often may come in any order.
 */
export function nextWords(
  words: readonly string[],
  word: string,
  count: number,
): [string, number][] {
  // TODO: collect what follows, count it, sort it.
  return todo(words, word, count);
}

/**
 * Exercise 3. How much of the vocabulary occurs just once.
 *
 * @param words A text, word by word, in lower case. There is at least one word.
 * @returns The share, from 0 to 1, of the *different* words that occur exactly once.
 */
export function onceOnly(words: readonly string[]): number {
  // TODO: of the different words, which share occurs once?
  return todo(words);
}

/**
 * Exercise 4 (stretch). The words that a text uses for the first time.
 *
 * @param earlier Earlier texts, each word by word.
 * @param latest The latest text, word by word.
 * @returns The words of `latest` that are in none of the earlier texts, in the order of their first
 * appearance, each once.
 */
export function newWords(earlier: readonly string[][], latest: readonly string[]): string[] {
  // TODO: keep what no earlier text has.
  return todo(earlier, latest);
}
