import type { QuestionPart } from "./form.ts";
import { inverted } from "./verbs.ts";

/**
 * Asks with a question word at the front: "When was the treaty signed?"
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atFront } from "./asking.ts";
 *
 * const parts: Record<string, string> = { before: "the treaty was signed", intro: "in the West" };
 * const part = (name: string) => parts[name] ?? "";
 * assertEquals(atFront("When")(part), "When, in the West, was the treaty signed?");
 * ```
 *
 * @param word The question word or phrase.
 * @returns A way to ask, over the parts `intro`, `before` and `after`.
 */
export function atFront(word: string): (part: QuestionPart) => string {
  return (part) => {
    const asked = inverted(`${part("before")} ${part("after")}`.trim());
    const begin = part("intro") ? `${word}, ${part("intro")},` : word;
    return asked === undefined ? "" : `${begin} ${asked}?`;
  };
}

/**
 * Asks with the question word in the answer's place: "The treaty was signed with which nation?"
 *
 * @param word The question word or phrase.
 * @returns A way to ask, over the parts `intro`, `before` and `after`.
 */
export function inPlace(word: string): (part: QuestionPart) => string {
  return (part) => {
    const intro = part("intro") ? `${part("intro")}, ` : "";
    return `${intro}${part("before")} ${word} ${part("after")}`.trim() + "?";
  };
}
