import { atFront } from "../asking.ts";
import { pattern, type QuestionForm } from "../form.ts";

const OBJECT =
  "(?!(?:(?! (?:which|that|who) )[^,;:?!])* (?:have|has|had|is|are|was|were|will) )(?:the|an?|our|its|their|this|these|all|many|more|new|his|every|such|some) [^,;:?!]{5,90}?";

/** What someone did, gave, found …: the object of a sentence. */
const what: QuestionForm = {
  name: "what",
  asksFor: "the thing that someone made, gave, found, needs …",
  patterns: [
    pattern(
      `BEFORE(?<= (?:[a-z]{3,}ed|made|given|taken|brought|built|sent|shown|found|received|seen|kept|won|lost|have|has|had|need|begun|paid|put)) (?<answer>${OBJECT})FULL`,
    ),
  ],
  questions: [atFront("What"), atFront("According to the address, what")],
  example: {
    sentence: "The Government has concluded a treaty of commerce with Siam.",
    question: "What has the Government concluded?",
    answer: "a treaty of commerce with Siam",
  },
};

/** By what means: by doing something. */
const how: QuestionForm = {
  name: "how",
  asksFor: "the means by which something is done",
  patterns: [
    pattern("BEFORE (?<answer>(?:by|through) (?:the )?[a-z]+ing [^,;:?!]{6,90}?)FULL"),
    pattern("BEFORE (?<answer>by means of [^,;:?!]{6,90}?)FULL"),
  ],
  questions: [atFront("How"), atFront("By what means"), atFront("In what way")],
  example: {
    sentence: "The debt was reduced by selling the public lands.",
    question: "How was the debt reduced?",
    answer: "by selling the public lands",
  },
};

/** Upon what. */
const uponWhat: QuestionForm = {
  name: "upon what",
  asksFor: "what something depends on, rests on or is directed to",
  patterns: [
    pattern(
      "BEFORE (?<link>upon|on|against|toward) (?!MONTH|(?:the )?\\d)(?<answer>THING)(?=END)AFTER",
    ),
  ],
  questions: [
    (part) => atFront(`${part("link")} what`)(part),
    (part) => atFront(`According to the address, ${part("link")} what`)(part),
  ],
  example: {
    sentence: "The prosperity of the people is founded upon the success of the farmers.",
    question: "Upon what is the prosperity of the people founded?",
    answer: "the success of the farmers",
  },
};

/** For whom or what. */
const forWhat: QuestionForm = {
  name: "for whom",
  asksFor: "whom or what something is for",
  patterns: [
    pattern(
      "BEFORE for (?!MONTH|the (?:purpose|sake|year|time|past|last|next|first|reason)|(?:this|that|some|a) )(?<answer>THING)(?=END)AFTER",
    ),
  ],
  questions: [
    atFront("For whom or for what"),
    atFront("According to the address, for whom or for what"),
  ],
  example: {
    sentence: "A permanent home has been provided for the Indians of the West.",
    question: "For whom or for what has a permanent home been provided?",
    answer: "the Indians of the West",
  },
};

/** In what matter. */
const inWhat: QuestionForm = {
  name: "in what",
  asksFor: "the matter, field or condition in which something is so",
  patterns: [
    pattern(
      "BEFORE in (?!the (?:year|course|same|first|last|past|world|country|United)|(?:this|that|such|some|all) |[A-Z])(?<answer>THING)(?=END)AFTER",
    ),
  ],
  questions: [atFront("In what"), atFront("According to the address, in what")],
  example: {
    sentence: "Great progress has been made in the organization of the militia.",
    question: "In what has great progress been made?",
    answer: "the organization of the militia",
  },
};

/** In what case. */
const inWhatCase: QuestionForm = {
  name: "in what case",
  asksFor: "a condition, or what happens at the same time",
  patterns: [
    pattern(
      "^(?:And |But )?(?<answer>(?:[Ii]f|[Uu]nless|[Ww]hen|[Ww]hile|[Uu]ntil|[Ww]henever|[Aa]s soon as|[Aa]fter|[Bb]efore|[Oo]nce) [^,;:?!]{8,100}), CLAUSE",
    ),
    pattern(
      "BEFORE,? (?<answer>(?:if|unless|when|until|whenever|as soon as|as long as|so long as) (?:the|we|it|they|our|you|I|he|this|there|a|an|all|any|these|those|their|its|[A-Z])[^,;:?!]{8,100}?)(?=[,;:?!](?!\\d)|\\.[\"')]*$|$)",
    ),
  ],
  questions: [atFront("In what case or at what time"), atFront("When or on what condition")],
  example: {
    sentence: "If the harvest fails again, the price of bread will rise.",
    question: "In what case or at what time will the price of bread rise?",
    answer: "If the harvest fails again",
  },
};

