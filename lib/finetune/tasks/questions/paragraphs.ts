import { withoutEditorsMarks } from "@tunebook/data";
import { sentencesOf } from "../sentences.ts";

/** A paragraph is closed when it has reached this many characters … */
const SHORTEST = 250;
/** … and never longer than this, so that it fits with a question into 256 tokens. */
const LONGEST = 420;

/**
 * Takes out of an address what editors put in, as `withoutEditorsMarks` does, and ruled lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withoutEditorsTraces } from "./paragraphs.ts";
 *
 * assertEquals(withoutEditorsTraces("Thank you. (Applause.) We won [Laughter] it."),
 *   "Thank you. We won it.");
 * ```
 *
 * @param text The text of an address.
 * @returns The text with typewriter quotation marks, dashes as `--` and single spaces.
 */
export function withoutEditorsTraces(text: string): string {
  return withoutEditorsMarks(text, " ")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s*(?:—|--+)\s*/g, " -- ")
    .replaceAll(/[_*•]+|\.{4,}/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([.,;:?!])/g, "$1")
    .trim();
}

/**
 * Divides an address into paragraphs: runs of whole sentences of 250 to 420 characters. The texts
 * have no line breaks, so these are not the speaker's own. A sentence longer than a paragraph is
 * cut at its semicolons; what is too long or too short even so is left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { paragraphsOf } from "./paragraphs.ts";
 *
 * const sentence = "The revenue of the year has paid all that was due and left a surplus. ";
 * assertEquals(paragraphsOf(sentence.repeat(9)).map(({ length }) => length), [279, 279]);
 * ```
 *
 * @param text The text of an address.
 * @returns The paragraphs in order, without editors' traces.
 */
export function paragraphsOf(text: string): string[] {
  const paragraphs: string[] = [];
  let open = "";
  const close = () => {
    if (open.length >= SHORTEST) paragraphs.push(open);
    open = "";
  };
  const sentences = sentencesOf(withoutEditorsTraces(text)).flatMap((sentence) =>
    sentence.length > LONGEST ? sentence.split(/(?<=;) /) : sentence
  );
  for (const sentence of sentences) {
    const longer = open === "" ? sentence : `${open} ${sentence}`;
    if (longer.length > LONGEST) close();
    if (sentence.length > LONGEST) continue;
    open = open === "" ? sentence : `${open} ${sentence}`;
    if (open.length >= SHORTEST) close();
  }
  close();
  return paragraphs;
}
