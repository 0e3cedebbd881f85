import { atFront } from "../asking.ts";
import { pattern, type QuestionForm } from "../form.ts";

/** The cause. */
const why: QuestionForm = {
  name: "why",
  asksFor: "a reason",
  patterns: [
    pattern(
      "BEFORE,? (?:because|for the reason that|inasmuch as) (?<answer>(?!of\\b)(?:the|it|they|we|our|this|there|I|a|no|he|these|that|in|its|their|you|all|not|what|some|many|[A-Z])[^;:?!]{8,130}(?<![.,]))FULL",
    ),
    pattern("^(?:Because|Inasmuch as) (?<answer>[^,;:?!]{10,110}), CLAUSE"),
    pattern(
      "BEFORE,? (?<answer>(?:on account of|by reason of|because of|in consequence of|owing to|as a result of|as a consequence of|due to|for want of|thanks to) [^,;:.?!]{6,90})FULL",
    ),
  ],
  questions: [atFront("Why"), atFront("For what cause"), atFront("For what reason")],
  example: {
    sentence: "The post was abandoned because the roads were no longer safe.",
    question: "Why was the post abandoned?",
    answer: "the roads were no longer safe",
  },
};

const AIM =
  "secure|protect|prevent|promote|provide|enable|meet|help|make|give|carry|maintain|preserve|reduce|increase|" +
  "improve|ensure|insure|establish|restore|avoid|defend|support|keep|assist|aid|relieve|strengthen|build|create|bring|" +
  "save|pay|put|encourage|obtain|remove|stop|end|fight|expand|control|guard|guarantee|facilitate|effect|cover";

/** The purpose. */
const whatFor: QuestionForm = {
  name: "for what purpose",
  asksFor: "a purpose",
  patterns: [
    pattern(
      "BEFORE,? (?<answer>(?:in order (?:to|that)|so as to|with a view to|for the purpose of|so that) [^,;:.?!]{8,100})FULL",
    ),
    pattern(
      `BEFORE(?<!\\b(?:is|are|was|were|be|right|power|need|ought|have|has|had|able|going|willing|want|necessary|how|continue|ability|duty|hope|try|trying|attempt|authority|opportunity|failed|due|not|as|enough|order|obligation|used|proper|led|required|effort|efforts|which|and|or|time|seek|need|determined|ready|desire|intention|wish|expected|like|much|well|work|ourselves|himself|them|pledged|only|intend|required|needed|important|unable|ways|way)) (?<answer>to (?:${AIM}) [^,;:.?!]{8,100})FULL`,
    ),
  ],
  questions: [atFront("For what purpose"), atFront("With what aim"), atFront("To what end")],
  example: {
    sentence: "A commission has been appointed to secure the return of the prisoners.",
    question: "For what purpose has a commission been appointed?",
    answer: "to secure the return of the prisoners",
  },
};

const THOUGHT = "recommend|ask|urge|propose|suggest|request|hope|believe|trust|think|advise|expect";

/** What the President recommends, asks for or believes. */
const whatRecommended: QuestionForm = {
  name: "what is recommended",
  asksFor: "what the President recommends, asks for, hopes or believes",
  patterns: [
    pattern(
      `\\bI (?:(?:shall|will|would|do|earnestly|strongly|therefore|again|also|respectfully|now|especially|further|particularly|hereby|once more) ){0,2}(?<does>${THOUGHT})(?: to| for| in| it)?(?: you| the Congress| Congress| your)?(?: that)? (?<answer>[^;:.?!]{8,130}?)FULL`,
    ),
    pattern(
      `(?:^|; |, )(?<other>(?:The|the) (?:Secretary|Postmaster|Attorney|Commissioner|commission|board|Department|Superintendent)[^,;:.?!]{0,40}?) (?<does>recommends|asks|urges|proposes|suggests|requests|estimates|reports|advises|believes)(?: that)? (?<answer>[^;:.?!]{8,130}?)FULL`,
    ),
  ],
  questions: [
    (part) =>
      part("other")
        ? `What is it that ${part("other")} ${part("does")}?`
        : `What does the President ${part("does")}?`,
    (part) =>
      `What is it that ${
        part("other") ? `${part("other")} ${part("does")}` : `the President ${part("does")}s`
      }?`,
  ],
  example: {
    sentence: "I earnestly recommend the establishment of a national university.",
    question: "What does the President recommend?",
    answer: "the establishment of a national university",
  },
};

