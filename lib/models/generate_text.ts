import { generate, type GenerateOptions, type LanguageModel } from "./generate.ts";

/** What turns text into tokens and back; a `Tokenizer` does. */
export interface TextCodec {
  /** Text to tokens. */
  encode(text: string): number[];
  /** Tokens to text. */
  decode(tokens: number[]): string;
}

/**
 * Goes on with a text, piece by piece: {@linkcode generate} with the text made of its tokens. A piece
 * is a token's text, or that of several where it takes them to make a whole character.
 *
 * @param prompt The text to go on from; not repeated in what comes.
 *
 * @example
 * ```ts
 * import { generateText, GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const letters = {
 *   encode: (text: string) => [...text].map((letter) => letter.charCodeAt(0)),
 *   decode: (tokens: number[]) => String.fromCharCode(...tokens),
 * };
 * const model = new GptForCausalLM({ vocabSize: 128, maxPositions: 16, dim: 8, layers: 1, heads: 2 });
 * let text = "";
 * for await (const piece of generateText(model, letters, "Hello", { maxNewTokens: 5 })) text += piece;
 * assertEquals(text.length, 5);
 * ```
 */
export async function* generateText(
  model: LanguageModel,
  codec: TextCodec,
  prompt: string,
  options: GenerateOptions = {},
): AsyncGenerator<string, void, undefined> {
  const tokens: number[] = [];
  let shown = "";
  for await (const token of generate(model, codec.encode(prompt), options)) {
    tokens.push(token);
    const text = codec.decode(tokens);
    // The beginning of a character of several bytes: its end may be in the next token.
    if (text.endsWith("\uFFFD")) continue;
    yield text.slice(shown.length);
    shown = text;
  }
  const rest = codec.decode(tokens).slice(shown.length);
  if (rest !== "") yield rest;
}
