/**
 * What `deno task compare` can be told to compare, by name.
 *
 * @module
 */
import { baseGpt, baseTokenizer, untrainedGpt } from "@tunebook/base";
import type { Contestant, ModelRequest } from "@tunebook/experiments";
import {
  agreementTask,
  periodTask,
  prepositionTask,
  punctuationTask,
  questionAnsweringTask,
  sentimentTask,
  spamTask,
  type Task,
} from "@tunebook/finetune";
import {
  type GptFamily,
  GptForQuestionAnswering,
  GptForSequenceClassification,
  GptForTokenClassification,
} from "@tunebook/models";

/** The ready tasks. */
export const TASKS: Readonly<Record<string, () => Promise<Task>>> = {
  agreement: agreementTask,
  period: periodTask,
  preposition: prepositionTask,
  sentiment: () => sentimentTask(),
  spam: () => spamTask(),
  punctuation: punctuationTask,
  questions: questionAnsweringTask,
};

/** The head for each kind of task. */
const HEADS = {
  classification: GptForSequenceClassification,
  tokens: GptForTokenClassification,
  questions: GptForQuestionAnswering,
} as const;

/** The models: the base model, and its shape with weights that have learned nothing. */
export const MODELS: Readonly<Record<string, () => Promise<Contestant>>> = {
  base: async () => ({
    name: "base",
    tokenizer: await baseTokenizer(),
    model: (request) => baseGpt(headFor(request)),
    languageModel: () => baseGpt(),
  }),
  random: async () => ({
    name: "random",
    tokenizer: await baseTokenizer(),
    model: (request) => untrainedGpt(headFor(request)),
  }),
};

function headFor({ kind, labels }: ModelRequest) {
  // deno-lint-ignore no-explicit-any -- each class has a configuration of its own
  const as = HEADS[kind] as new (config: any) => GptFamily & GptForSequenceClassification;
  return { as, config: { labels } };
}
