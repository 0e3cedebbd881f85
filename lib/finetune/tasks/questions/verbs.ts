/** Verbs that come before the subject in a question as they are. */
export const HELPING =
  "is am are was were has have had will would shall should must can could may might"
    .split(" ");

/** Verbs whose past ends in -ed or -d, as their base form. */
const REGULAR =
  ("abandon accept address administer admit adopt advise advocate affect afford agree " +
    "allow amount announce appear appoint appropriate approve arrive assume assure " +
    "attack attempt authorize believe belong call cause cease claim close commence " +
    "commend complete confirm consider consist constitute contain contemplate continue " +
    "contribute create decide declare decline decrease deliver demand depend derive " +
    "describe deserve determine direct doubt earn eliminate embrace employ enable enact " +
    "encourage end enjoy enter establish estimate exceed exhibit exist expand expect " +
    "express extend face fail favor follow form furnish gain grant help hope imply " +
    "impose improve include increase indicate inform inherit initiate instruct intend " +
    "invite involve join lack last launch live maintain mark need negotiate observe " +
    "obtain occupy offer open owe pass perform permit place pledge possess prefer " +
    "prepare present preserve prevent proceed produce prohibit promise propose protect " +
    "prove provide purchase raise ratify reach reaffirm realize receive recognize " +
    "recommend reduce reflect refuse regain reject remain remove renounce represent " +
    "request require resist restore result retain return reveal save secure seem serve " +
    "settle show sign solve start state strengthen succeed suffer supply support " +
    "surrender suspend threaten turn urge use visit vote want welcome work")
    .split(" ");

/** The others: base form and past. */
const IRREGULAR: Readonly<Record<string, string>> = {
  become: "became",
  begin: "began",
  bring: "brought",
  come: "came",
  fall: "fell",
  find: "found",
  give: "gave",
  go: "went",
  grow: "grew",
  hold: "held",
  keep: "kept",
  know: "knew",
  leave: "left",
  lose: "lost",
  make: "made",
  meet: "met",
  pay: "paid",
  rise: "rose",
  see: "saw",
  seek: "sought",
  send: "sent",
  spend: "spent",
  stand: "stood",
  take: "took",
  win: "won",
};

/** What stands in a clause → the helping verb of its question, and the verb's base form. */
const FORMS = new Map<string, { helper: string; base: string }>();
for (const base of [...REGULAR, ...Object.keys(IRREGULAR)]) {
  FORMS.set(IRREGULAR[base] ?? pastOf(base), { helper: "did", base });
  FORMS.set(presentOf(base), { helper: "does", base });
}

/** Verbs that stand in their base form after "I", "we", "you" and "they". */
const BASES = [...REGULAR, ...Object.keys(IRREGULAR), "trust", "ask", "wish"].join("|");

/** Every verb that a clause can be cut at, for the inside of a regular expression. */
export const VERBS = [...HELPING, ...FORMS.keys()].join("|");

/** Past forms that are no participles, so that nothing need follow to tell them apart. */
const DISTINCT = "became began came fell gave went grew knew rose saw took".split(" ");

/**
 * A verb that is surely the clause's own. One of {@linkcode FORMS} may be a participle instead ("the
 * act passed in May has worked"): so none where an object fails to follow, or another verb does.
 */
export const FINITE =
  `(?:(?:${HELPING.join("|")})\\b|(?:${DISTINCT.join("|")})\\b|(?:${
    [...FORMS.keys()].join("|")
  })(?= (?:the|an?|our|its|their|` +
  "this|these|that|all|no|more|many|some|over|about|almost|nearly|into|up|out|only|new|any|his|us|it|them|\\$?\\d)\\b)" +
  "(?!.*\\b(?:is|are|was|were|has|have|had|will|would|can|may|must|shall)\\b))";

/** Words that can't begin a subject. */
const NO_SUBJECT =
  "in|on|at|by|for|from|with|under|after|before|since|during|if|when|while|as|through|" +
  "to|because|where|until|unless|let|not|never|only|here|thus|still|also|of|upon|although|though|" +
  "among|between|without|within|whether|how|what|who|why|which|and|but|or|yet|today|tonight|than|" +
  "throughout|over|having|beyond|despite|even|perhaps|therefore|nor|so|now|then|once|again|too|more|" +
  "whose|whom|that|especially|particularly|first|second|more|further|together|about|nearly|almost|always|often|into|against|toward|towards|across|around|near";

/** Words that a subject doesn't run past. */
const BREAK =
  "which|that|who|whom|whose|as|if|when|while|where|because|but|than|so|or|be|been|it|they|he|" +
  "not|we|i|you|what|how|why|there|therefore|thus|also|now|never|only|always|recently|already";

