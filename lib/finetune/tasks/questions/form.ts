import { FINITE, inQuestion, SUBJECT_AND_VERB, VERBS } from "./verbs.ts";

/** The named parts of a sentence that a form's pattern found, as they stand inside a question. */
export type QuestionPart = (name: string) => string;

/** A regular expression, and a quick one that every sentence it matches matches too. */
export interface Pattern {
  /** What finds the answer. */
  readonly full: RegExp;
  /** The same without the clause around the answer: tried first, since it is far faster. */
  readonly sieve: RegExp;
}

/** One form of question: where to find its answers, and how to ask for them. */
export interface QuestionForm {
  /** Its name, such as `who`. */
  readonly name: string;
  /** What is asked for, in words. */
  readonly asksFor: string;
  /** Patterns over a sentence, each with the named group `answer` and those the questions use. */
  readonly patterns: readonly Pattern[];
  /** Ways to ask; they take turns. `part("before")` is what the pattern's `before` matched. */
  readonly questions: readonly ((part: QuestionPart) => string)[];
  /** A sentence with the question and the answer the form makes of it. */
  readonly example: { sentence: string; question: string; answer: string };
}

/** A question about a sentence, with the place of its answer there. */
export interface AskedQuestion {
  /** The question. */
  question: string;
  /** The answer's first character in the sentence. */
  start: number;
  /** The character behind its last. */
  end: number;
}

const MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|" +
  "December)";
const WORD_NUMBER =
  "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|" +
  "thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)";

const pieces: Readonly<Record<string, string>> = {
  // A clause from where it begins up to the answer, perhaps with a phrase before it.
  BEFORE:
    `(?:^(?<intro>(?:In|Under|By|For|At|During|With|After|Since|On|Through|From|Of|To|As|Within) ` +
    `[^,;:?!]{3,60}), |BEGIN)(?<before>${SUBJECT_AND_VERB}(?:(?! and (?:we|I|they|it|there|our|this|he|the)\\b)[^,;:?!]|,(?=\\d)){0,110}?)`,
  // A clause that follows its answer.
  CLAUSE: `(?<before>${SUBJECT_AND_VERB} [^,;:?!]{3,110}?)STOP`,
  // Where a clause may begin.
  BEGIN:
    "(?:^|[;:,] |-- )(?:(?:and|but|for|so|yet|And|But|Yet|Thus|Hence|So|Moreover|However|Nevertheless|" +
    "Accordingly|Indeed|Finally|First|Second|Again|Therefore|therefore|Yes|Now|Today|Tonight|" +
    "(?:[a-z ,]* )?(?:inform|informed|state|stated|hoped|believe|know|trust|say|said|sure|fact|show|shows|" +
    "shown|think|hope|ask|urge|recommend|find|found|known|true|clear|announce|believed|agreed|appears|" +
    "declared|remember|you|Congress|because|although|while) that),? )?",
  // What follows the answer in its clause, to a stop.
  AFTER:
    "(?<after>(?: (?!(?:is|are|was|were|has|have|had|will|would|shall|may|must|and|or)\\b)[^,;:?!]{2,80}?)?)STOP",
  // Where a clause may be cut.
  STOP: "(?=[,;:?!](?!\\d)|\\.[\"')]*$|$| -- | (?:and|but|which|who|where|while) )",
  // Where a clause ends.
  FULL: "(?=[,;:?!](?!\\d)|\\.[\"')]*$|$| -- )",
  // Where a phrase ends: there, or at any comma, or where another phrase begins.
  END:
    "(?=[,;:?!](?!\\d)|\\.[\"')]*$|$| (?:but|which|who|that|when|where|if|while|as|to|in|for|with|" +
    "from|on|at|by|under|upon|during|through|since|until|than|within|without|against|into|after|before|is|are|was|were|has|have|had|will)\\b)",
  // A thing with its article: "the joint commission of both nations".
  THING:
    "(?:(?:the|our|its|their|this|these|those|all|his|an?|other|such|any|every|each|both|foreign|" +
    "your|my)(?: (?!(?:and|but|which|who|that|when|where|if|while|as|to|in|for|with|from|on|at|by|under|" +
    "upon|during|through|last|next)\\b)[\\w'$-]+){1,8}?|[A-Z][\\w'-]+(?: (?:of |of the )?[A-Z][\\w'-]+){0,4})",
  FINITE,
  VERB: VERBS,
  MONEY: "(?:(?:about|nearly|over|almost|more than) )?(?:\\$\\d(?:[\\d,.]*\\d)?(?: (?:thousand|" +
    "[mbtr]+illions?))?(?! (?:[mbtr]+illion|thousand))|(?:(?:NUMBER|several|many|a) )?(?:hundred|thousand|million|billion)s?(?: of)? dollars|" +
    "\\d[\\d,.]* (?:(?:thousand|million|billion) )?dollars)",
  NUMBER: `(?:\\d(?:[\\d,]*\\d)?(?:\\.\\d+)?(?: (?:thousand|million|billion))?|` +
    `${WORD_NUMBER}(?:[ -]${WORD_NUMBER})*)`,
  YEAR: "(?:1[5-9]|20)\\d\\d\\b(?![,.]\\d)",
  MONTH: MONTHS,
  // A name in capitals: "Great Britain", "the Gulf of Mexico".
  NAME: "(?:the )?[A-Z][\\w'-]*\\w(?: (?:of the |of |and )?[A-Z][\\w'-]+){0,4}",
};
const NAMES = new RegExp(Object.keys(pieces).join("|"), "g");

