import type { Dataset } from "@tunebook/data";
import { exactMatch, tokenF1 } from "@tunebook/training";
import type { QuestionExample } from "../task.ts";

/** Kinds of span that a regular expression can tell; the first in a paragraph is the guess. */
const KINDS: readonly { name: string; find: RegExp }[] = [
  { name: "money", find: /\$\d[\d,.]*\d?(?: (?:million|billion|trillion))?/ },
  { name: "share", find: /[\d.]+ ?(?:per ?cent\b|percent\b|%)/ },
  { name: "year", find: /\b(?:1[5-9]|20)\d\d\b/ },
  { name: "number", find: /\b\d[\d,]*/ },
  { name: "name", find: /(?<=[a-z,] )[A-Z][a-z]+(?: (?:of (?:the )?)?[A-Z][a-z]+)*/ },
  { name: "purpose", find: /\b(?:in order )?to [a-z]+ [^,;:.?!]+/ },
  { name: "means", find: /\bby [a-z]+ing [^,;:.?!]+/ },
  { name: "condition", find: /\b(?:[Ii]f|[Ww]hen|[Uu]ntil|[Uu]nless) [^,;:.?!]+/ },
  { name: "clause", find: /\bthat [^,;:.?!]+/ },
  { name: "thing", find: /\b(?:the|our|an?) [a-z]+(?: of (?:the )?\w+)?/ },
  { name: "sentence", find: /^[^;:.?!]+/ },
];

/**
 * The baseline a model has to beat: to each question word the kind of span that scored best on
 * training questions, such as the first year to "in what year", and the first span of that kind in
 * the paragraph as the answer. It doesn't read the rest of the question.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Dataset } from "@tunebook/data";
 * import { FrequentSpanBaseline } from "@tunebook/finetune";
 *
 * const question = "In what year was peace made?";
 * const context = "In 1815 the war ended and peace was made.";
 * const train = Dataset.from([{ question, context, start: 3, end: 7, form: "year", group: "a" }]);
 * const baseline = FrequentSpanBaseline.from(train);
 * assertEquals(baseline.answer("In what year was it?", "It was in May, 1848."), "1848");
 * ```
 */
export class FrequentSpanBaseline {
  readonly #kindOf: ReadonlyMap<string, RegExp>;

  private constructor(kindOf: ReadonlyMap<string, RegExp>) {
    this.#kindOf = kindOf;
  }

  /** Chooses the kind of span for each question word by the mean F1 on training questions. */
  static from(train: Dataset<QuestionExample>): FrequentSpanBaseline {
    const byWord = Map.groupBy(train, ({ question }) => wordOf(question));
    byWord.set("", train.toArray());
    const kindOf = new Map([...byWord].map(([word, examples]) => {
      const scores = KINDS.map(({ find }) =>
        examples.reduce(
          (sum, { context, start, end }) =>
            sum + tokenF1(context.match(find)?.[0] ?? "", [context.slice(start, end)]),
          0,
        )
      );
      return [word, KINDS[scores.indexOf(Math.max(...scores))]!.find] as const;
    }));
    return new FrequentSpanBaseline(kindOf);
  }

  /** The guess for a question; "" where the paragraph has no span of the kind. */
  answer(question: string, context: string): string {
    const find = this.#kindOf.get(wordOf(question)) ?? this.#kindOf.get("")!;
    return context.match(find)?.[0] ?? "";
  }

  /** Mean exact match and F1 over words on questions, 0 to 1. */
  score(questions: Dataset<QuestionExample>): { exactMatch: number; tokenF1: number } {
    const mean = (score: typeof exactMatch) =>
      questions.toArray().reduce(
        (sum, { question, context, start, end }) =>
          sum + score(this.answer(question, context), [context.slice(start, end)]),
        0,
      ) /
      questions.length;
    return { exactMatch: mean(exactMatch), tokenF1: mean(tokenF1) };
  }
}

/** The question word with the word before and after it: "in what year", "who has". */
function wordOf(question: string): string {
  return /(?:\b\w+ )?\b(?:what|who|whom|whose|which|when|where|why|how)\b(?: \w+)?/i
    .exec(question)?.[0].toLowerCase() ?? "";
}
