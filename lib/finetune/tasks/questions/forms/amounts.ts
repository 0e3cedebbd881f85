import { atFront, inPlace } from "../asking.ts";
import { pattern, type QuestionForm, type QuestionPart } from "../form.ts";

/** "How many ships has the navy built?", or "The navy consists of how many ships?". */
function ofAmount(word: string): (part: QuestionPart) => string {
  return (part) => {
    const what = `${word} ${part("things")}`.trim();
    const isObject = /(?:ed|ent|aid|ade|ght|uilt|have|has|is|are|was|were|be|need|by|at|to)$/
      .test(part("before"));
    return isObject ? atFront(what)(part) : inPlace(what)(part);
  };
}

/** A sum of money. */
const howMuchMoney: QuestionForm = {
  name: "how much money",
  asksFor: "a sum of money",
  patterns: [pattern("BEFORE (?<answer>MONEY)AFTER")],
  questions: [ofAmount("how much"), inPlace("how much money"), ofAmount("what sum")],
  example: {
    sentence: "The expenditures of the Department were $4,500,000.",
    question: "How much were the expenditures of the Department?",
    answer: "$4,500,000",
  },
};

const SUM =
  "(?:sum|amount|total|expenditure|appropriation|expense|cost|deficit|deficiency|surplus|balance|debt|" +
  "loan|revenue|increase|decrease|reduction|excess|saving|savings|cut|fund|receipts|expenditures|imports|" +
  "exports|payments?|budget|investment|estimates?|value|income|program|tax|taxes|spending|outlays|request)";
const NOUN =
  `(?<what>(?:[Aa]n?|[Tt]he|[Tt]his|[Oo]ur) (?:[a-z-]+ ){0,2}?${SUM}(?: (?:for|in|on|to|from|over|by) [^,;:.$]{3,50}?)?)`;

/** The sum that a noun is said to be. */
const howLargeSum: QuestionForm = {
  name: "how large a sum",
  asksFor: "how large a named sum of money is, or what is spent on a named purpose",
  patterns: [
    pattern(
      `\\b${NOUN},? (?:of|amounting to|was|were|is|are|will be|amounted to|exceeded|reached|estimated at)(?: only| nearly| about)? (?<answer>MONEY)`,
    ),
    pattern(
      "\\b(?<answer>MONEY)(?: [a-z]+)? (?:for|toward|on) (?<purpose>(?:the|our|a|an|each|public|new|more|[a-z]+ing|[a-z]+) (?!YEAR)[^,;:.$?!]{4,60}?)END",
    ),
  ],
  questions: [
    (part) =>
      part("what")
        ? `How large is ${definite(part)}?`
        : `How much is named for ${part("purpose")}?`,
    (part) =>
      `What is the amount of ${part("what") ? definite(part) : `money for ${part("purpose")}`}?`,
  ],
  example: {
    sentence: "It left a surplus over the estimates of $300,000 in the Treasury.",
    question: "How large is the surplus over the estimates?",
    answer: "$300,000",
  },
};

function definite(part: QuestionPart): string {
  return part("what").replace(/^an? /, "the ");
}

const THINGS =
  "(?<things>(?:(?!(?:per|of|in|on|to|and|or|for|as|by|at|is|was|from|with|the|were|are|a|dollars|percent)\\b)[a-z-]+ ){0,3}?" +
  "(?!(?:years|months|weeks|days|hours|dollars|cents|miles|acres|feet|tons|times|was|as|is|millions|inches|pounds|degrees|this|has|minutes)\\b)" +
  "(?:[a-z-]{2,}[^s\\W]s|men|people|women|children))\\b";

/** A number of things or people. */
const howMany: QuestionForm = {
  name: "how many",
  asksFor: "a number of things or people",
  patterns: [
    pattern(
      `^(?<answer>(?:(?:About|Nearly|Over|More than|Some) )?NUMBER|[A-Z][a-z]+(?=-?[a-z]* (?:thousand|hundred|million))[a-z -]*(?:thousand|hundred|million)) ${THINGS}(?<after> [^;:?!]{8,90}?)STOP`,
    ),
    pattern(
      `BEFORE (?<answer>(?:(?:about|nearly|over|more than|only|some) )?NUMBER) ${THINGS}AFTER`,
    ),
  ],
  questions: [ofAmount("how many"), ofAmount("what number of")],
  example: {
    sentence: "The Department has established 1,200 post-offices, and more are needed.",
    question: "How many post-offices has the Department established?",
    answer: "1,200",
  },
};

const PERCENT =
  "(?:(?:about|nearly|over|only|almost|more than) )?(?:[\\d.]+|NUMBER|one|one-half of 1|one-quarter of 1)(?:-[\\w/]+)? ?(?:per ?cent\\b|percent\\b|%)";
const SHARE =
  "(?:(?:about|nearly|over|only|almost|more than) )?(?:(?:one|a)[- ](?:half|third|fourth|fifth|sixth|tenth|quarter)|" +
  "two[- ]thirds|three[- ](?:fourths|fifths|quarters)|nine[- ]tenths|four[- ]fifths|half)";

/** A share or a rate. */
const whatShare: QuestionForm = {
  name: "what share",
  asksFor: "a share, or a rate of change",
  patterns: [
    pattern(`BEFORE (?<answer>${PERCENT})AFTER`),
    pattern(`BEFORE (?<answer>${SHARE})(?<after> (?:of|the|as|that) [^,;:.?!]{3,60})STOP`),
    pattern(
      `^(?<answer>(?:${PERCENT}|(?:[A-Z][a-z]+[- ])?(?:half|third|fourth|tenths|quarter|thirds|fourths|percent|per cent)|Half|Most))(?<after> (?:of|the) [^;:?!]{12,90}?)STOP`,
    ),
  ],
  questions: [
    ofAmount("what share"),
    inPlace("what percentage or part"),
    inPlace("how large a share"),
  ],
  example: {
    sentence: "The tonnage of our vessels has increased 12 per cent.",
    question: "What share has the tonnage of our vessels increased?",
    answer: "12 per cent",
  },
};

const UNIT =
  "(?:square |nautical |cubic |gross |long )?(?:miles|acres|feet|tons|pounds|bushels|bales|barrels|" +
  "inches|yards|kilowatts|gallons|cords|ounces|degrees|knots)";

/** A distance, an area or a weight, with its unit. */
const howFar: QuestionForm = {
  name: "how far",
  asksFor: "a distance, an area, a weight or another measure",
  patterns: [
    pattern(
      `BEFORE (?<answer>(?:(?:about|nearly|over|more than|only|some) )?NUMBER ${UNIT})\\bAFTER`,
    ),
  ],
  questions: [inPlace("how far or how much"), inPlace("what distance, area or quantity")],
  example: {
    sentence: "The line of the road was extended 300 miles.",
    question: "The line of the road was extended how far or how much?",
    answer: "300 miles",
  },
};

/** Forms that ask for numbers. */
export const amounts: readonly QuestionForm[] = [
  howMuchMoney,
  howLargeSum,
  howMany,
  whatShare,
  howFar,
];
