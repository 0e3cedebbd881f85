import { atFront } from "../asking.ts";
import { pattern, type QuestionForm } from "../form.ts";

/** A year: 1825. */
const year: QuestionForm = {
  name: "year",
  asksFor: "a year",
  patterns: [
    pattern(
      "BEFORE(?: \\(?(?:in|since|until|during|for|of|by|from|to|after|before)(?: the year)?| MONTH(?: \\d\\d?)?,?) (?<answer>YEAR)AFTER",
    ),
    pattern(
      "^(?:In|Since|During|By|After|Before)(?: the year| early| late| MONTH(?: \\d\\d?)?,?)? (?<answer>YEAR),?(?: alone,)? CLAUSE",
    ),
  ],
  questions: [atFront("In what year"), atFront("During what year"), atFront("In which year")],
  example: {
    sentence: "The commission was organized in 1867, and has made its report.",
    question: "In what year was the commission organized?",
    answer: "1867",
  },
};

const DAY =
  "(?:(?:the )?\\d{1,2}(?:st|d|nd|rd|th)?(?: day)?(?: of)? MONTH|MONTH \\d{1,2}(?:st|d|nd|rd|th)?)" +
  "(?:,? YEAR| last| next| instant)?";
const RECENT =
  "(?:last|next|this) (?:year|month|summer|winter|spring|autumn|fall|week|session|evening|MONTH)|" +
  "(?:NUMBER|a few|many|several|a hundred) (?:years|months|weeks|days) ago|tonight|today|last night|yesterday|" +
  "(?:the|your|this) (?:last|next|past|present|preceding|current|coming|close of the|end of the|beginning of the|late|recent) " +
  "(?:[a-z]+ ){0,2}?(?:year|session|war|month|century|season|summer|winter|spring|autumn|decade|Congress|quarter|week|time|day|hour|years|months)";

/** A point of time that is no bare year: the 3d of March last, last December, ten years ago. */
const when: QuestionForm = {
  name: "when",
  asksFor: "a day, a month or another point of time",
  patterns: [
    pattern(
      `BEFORE(?: (?:on|since|until|to|before|by|after|of|in|during))? (?<answer>${DAY})AFTER`,
    ),
    pattern(
      `^(?:(?:On|Since|By|Before|In|During|After|At) )?(?<answer>${DAY}|MONTH(?: last| next|,? YEAR)|${RECENT}),? CLAUSE`,
    ),
    pattern(
      "BEFORE (?:in|since|during|of|until) (?<answer>(?:last )?MONTH(?: last| next|,? YEAR)?)AFTER",
    ),
    pattern(
      `BEFORE(?: (?:at|during|before|after|since|in|of|for|until|to))? (?<answer>${RECENT})AFTER`,
    ),
  ],
  questions: [atFront("When"), atFront("When, by this account,"), atFront("At what time")],
  example: {
    sentence:
      "A convention was signed at Bogota on the 3d of October last, and awaits your consent.",
    question: "When was a convention signed at Bogota?",
    answer: "the 3d of October last",
  },
};

const SPAN =
  "(?:(?:more than|about|nearly|over|at least|less than) )?(?:NUMBER|many|several|a few|one|a|an|half a) " +
  "(?:consecutive |successive |long |short |whole |full )?(?:century|centuries|decades?|years?|months?|weeks?|days?|hours?|minutes?)";

/** A length of time: three years. */
const howLong: QuestionForm = {
  name: "how long",
  asksFor: "a length of time",
  patterns: [
    pattern(
      `BEFORE (?:for|within|in|over|during|of|after|than|every)(?: a| the)?(?: period of| term of| last| past| next| space of)? (?<answer>${SPAN})(?! ago| old)AFTER`,
    ),
    pattern(
      `^(?:For|Within|In|Over|After|During)(?: the)?(?: last| past| next)? (?<answer>${SPAN}),? CLAUSE`,
    ),
  ],
  questions: [
    atFront("For how long"),
    atFront("For what length of time"),
    atFront("Over what length of time"),
  ],
  example: {
    sentence: "The charter was renewed for twenty years.",
    question: "For how long was the charter renewed?",
    answer: "twenty years",
  },
};

/** Forms that ask about time. */
export const times: readonly QuestionForm[] = [year, when, howLong];
