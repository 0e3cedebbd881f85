import type { GptForCausalLM } from "@tunebook/models";
import { crossEntropy, noGrad, scope, tensor } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { Document } from "./corpus.ts";
import { KneserNeyTrigram } from "./kneser_ney.ts";

/** How well validation texts of one source were predicted. */
export interface Judged {
  /** Where the texts are from. */
  source: Document["source"];
  /** How many texts there are. */
  documents: number;
  /** Bytes of UTF-8 that were predicted. */
  bytes: number;
  /** Bits per byte of the model. */
  model: number;
  /** Bits per byte of a Kneser-Ney trigram over the same tokens. */
  trigram: number;
}

/**
 * The surprise at a text, in nats, summed over its tokens from the third on (where a trigram begins,
 * too). Each window of the model's length begins at the middle of the one before, so that all but the
 * first tokens are predicted from at least half a window.
 */
export function surprise(model: GptForCausalLM, tokens: readonly number[]): number {
  const size = model.config.maxPositions, stride = size / 2;
  let sum = 0;
  for (let start = 0, from = 2; from < tokens.length; start += stride) {
    const window = tokens.slice(start, start + size);
    const first = from - start; // the first token of the window that was not predicted before
    sum += noGrad(() =>
      scope(() => {
        const input = tensor([window.slice(0, -1)], { dtype: "int32" });
        const scores = model.forward(input, { logitsToKeep: window.length - first });
        const targets = tensor([window.slice(first)], { dtype: "int32" });
        return crossEntropy(scores, targets).item() * (window.length - first);
      })
    );
    from = start + window.length;
  }
  return sum;
}

/**
 * Bits per byte of the model and of a trigram on the validation texts: a measure that doesn't depend
 * on how long a tokenizer's tokens are.
 *
 * @param model The model.
 * @param tokenizer The tokenizer.
 * @param corpus Token ids of the texts that the trigram counts, and the texts to measure on.
 */
export function bitsPerByte(
  model: GptForCausalLM,
  tokenizer: Tokenizer,
  corpus: { texts: number[][]; validation: Document[] },
): Judged[] {
  const trigram = new KneserNeyTrigram(corpus.texts, { vocabSize: tokenizer.vocabSize });
  const sources = [...new Set(corpus.validation.map(({ source }) => source))];
  return sources.map((source) => {
    const documents = corpus.validation.filter((document) => document.source === source);
    let bytes = 0, ours = 0, counted = 0;
    for (const { text } of documents) {
      const tokens = tokenizer.encode(text);
      bytes += new TextEncoder().encode(tokenizer.decode(tokens.slice(2))).length;
      ours += surprise(model, tokens);
      counted += trigram.loss(tokens) * (tokens.length - 2);
    }
    const bits = (nats: number) => nats / Math.LN2 / bytes;
    return {
      source,
      documents: documents.length,
      bytes,
      model: bits(ours),
      trigram: bits(counted),
    };
  });
}