/** What must be done. */
const whatMust: QuestionForm = {
  name: "what must be done",
  asksFor: "what someone must, should, will or can do",
  patterns: [
    pattern(
      "BEGIN(?<subject>[Ww]e|I|[Tt]he Congress|Congress|[Tt]he (?:Federal )?Government|[Tt]he United States|[Tt]he people|America|[Oo]ur (?:country|nation|people)|[Tt]he (?:nation|States?|President|Executive)) (?<does>must|should|shall|will|can|may|would) (?:also |now |therefore |then |always )?(?<answer>(?!be\\b|have\\b|not\\b|do\\b|never\\b|only\\b|find\\b)[a-z]+ [^;:.?!]{8,110}?)FULL",
    ),
  ],
  questions: [
    (part) => `What ${part("does")} ${part("subject").replace(/^I$/, "the President")} do?`,
    (part) =>
      `What is it that ${part("subject").replace(/^I$/, "the President")} ${part("does")} do?`,
  ],
  example: {
    sentence: "We must rebuild the Navy without delay.",
    question: "What must we do?",
    answer: "rebuild the Navy without delay",
  },
};

const TOPIC =
  "(?<subject>(?:[Tt]he|[Oo]ur|[Tt]his|[Tt]hese|[Tt]hose) [\\w'-]+(?: (?!(?:VERB|that|which|who|when|where|as|if|be|been|we|I|you|they|it|he)\\b)[\\w'-]+){0,6})";

/** What something is said to be. */
const whatIs: QuestionForm = {
  name: "what is",
  asksFor: "what something is, or how it is described",
  patterns: [
    pattern(
      `BEGIN${TOPIC} (?:is|are|was|were|remains?|continues?|has been|have been) (?<answer>(?!(?:to|that|not|in|now|by|the case)\\b)[a-z]+ [^,;:.?!]{5,90}?)FULL`,
    ),
  ],
  questions: [
    (part) => `What is said of ${part("subject")}?`,
    (part) => `What does the address say about ${part("subject")}?`,
  ],
  example: {
    sentence: "The telegraph is a great instrument of peace.",
    question: "What is said of the telegraph?",
    answer: "a great instrument of peace",
  },
};

/** What does or did something: the subject of a sentence that is no person or body. */
const whatDoes: QuestionForm = {
  name: "what does it",
  asksFor: "the thing that is or does what the question says",
  patterns: [
    pattern(
      "BEGIN(?<answer>(?:The|An?|Our|This|These|Those|the|our|All|Every|Some|No|Such|His|My|Many) [\\w'-]+(?: (?!(?:VERB|that|which|who|when|where|as|if|be|been|not|we|I|you|they|it|he|these|this|those)\\b)[\\w'-]+){1,7}) (?<does>FINITE) (?<after>[^,;:?!]{15,90}?)STOP",
    ),
  ],
  questions: [
    (part) => `What ${part("does")} ${part("after")}?`,
    (part) => `According to the address, what ${part("does")} ${part("after")}?`,
  ],
  example: {
    sentence: "The want of good roads has delayed the mails in the West.",
    question: "What has delayed the mails in the West?",
    answer: "The want of good roads",
  },
};

/** Forms that ask for reasons, purposes, wishes and descriptions. */
export const reasons: readonly QuestionForm[] = [
  why,
  whatFor,
  whatRecommended,
  whatMust,
  whatIs,
  whatDoes,
];