/** As what. */
const asWhat: QuestionForm = {
  name: "as what",
  asksFor: "what something is taken or used as",
  patterns: [pattern("BEFORE as (?<answer>(?:an?|the|our|one of) [^,;:?!]{4,70}?)FULL")],
  questions: [atFront("As what"), atFront("According to the address, as what")],
  example: {
    sentence: "The compromise was accepted as a final settlement.",
    question: "As what was the compromise accepted?",
    answer: "a final settlement",
  },
};

const HELD =
  "dut(?:y|ies)|powers?|rights?|policy|interests?|wishes|opinion|views?|wisdom|attention|consent|" +
  "authority|faith|honor|safety|welfare|prosperity|happiness|report|recommendations?|action|success|hopes?|" +
  "spirit|strength|support|work|lives|needs|voice|will|claims?|happiness|patriotism|credit|conduct|liberties";

/** Whose. */
const whose: QuestionForm = {
  name: "whose",
  asksFor: "whose duty, right, opinion … it is",
  patterns: [
    pattern(
      `\\b[Tt]he (?:[a-z]+ )?(?<held>${HELD}) of (?<answer>THING)(?=END)(?<aim>(?: to [a-z]+ [^,;:?!]{5,70}(?=[,;:?!]|\\.$))?)`,
    ),
  ],
  questions: [
    (part) =>
      part("aim")
        ? `Whose ${part("held")} is spoken of: ${part("aim")}?`
        : `Whose ${part("held")} is spoken of?`,
    (part) =>
      part("aim")
        ? `Of whom or what is it the ${part("held")} ${part("aim")}?`
        : `Of whom or of what is the ${part("held")} mentioned?`,
  ],
  example: {
    sentence: "It is the duty of Congress to provide for the common defense.",
    question: "Whose duty is spoken of: to provide for the common defense?",
    answer: "Congress",
  },
};

const TO_DO =
  "intend|wish|hope|try|trying|seek|seeking|agreed?|ought|continue|continued|continuing|decided|determined|refused?|" +
  "required|expected|enabled|able|ready|willing|necessary|important|proper|authorized|directed|instructed|invited|" +
  "essential|desirable|possible|impossible|pledged|committed|designed|resolved|prepared|want|need|like|going|" +
  "failed|begun|began|used|proposed?|time|beginning|working|helped|helping|proud|planned|attempted|due|compelled|obliged|bound|asking you|ask you|allowed";

/** To do what. */
const toDoWhat: QuestionForm = {
  name: "to do what",
  asksFor: "what someone means, tries, needs or is ready to do",
  patterns: [
    pattern(
      `BEFORE (?<answer>to (?<= (?:${TO_DO}) to )(?!be\\b|have\\b)[a-z]+ [^,;:?!]{6,110}?)FULL`,
    ),
  ],
  questions: [
    (part) => atFront("What")(part).replace(/\?$/, " to do?"),
    (part) => atFront("According to the address, what")(part).replace(/\?$/, " to do?"),
  ],
  example: {
    sentence: "The new commission is prepared to settle every claim, and will meet in May.",
    question: "What is the new commission prepared to do?",
    answer: "to settle every claim",
  },
};

const SAYS =
  "shows?|shown|said|says|say|believed?|hoped?|knows?|known|means?|declared?|announced?|thinks?|thought|" +
  "agreed?|understood|understand|learned|informed|stated?|states|demonstrated?|proves?|proved|recommend|recommended|ask|" +
  "asked|proposed?|urged?|requires?|required|provides?|provided|recognized?|hopeful|confident|clear|true|believe|trust|" +
  "satisfied|convinced|aware|told|assured|see|seen|found|reported|reports?|estimated|feel|realized?|insist|expected|apparent|evident|fact";

/** What is said, shown or believed. */
const whatSaid: QuestionForm = {
  name: "what is said",
  asksFor: "what someone says, shows, believes or asks: a clause with that",
  patterns: [
    pattern(`BEFORE (?<answer>that (?<= (?:${SAYS})(?: you)? that )[^;:?!]{12,130}?)FULL`),
  ],
  questions: [atFront("What"), atFront("According to the address, what")],
  example: {
    sentence: "The Secretary has reported that the forts are without guns.",
    question: "What has the Secretary reported?",
    answer: "that the forts are without guns",
  },
};

/** Forms that ask for objects, means, conditions and what a preposition leads to. */
export const relations: readonly QuestionForm[] = [
  what,
  how,
  uponWhat,
  forWhat,
  inWhat,
  inWhatCase,
  asWhat,
  toDoWhat,
  whatSaid,
  whose,
];
