/**
 * Spelling of all prose, by a British dictionary and `words.txt`: the words of our field, names, and
 * words of code. A right word that the dictionary doesn't know is added there, in alphabetical order.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import dictionary from "dictionary-en-gb";
import nspell from "nspell";
import { root } from "./lessons.ts";
import { plainText, proseFiles, proseOf, withoutReferences } from "./markdown.ts";

const ours = (await Deno.readTextFile(new URL("words.txt", import.meta.url))).trim().split("\n");
const spelling = nspell({ aff: dictionary.aff.toString(), dic: dictionary.dic.toString() });
for (const word of ours) spelling.add(word);

const WORD = /[\p{Script=Latin}\p{Script=Greek}][\p{Script=Latin}\p{Script=Greek}\p{N}'’]*/gu;

/** The words of a text, without what is Chinese and without `'s`. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => word.replace(/['’]s?$/, ""));
}

for (const file of await proseFiles()) {
  const name = file.pathname.slice(root.pathname.length);
  Deno.test(`${name}: every word is in the dictionary or in tests/lessons/words.txt`, async () => {
    const words = new Set(wordsOf(plainText(withoutReferences(await proseOf(file)))));
    assertEquals([...words].filter((word) => !spelling.correct(word)), []);
  });
}

Deno.test("the list of our own words is sorted and has none twice", () => {
  assertEquals(ours, [...new Set(ours)].sort());
});
