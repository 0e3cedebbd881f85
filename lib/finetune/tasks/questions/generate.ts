import { type Address, Dataset } from "@tunebook/data";
import { sentencesOf } from "../sentences.ts";
import { addressName } from "../split_addresses.ts";
import type { QuestionExample } from "../task.ts";
import { askAbout, type QuestionForm } from "./form.ts";
import { paragraphsOf } from "./paragraphs.ts";

/**
 * All questions that forms find in addresses. A question that stands twice in one paragraph is left
 * out, since it has no single answer. Nothing is drawn at random.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { generateQuestions, questionForms } from "@tunebook/finetune";
 *
 * const text = "A naval station has been established at Pensacola. ".repeat(1) +
 *   "The work is going forward as fast as the means allow, and no complaint has come of it. ".repeat(3);
 * const address = { year: 1826, name: "A President", party: "none", text };
 * const [first] = generateQuestions([address], questionForms.filter(({ name }) => name === "where"));
 * assertEquals(first!.question, "Where has a naval station been established?");
 * assertEquals(first!.context.slice(first!.start, first!.end), "Pensacola");
 * ```
 *
 * @param addresses The addresses.
 * @param forms The forms to ask in.
 * @returns The questions in the order of the text.
 */
export function generateQuestions(
  addresses: Iterable<Readonly<Address>>,
  forms: readonly QuestionForm[],
): Dataset<QuestionExample> {
  const examples: QuestionExample[] = [];
  const turns = new Map<QuestionForm, number>();
  for (const address of addresses) {
    for (const context of paragraphsOf(address.text)) {
      const asked = questionsIn(context, forms, turns)
        .map((example) => ({ ...example, group: addressName(address) }));
      examples.push(...asked);
    }
  }
  return Dataset.from(examples);
}

function questionsIn(
  context: string,
  forms: readonly QuestionForm[],
  turns: Map<QuestionForm, number>,
): Omit<QuestionExample, "group">[] {
  const found: Omit<QuestionExample, "group">[] = [];
  let from = 0;
  for (const sentence of sentencesOf(context)) {
    const at = context.indexOf(sentence, from);
    from = at + sentence.length;
    for (const form of forms) {
      const turn = turns.get(form) ?? 0;
      for (const { question, start, end } of askAbout(sentence, form, turn)) {
        found.push({ question, context, start: at + start, end: at + end, form: form.name });
        turns.set(form, turn + 1);
      }
    }
  }
  const times = Map.groupBy(found, ({ question }) => question);
  return found.filter(({ question }) => times.get(question)!.length === 1);
}