const ACTOR = "i|we|they|you";
const SUBJECT =
  `(?!(?:${NO_SUBJECT}|${VERBS})\\b)[a-z][\\w'-]*(?: (?!(?:${VERBS}|${BREAK})\\b)[\\w'-]+){0,11}`;

/** A subject and the verb of its clause, as the inside of a regular expression. */
export const SUBJECT_AND_VERB =
  `(?i:(?:${ACTOR})(?:'(?:ve|re|m|ll)| (?:${BASES}))\\b|${SUBJECT} ${FINITE})`;

const CLAUSE = new RegExp(
  `^(?:(?<actor>${ACTOR}) (?<base>${BASES})\\b|(?<subject>${SUBJECT}) (?<verb>${FINITE}))(?<rest>.*)$`,
  "i",
);

/**
 * Turns a statement into the part of a question that follows the question word.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inverted } from "./verbs.ts";
 *
 * assertEquals(inverted("The treaty was signed"), "was the treaty signed");
 * assertEquals(inverted("Congress passed the act"), "did Congress pass the act");
 * assertEquals(inverted("I have sent a ship"), "has the President sent a ship");
 * assertEquals(inverted("When the war ended it was sold"), undefined);
 * ```
 *
 * @param statement A clause without its final stop.
 * @returns Helping verb, subject, verb, rest; undefined where no rule is sure of the subject.
 */
export function inverted(statement: string): string | undefined {
  const groups = CLAUSE.exec(uncontracted(statement))?.groups;
  if (!groups) return undefined;
  const { actor, base, verb = "", rest = "" } = groups;
  const subject = actor ?? groups.subject!;
  const form = FORMS.get(verb);
  const isSpeaker = /^(?:i|the president)$/i.test(subject);
  const helper = base ? isSpeaker ? "does" : "do" : form?.helper ?? verb;
  const ofSpeaker: Readonly<Record<string, string>> = { have: "has", am: "is" };
  return [
    isSpeaker ? ofSpeaker[helper] ?? helper : helper,
    isSpeaker ? "the President" : inQuestion(subject),
    base ?? form?.base ?? "",
    inQuestion(rest),
  ].filter(Boolean).join(" ");
}

const PROPER = new RegExp(
  "^(?:I\\b|(?!(?:The|This|These|Those|Our|An?|In|On|At|By|For|From|With|Under|All|Some|Many|Every|Of|As|" +
    "If|When|While|Since|After|Its|To|No|And|But|Most|His|Their|Both|Through|Today|Last|Next|Only)\\b)" +
    "(?:[A-Z][a-z]+(?:'s)? [A-Z]|[A-Z][\\w.]*[A-Z])|(?:Congress|America|Europe|Spain|France|Mexico|" +
    "Germany|Japan|China|Russia|Cuba|Kansas|Texas|Oregon|California|Britain|England|Italy|Iraq|Iran|" +
    "Israel|Korea|Vietnam|Africa|Asia|Canada|Chile|Panama|Brazil|Peru|Nicaragua|Colombia|Venezuela|" +
    "God|Washington|Medicare|Medicaid|January|February|March|April|May|June|July|August|September|" +
    "October|November|December|Mr|Dr|Gen|Americans?|Mexicans?|Indians?|British|English|Spanish|Chinese|" +
    "Japanese|Federal|Democrats|Republicans)\\b)",
);

/**
 * A part of a statement as it stands inside a question: a small first letter, and the President for
 * "I" where the verb allows it.
 */
export function inQuestion(part: string): string {
  const text = part.trim().replaceAll('"', "");
  const small = PROPER.test(text) ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
  return small.replaceAll(/\b[Mm]y\b/g, "the President's").replaceAll(/\bme\b/g, "the President")
    .replaceAll(/\bI have\b/g, "the President has").replaceAll(/\bI am\b/g, "the President is")
    .replaceAll(
      /\bI (?=(?:had|was|will|shall|would|should|can|could|may|must|[a-z]+ed|also|saw)\b)/g,
      "the President ",
    );
}

function uncontracted(statement: string): string {
  return statement.replaceAll("'ve ", " have ").replaceAll("'re ", " are ")
    .replaceAll("'ll ", " will ").replaceAll("I'm ", "I am ");
}

function pastOf(base: string): string {
  if (base.endsWith("e")) return `${base}d`;
  if (/^(?:admit|permit|prefer)$/.test(base)) return `${base}${base.at(-1)}ed`;
  return /[^aeo]y$/.test(base) ? `${base.slice(0, -1)}ied` : `${base}ed`;
}

function presentOf(base: string): string {
  if (/[^aeo]y$/.test(base)) return `${base.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|go)$/.test(base) ? `${base}es` : `${base}s`;
}
