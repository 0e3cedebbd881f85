/** Words that end in a full stop without ending a sentence. */
const ABBREVIATIONS = new Set(
  ("Mr Mrs Ms Dr St Mt Ft Gen Col Capt Lieut Lt Maj Sgt Adm Gov Hon Rev Sen Rep Messrs Jr Sr Jno Wm " +
    "Geo Chas Thos No Nos Vol Art Sec vs viz Jan Feb Aug Sept Oct Nov Dec").split(" "),
);

/**
 * Divides a text into its sentences, each without the space around it. A full stop after an
 * abbreviation ("Mr.", "St."), an initial ("J. Q. Adams", "U. S."), a leading numeral ("1.") or inside
 * a number ends none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sentencesOf } from "@tunebook/finetune";
 *
 * assertEquals(sentencesOf("Mr. Fox left St. Louis. He sold 2.5 tons. Why?"), [
 *   "Mr. Fox left St. Louis.",
 *   "He sold 2.5 tons.",
 *   "Why?",
 * ]);
 * ```
 *
 * @param text A text; line breaks count as spaces.
 * @returns The sentences in order; put together with single spaces they are the text again.
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let sentence: string[] = [];
  const words = text.split(/\s+/).filter(Boolean);
  words.forEach((word, place) => {
    sentence.push(word);
    const isNumeral = sentence.length === 1 && /^(\d{1,2}|[IVX]+)\.$/.test(word);
    if (isNumeral || !endsSentence(word, words[place + 1])) return;
    sentences.push(sentence.join(" "));
    sentence = [];
  });
  if (sentence.length > 0) sentences.push(sentence.join(" "));
  return sentences;
}

function endsSentence(word: string, next: string | undefined): boolean {
  const end = /^["'(\[]*(.*?)([.?!]+)["')\]”’]*$/.exec(word);
  if (!end) return false;
  if (next !== undefined && !/^["'(\[“‘]*[A-Z0-9$]/.test(next)) return false;
  const [, before = "", mark] = end;
  if (mark !== ".") return true;
  // "I" ends sentences more often than it is an initial.
  const isInitial = /^([A-Z]\.)*[A-HJ-Z]$/.test(before);
  return !isInitial && !ABBREVIATIONS.has(before);
}
