import { generateText, type GptForCausalLM } from "@tunebook/models";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { Callback } from "@tunebook/training";

/** What the model wrote at some moment of its training. */
export interface Sample {
  /** Steps taken. */
  step: number;
  /** What it was given, and how it went on. */
  texts: { prompt: string; continuation: string }[];
}

/** What the model is asked to go on from. */
export const PROMPTS = [
  "The Congress of the United States",
  "It is the duty of",
  "The whale",
];

/** Lets the model go on from each prompt. */
export async function sampleTexts(
  model: GptForCausalLM,
  tokenizer: Tokenizer,
  maxNewTokens = 40,
): Promise<Sample["texts"]> {
  const texts: Sample["texts"] = [];
  for (const prompt of PROMPTS) {
    let continuation = "";
    const pieces = generateText(model, tokenizer, prompt, { maxNewTokens, topP: 0.9, seed: 1 });
    for await (const piece of pieces) continuation += piece;
    texts.push({ prompt, continuation });
  }
  return texts;
}

/**
 * Keeps samples in a file as training goes on, at the evaluations; a resumed run goes on with the
 * same file.
 */
export function keepSamples(
  model: GptForCausalLM,
  tokenizer: Tokenizer,
  file: string,
): Callback & { read(): Promise<Sample[]> } {
  const read = async (): Promise<Sample[]> => {
    try {
      return JSON.parse(await Deno.readTextFile(file));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  };
  const add = async (step: number) => {
    const earlier = (await read()).filter((sample) => sample.step < step);
    const samples = [...earlier, { step, texts: await sampleTexts(model, tokenizer) }];
    await Deno.writeTextFile(`${file}.part`, JSON.stringify(samples));
    await Deno.rename(`${file}.part`, file);
  };
  return {
    read,
    onStart: async (run) => {
      if (run.step > 0) return;
      await Deno.mkdir(file.replace(/[\\/][^\\/]*$/, ""), { recursive: true });
      await add(0);
    },
    onEvaluation: (record) => add(record.step),
  };
}
