import { atFront, inPlace } from "../asking.ts";
import { pattern, type QuestionForm } from "../form.ts";

const OFFICE =
  "Secretary|Secretaries|Attorney[- ]General|Postmaster[- ]General|Commissioners?|Comptroller|" +
  "Superintendent|Senate|House|Governments?|government|Governor|Department|Congress|Courts?|courts?|Emperor|King|Queen|" +
  "President|Ministers?|minister|Commission|commission|Board|Convention|people|Cabinet|Army|Navy|commissioners|" +
  "legislatures?|nation|Administration|Republic|Indians|States|farmers|committee|militia|officers|citizens|" +
  "army|enemy|Executive|Executives|powers|nations|Americans|Chief|Constitution|Treasury|Nation|envoy|parties|settlers|workers|families|women|men|companies|banks|tribes";
const OF =
  "(?: (?:of|for) (?:the )?[A-Z][a-z]+(?: [A-Z][a-z]+)?(?: and (?:of )?[A-Z][a-z]+)?| in [A-Z][a-z]+)?";
const PERSON =
  `(?:(?:[Tt]he|[Oo]ur|[Mm]y|[Mm]any|[Tt]hese|[Tt]hose|[Bb]oth) (?:[A-Za-z]+ ){0,2}(?:${OFFICE})${OF}|` +
  "(?:Mr|Dr|General|Gen|Colonel|Admiral|President|Vice President|Secretary|Senator|Judge|Captain|Governor)\\.? " +
  "[A-Z][\\w.'-]+(?: [A-Z][\\w'-]+)*|Congress|Great Britain|France|Spain|Mexico|Germany|Russia|Japan|China|England|" +
  "America|[A-Z][a-z]+ and [A-Z][a-z]+)";

/** Who does or did something. */
const who: QuestionForm = {
  name: "who",
  asksFor: "a person, an office, a body or a nation that acts",
  patterns: [
    pattern(
      `BEGIN(?<answer>${PERSON}),? (?<does>FINITE|recommends|asks|urges|proposes|says|reports|shows|suggests|advises|believes|estimates) (?<after>[^,;:?!]{10,90}?)STOP`,
    ),
  ],
  questions: [
    (part) => `Who ${part("does")} ${part("after")}?`,
    (part) => `Which person, body or people ${part("does")} ${part("after")}?`,
    (part) => `Who is it that ${part("does")} ${part("after")}?`,
  ],
  example: {
    sentence: "The Secretary of the Navy has asked for three new ships.",
    question: "Who has asked for three new ships?",
    answer: "The Secretary of the Navy",
  },
};

/** By whom or by what something is done. */
const byWhom: QuestionForm = {
  name: "by whom",
  asksFor: "who or what something is done by",
  patterns: [
    pattern("BEFORE by (?!MONTH|an? (?:average|vote|majority))(?<answer>THING)(?=END)AFTER"),
  ],
  questions: [atFront("By whom or by what"), atFront("By what or whom")],
  example: {
    sentence: "The boundary has been marked by the joint commission.",
    question: "By whom or by what has the boundary been marked?",
    answer: "the joint commission",
  },
};

const PARTNER =
  "(?<answer>(?:the )?(?:(?:Republic|Kingdom|Empire|Government|Republics|Governments) of (?:the )?)?[A-Z][\\w'-]+" +
  "(?: (?:[A-Z][\\w'-]+|of [A-Z][a-z]+))*(?:(?:, [A-Z][a-z]+)*,? and (?:the )?[A-Z][\\w'-]+(?: [A-Z][a-z]+)*)?|" +
  "(?:the|our|other|all|foreign|every|any) [a-z ]{0,20}(?:powers?|nations?|tribes?|Indians|countries|Governments?|governments?|republics|Powers|world|people|allies|neighbors|friends|States|partners|Congress))";

/** With whom. */
const withWhom: QuestionForm = {
  name: "with whom",
  asksFor: "the other side of a treaty, a war or a conversation",
  patterns: [pattern(`BEFORE with ${PARTNER}AFTER`)],
  questions: [atFront("With whom"), inPlace("with which nation or people"), inPlace("with whom")],
  example: {
    sentence: "A treaty of commerce has been concluded with Siam.",
    question: "With whom has a treaty of commerce been concluded?",
    answer: "Siam",
  },
};

const GIVEN =
  "submitted|given|sent|made|presented|referred|transmitted|recommended|committed|communicated|addressed|" +
  "entrusted|intrusted|paid|granted|offered|extended|restored|assigned|transferred|left|ceded|sold|delivered|owed|due|" +
  "applied|opened|confided|issued|payable|returned|brought|secured|proposed|give|send|submit|present|grant|offer|" +
  "transmit|recommend|communicate|say|speak|commend|pay|bring|report|reported|appeal|apply|render|furnish|restore";

/** To whom. */
const toWhom: QuestionForm = {
  name: "to whom",
  asksFor: "who or what something is given, said or shown to",
  patterns: [
    pattern(
      `BEFORE(?<= (?:${GIVEN})(?: [^,;:?!]{2,60}?)?) to (?<answer>(?!the (?:extent|end|amount)\\b)THING)(?=END)AFTER`,
    ),
  ],
  questions: [atFront("To whom or to what"), atFront("To whom")],
  example: {
    sentence: "The report of the commission has been submitted to the Senate.",
    question: "To whom or to what has the report of the commission been submitted?",
    answer: "the Senate",
  },
};

/** Forms that ask for people, bodies and nations. */
export const people: readonly QuestionForm[] = [who, byWhom, withWhom, toWhom];
