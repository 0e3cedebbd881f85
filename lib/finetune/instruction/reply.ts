import { type GenerateOptions, generateText, type LanguageModel } from "@tunebook/models";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { ChatTemplate, Message } from "./conversation.ts";

/**
 * The model's answer to a conversation, piece by piece.
 *
 * @param endToken What ends an answer in the template, such as `<|im_end|>`.
 * @throws {TypeError} If the tokenizer doesn't have that token.
 */
export function reply(
  model: LanguageModel,
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly Message[],
  { endToken, ...options }: GenerateOptions & { endToken: string },
): AsyncGenerator<string, void, undefined> {
  const end = tokenizer.idOf(endToken);
  if (end === undefined) {
    throw new TypeError(
      `Expected endToken to be a token of the tokenizer but found ${JSON.stringify(endToken)}; ` +
        "add it to specialTokens when training the tokenizer",
    );
  }
  const codec = {
    encode: (text: string) => tokenizer.encode(text, { addSpecialTokens: false }),
    decode: (tokens: number[]) => tokenizer.decode(tokens),
  };
  const { text } = template.render(messages, { addGenerationPrompt: true });
  return generateText(model, codec, text, { stopTokens: [end], ...options });
}
