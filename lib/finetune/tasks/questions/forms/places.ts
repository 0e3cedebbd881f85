import { atFront } from "../asking.ts";
import { pattern, type QuestionForm } from "../form.ts";

const NO_PLACE =
  "(?!(?:the )?(?:MONTH|Congress|God|Federal|President|Senate|House|Mr|I|Constitution|Executive|Sunday|Monday|Government|Republican|Democrat|Christian|American|Act|Providence|Secretary|State of the Union)\\b)";
const PLACE =
  `${NO_PLACE}(?:the (?:[A-Z][a-z]+ )?(?:city|port|harbor|islands?|valley|Territory|Territories|States?|river|coast|Gulf|Strait|Isthmus|Bay|District|Province) of (?:the )?)?(?:the )?[A-Z][a-z]+(?: (?:[A-Z][a-z]+|of [A-Z][a-z]+|of the [A-Z][a-z]+))*(?: and (?:the )?[A-Z][a-z]+(?: [A-Z][a-z]+)?)?`;
const AREA =
  "(?:the|our|this|every|all) (?:[a-z]+ ){0,2}?(?:world|country|South|West|East|North|Pacific|coast|frontiers?|cities|Treasury|interior|Territories|States|District|Capitol|capital|seas?|Mediterranean|ocean|continent|hemisphere|islands|schools|homes|farms|fields|streets|mountains|ports|harbors|globe|communities|classrooms|earth|mint|Union|city|valley|river|rivers|region|chamber|Chamber)";

/** A place. */
const where: QuestionForm = {
  name: "where",
  asksFor: "a place",
  patterns: [
    pattern(
      `BEFORE (?:in|at|near|throughout|across|within|around|off|on) (?<answer>${PLACE}|${AREA})\\bAFTER`,
    ),
    pattern(`^(?:In|At|Near|Throughout|Across|On) (?<answer>${PLACE}|${AREA}),? CLAUSE`),
  ],
  questions: [atFront("Where"), atFront("Where, by this account,"), atFront("In what place")],
  example: {
    sentence: "A naval station has been established at Pensacola.",
    question: "Where has a naval station been established?",
    answer: "Pensacola",
  },
};

/** What something comes from. */
const fromWhere: QuestionForm = {
  name: "from what",
  asksFor: "where or what something comes from",
  patterns: [
    pattern("BEFORE from (?!MONTH|YEAR)(?<answer>THING)(?=END)AFTER"),
  ],
  questions: [atFront("From what or from whom"), atFront("From where")],
  example: {
    sentence: "The chief part of the revenue is derived from the customs.",
    question: "From what or from whom is the chief part of the revenue derived?",
    answer: "the customs",
  },
};

const RULE = "(?<answer>THING)(?=END)";

/** A law, a treaty or a rule. */
const underWhat: QuestionForm = {
  name: "under what",
  asksFor: "a law, a treaty or a rule under which something is done",
  patterns: [
    pattern(
      `BEFORE (?<link>under|according to|in accordance with|in pursuance of|pursuant to|in conformity with|by virtue of|agreeably to) ${RULE}AFTER`,
    ),
    pattern(
      `^(?<link>Under|According to|In accordance with|In pursuance of|Pursuant to|In conformity with|By virtue of) ${RULE},? CLAUSE`,
    ),
  ],
  questions: [
    (part) => atFront(`${part("link")} what`)(part),
    (part) => atFront(`On what authority, or ${part("link")} what,`)(part),
  ],
  example: {
    sentence: "The lands were sold under the Homestead Act.",
    question: "Under what were the lands sold?",
    answer: "the Homestead Act",
  },
};

/** Forms that ask for places, sources and laws. */
export const places: readonly QuestionForm[] = [where, fromWhere, underWhat];
