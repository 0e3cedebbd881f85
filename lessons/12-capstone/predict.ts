/**
 * Asking a tuned model about texts.
 *
 * @module
 */
import type { Forwarding } from "@tunebook/finetune";
import { scope, tensor } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";
import { inEvaluation } from "@tunebook/training";
import { SETTING } from "./experiment.ts";

/** How many texts are read at a time. */
const BATCH = 16;

/**
 * What a model scores texts with, a list for each: a number for each label.
 *
 * @param onText Told how many texts were read since it was last told.
 */
export function scoresOf(
  model: Forwarding,
  tokenizer: Tokenizer,
  texts: readonly string[],
  onText: (count: number) => void = () => {},
): number[][] {
  const all: number[][] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const own = texts.slice(from, from + BATCH);
    const { ids, attentionMask, shape } = tokenizer.encodeBatch(own, {
      maxLength: SETTING.maxLength,
    });
    inEvaluation(model, () =>
      scope(() => {
        const mask = tensor(attentionMask, { shape });
        all.push(...model.forward(tensor(ids, { shape }), { mask }).toArray() as number[][]);
      }));
    onText(own.length);
  }
  return all;
}

/** The place of the highest of a text's scores: the label. */
export function labelOf(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}