/**
 * A pattern with pieces that many forms use, written as words in capitals, such as
 * `BEFORE in (?<answer>YEAR)AFTER`.
 */
export function pattern(source: string): Pattern {
  const fill = (text: string) => text.replaceAll(NAMES, (name) => pieces[name]!);
  return {
    full: new RegExp(fill(fill(source)), "dg"),
    sieve: new RegExp(fill(fill(source.replaceAll(/BEFORE|CLAUSE|AFTER|BEGIN/g, "")))),
  };
}

/**
 * The questions of one form about a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { askAbout, pattern } from "./form.ts";
 *
 * const place = {
 *   name: "place",
 *   asksFor: "a place",
 *   patterns: [pattern("BEFORE at (?<answer>NAME)AFTER")],
 *   questions: [(part: (name: string) => string) => `Where is it that ${part("before")}?`],
 *   example: { sentence: "", question: "", answer: "" },
 * };
 * assertEquals(askAbout("The treaty was signed at Paris.", place, 0), [
 *   { question: "Where is it that the treaty was signed?", start: 25, end: 30 },
 * ]);
 * ```
 *
 * @param sentence A sentence.
 * @param form The form.
 * @param turn Which of the ways to ask is taken.
 * @returns The questions.
 */
export function askAbout(sentence: string, form: QuestionForm, turn: number): AskedQuestion[] {
  const matches = form.patterns.flatMap(({ full, sieve }) =>
    sieve.test(sentence) ? [...sentence.matchAll(full)] : []
  );
  return matches.flatMap(({ groups, indices }) => {
    const place = indices?.groups?.answer;
    if (!place) return [];
    const part = (name: string) => inQuestion(groups?.[name] ?? "");
    const asked = form.questions[turn % form.questions.length]!(part).replaceAll(/ {2,}/g, " ");
    const question = asked.slice(0, 1).toUpperCase() + asked.slice(1);
    const [start, end] = place;
    return isSound(question, sentence.slice(start, end)) ? [{ question, start, end }] : [];
  });
}

/** The longest question, so that it fits with its paragraph into 256 tokens. */
const LONGEST = 170;
const LOOSE_ENDS =
  "with|of|to|in|the|and|for|by|from|an?|on|as|at|or|that|is|are|our|its|than|their|has|have|not|about|be";

/** Without an "I" that found no verb, half a bracket, a heading, or a phrase that breaks off. */
function isSound(question: string, answer: string): boolean {
  return question.length > 14 && question.length <= LONGEST &&
    !/\bI\b(?!\.)|[()]|[A-Z]{5}|^[\w ]{3,20} (?:is|was) (?:it|this|that)(?: \w+)?\?$/.test(
      question,
    ) &&
    !new RegExp(` (?:${LOOSE_ENDS})\\?$`).test(question) &&
    !new RegExp(` (?:${LOOSE_ENDS})$`).test(answer);
}
