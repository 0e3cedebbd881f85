import type { GptForCausalLM } from "@tunebook/models";
import type { EngineInfo } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { History } from "@tunebook/training";
import type { Judged } from "./bits_per_byte.ts";
import type { Document } from "./corpus.ts";
import type { Sample } from "./samples.ts";

/** What a model card is made of. */
export interface CardParts {
  /** The trained model. */
  model: GptForCausalLM;
  /** Its tokenizer. */
  tokenizer: Tokenizer;
  /** The course of the run. */
  history: History;
  /** How well it predicts, beside a trigram. */
  judged: readonly Judged[];
  /** What it was trained on. */
  pretraining: readonly Document[];
  /** Tokens of these. */
  tokens: number;
  /** Tokens in a step. */
  tokensPerStep: number;
  /** What it ran on. */
  engine: EngineInfo;
  /** What it wrote along the way. */
  samples: readonly Sample[];
}

/** The model card, in Markdown. */
export function modelCard(parts: CardParts): string {
  const { model, tokenizer, history, judged, pretraining, tokens, tokensPerStep, engine } = parts;
  const { dim, layers, heads, maxPositions } = model.config;
  const { step, seconds } = history.steps.at(-1)!;
  const characters = pretraining.reduce((sum, { text }) => sum + text.length, 0);
  const number = (value: number) => value.toLocaleString("en");
  const blas = engine.blas ? "a native BLAS" : "WebAssembly";
  const years = (documents: readonly Document[]) =>
    documents.filter(({ source }) => source === "addresses").length;
  return `# tunebook-gpt

A small GPT-2 that reads English of public life and of the sea: the base model of this course. Made
by \`deno task pretrain\`, in the format of Hugging Face's \`transformers\`.

- **Shape**: ${layers} blocks, ${dim} wide, ${heads} heads, ${maxPositions} tokens of context,
  ${number(model.countParameters().all)} parameters, stored as f16; byte-level BPE of
  ${number(tokenizer.vocabSize)} tokens.
- **Read**: ${years(pretraining)} State of the Union addresses and ${
    pretraining.length - years(pretraining)
  } chapters of Moby-Dick, ${number(characters)} characters, ${number(tokens)} tokens. Both are in
  the public domain.
- **Held out**: 70 addresses and 34 chapters for the course's tasks, 8 and 5 for validation.
  \`lib/data/held_out.ts\` says which, and a test holds to it. Presidents repeat themselves: about one
  passage in two hundred of the addresses held out stands, word for word, in one that was read, most
  of them in Andrew Johnson's of 1868.
- **Trained**: ${number(step)} steps of ${number(tokensPerStep)} tokens, ${
    number(Math.round(step * tokensPerStep / 1e5) / 10)
  } million in all, in ${number(Math.round(seconds))} s on ${engine.threads} threads with ${blas};
  Muon for the matrices in blocks, AdamW for the rest, a cosine.

## How well it predicts

On the validation documents, in bits per byte (less is better), beside a trigram model with
Kneser-Ney smoothing over the same tokens:

| source | documents | tunebook-gpt | trigram |
| --- | --- | --- | --- |
${
    judged.map((row) =>
      `| ${row.source} | ${row.documents} | ${row.model.toFixed(3)} | ${row.trigram.toFixed(3)} |`
    ).join("\n")
  }

## How it learned

| step | training loss | validation loss |
| --- | --- | --- |
${
    history.evaluations.map((evaluation) =>
      `| ${number(evaluation.step)} | ${history.steps[evaluation.step - 1]!.loss.toFixed(3)} | ${
        evaluation.scores.validationLoss!.toFixed(3)
      } |`
    ).join("\n")
  }

## What it writes

${
    parts.samples.at(-1)?.texts.map(({ prompt, continuation }) =>
      `> **${prompt}**${continuation.replaceAll(/\s*\n\s*/g, " ")}\n`
    ).join("\n") ?? ""
  }
It is small: what it writes sounds like an address, and means little. Don't use it to learn facts.
`;
}
