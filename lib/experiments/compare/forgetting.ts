import { type Forwarding, Int8Embedding, PeftModel } from "@tunebook/finetune";
import { GptFamily, type GptForCausalLM, nextTokenLoss } from "@tunebook/models";
import type { Embedding, Layer } from "@tunebook/nn";
import { linear, scope, type Tensor, tensor } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";
import { inEvaluation } from "@tunebook/training";

/** General text in windows of one length, `[windows][tokens]`. */
export type Windows = readonly (readonly number[])[];

/**
 * Cuts texts into windows that don't overlap and spreads a choice of them evenly over all.
 *
 * @param texts General text, such as addresses that nothing was trained on.
 * @param size Tokens a window, and how many windows. Default: 32 of 128 tokens.
 * @throws {RangeError} If the texts are too short for one window.
 */
export function windowsOf(
  texts: Iterable<string>,
  tokenizer: Tokenizer,
  { length = 128, count = 32 }: { length?: number; count?: number } = {},
): Windows {
  const all: number[][] = [];
  for (const text of texts) {
    const tokens = tokenizer.encode(text);
    for (let from = 0; from + length <= tokens.length; from += length) {
      all.push(tokens.slice(from, from + length));
    }
  }
  if (all.length === 0) {
    throw new RangeError(`Expected texts of at least ${length} tokens but found only shorter ones`);
  }
  const kept = Math.min(count, all.length);
  return Array.from({ length: kept }, (_, i) => all[Math.floor(i * all.length / kept)]!);
}

/** The mean loss of a language model on windows, in nats a token. */
export function languageLoss(model: GptForCausalLM, windows: Windows): number {
  return inEvaluation(model, () => meanLoss(windows, (tokens) => model.forward(tokens)));
}

/**
 * The loss of a tuned model's body as a language model: the body, with all that the method put into or
 * in front of it, under the language model's head. If the head is the table of token embeddings, it is
 * the tuned body's table.
 *
 * @param tuned The tuned model.
 * @param original The language model it began as; its head is used.
 * @param windows General text.
 * @returns Nats a token.
 * @throws {TypeError} If the tuned model is no GPT with a head.
 */
export function tunedLanguageLoss(
  tuned: Forwarding,
  original: GptForCausalLM,
  windows: Windows,
): number {
  const model = tuned instanceof PeftModel ? tuned.model : tuned;
  if (!(model instanceof GptFamily) || model.bodyName === "") {
    throw new TypeError(
      `Expected a GPT with a head, whose body can go under a language model's, but found ` +
        model.constructor.name,
    );
  }
  const body = model.module(model.bodyName) as typeof original.transformer;
  const head = original.config.tieEmbeddings
    ? (hidden: Tensor) => linear(hidden, tableOf(body.wte))
    : (hidden: Tensor) => original.lm_head.forward(hidden);
  // What a method puts around the whole model calls its forward: another one for the moment.
  const instance = model as { forward?: Forwarding["forward"] };
  instance.forward = (input, inputs) => head(body.forward(input, inputs));
  try {
    return inEvaluation(tuned, () => meanLoss(windows, (tokens) => tuned.forward(tokens)));
  } finally {
    delete instance.forward;
  }
}

/** The tokens' vectors `[tokens, dim]`, as they are in float32. */
function tableOf(embedding: Layer): Tensor {
  return embedding instanceof Int8Embedding
    ? embedding.dequantize()
    : (embedding as Embedding).weight;
}

function meanLoss(windows: Windows, forward: (tokens: Tensor) => Tensor): number {
  const BATCH = 8;
  let sum = 0;
  for (let from = 0; from < windows.length; from += BATCH) {
    const rows = windows.slice(from, from + BATCH);
    scope(() => {
      const tokens = tensor(rows.map((row) => [...row]), { dtype: "int32" });
      sum += nextTokenLoss(forward(tokens), tokens).item() * rows.length;
    });
  }
  return sum / windows.length;
}
