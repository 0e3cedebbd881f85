import { taskAddresses } from "../split_addresses.ts";
import type { QuestionAnsweringTask } from "../task.ts";
import { heldOutForms, trainingForms } from "./forms.ts";
import { generateQuestions } from "./generate.ts";
import { handQuestions } from "./hand.ts";

/**
 * Find the answer to a question in a paragraph of an address. The questions to train on are made by
 * rules, 28 forms over the sentences, so they are many, alike and not always well put. What counts
 * is therefore measured elsewhere: on `heldOutForms`, three forms that training never showed, and on
 * `handWritten`, questions written by hand after reading, both on addresses that training never showed.
 *
 * @example
 * ```ts
 * import { questionAnsweringTask } from "@tunebook/finetune";
 * import { assert } from "@std/assert";
 *
 * const { train, heldOutForms, handWritten } = await questionAnsweringTask();
 * assert(train.length >= 5000 && heldOutForms.length >= 150 && handWritten.length >= 150);
 * const { question, context, start, end } = train.at(1);
 * assert(question.endsWith("?") && context.slice(start, end).length > 0);
 * ```
 *
 * @returns The task; no address is in two of its parts.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 */
export async function questionAnsweringTask(): Promise<QuestionAnsweringTask> {
  const addresses = await taskAddresses();
  return {
    kind: "questions",
    name: "questions",
    description: "Where in this paragraph of an address is the answer to the question?",
    labelledBy: "constructed",
    train: generateQuestions(addresses.train, trainingForms),
    validation: generateQuestions(addresses.validation, trainingForms),
    test: generateQuestions(addresses.test, trainingForms),
    heldOutForms: generateQuestions(addresses.test, heldOutForms),
    handWritten: handQuestions(),
  };
}
