import { Dataset } from "@tunebook/data";
import type { ModelRequest } from "@tunebook/experiments";
import {
  BertForSequenceClassification,
  GptForQuestionAnswering,
  GptForSequenceClassification,
  GptForTokenClassification,
  type TextModel,
} from "@tunebook/models";
import { Tokenizer } from "@tunebook/tokenizers";

/** A tokenizer that knows bytes and little more. */
export const tokenizer: Tokenizer = Tokenizer.train(["yes no maybe yes no yes the cat sat"], {
  vocabSize: 280,
  specialTokens: ["<pad>"],
});

/** Its size. */
export const SIZE = {
  vocabSize: tokenizer.vocabSize,
  maxPositions: 64,
  dim: 16,
  layers: 2,
  heads: 2,
};

/** A small GPT with the head that is asked for. */
export function gpt({ kind, labels }: ModelRequest, more: Record<string, unknown> = {}): TextModel {
  const config = { ...SIZE, dropout: 0, labels, ...more };
  switch (kind) {
    case "classification":
      return new GptForSequenceClassification(config);
    case "tokens":
      return new GptForTokenClassification(config);
    case "questions":
      return new GptForQuestionAnswering(config);
  }
}

/** A small BERT that classifies texts. */
export function bert({ labels }: ModelRequest): TextModel {
  return new BertForSequenceClassification({
    ...SIZE,
    hidden: 32,
    dropout: 0,
    labels,
  });
}

/** Texts of `yes` and `no`, labelled by which they have more of. */
export function answersTask(count = 24) {
  const part = (from: number) =>
    Dataset.from(Array.from({ length: count }, (_, i) => {
      const label = i % 3 === 0 ? 1 : 0, [more, less] = label === 1 ? ["no", "yes"] : ["yes", "no"];
      const text = `${more} ${less} ${more}${" maybe".repeat((i + from) % 4)} ${more}`;
      return { text, label, group: `${from + i}` };
    }));
  return {
    kind: "classification" as const,
    name: "answers",
    description: "Which word is more frequent?",
    labelledBy: "constructed" as const,
    labels: ["yes", "no"],
    train: part(0),
    validation: part(1),
    test: part(2),
  };
}
