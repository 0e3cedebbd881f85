import { Dataset } from "@tunebook/data";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { ChatTemplate, Message } from "./conversation.ts";
import { commonPrefixLength, tokenSpans } from "./token_spans.ts";

/** The label of a token that needn't be predicted: `crossEntropy` passes over it. */
export const IGNORED: number = -100;

/** A text to learn from, as tokens. */
export interface InstructionExample {
  /** The tokens, `[time]`. */
  ids: number[];
  /** The same tokens where they are to be predicted, −100 elsewhere, `[time]`. */
  labels: number[];
}

/** What is common to all kinds of examples. */
export interface CutOptions {
  /** Most tokens to keep. All unless given. */
  maxLength?: number;
  /**
   * Which part to keep of a text that is longer; TRL's `truncation_mode`.
   *
   * @default {"start"}
   */
  keep?: "start" | "end";
}

/** What {@linkcode encodeConversation} makes of a conversation. */
export interface EncodeConversationOptions extends CutOptions {
  /**
   * What the model learns to write: all the assistant's `"answers"` (TRL's `assistant_only_loss`),
   * the `"last"` message only, given all before it (`completion_only_loss` of a prompt and a
   * completion), or `"everything"`.
   *
   * @default {"answers"}
   */
  learn?: "answers" | "last" | "everything";
}

/** A conversation and how it becomes tokens. */
interface Chat {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  messages: readonly Message[];
}

/**
 * Turns a conversation into tokens and labels, as TRL's `SFTTrainer` does: the template's text,
 * encoded without adding special tokens, and labels outside the answers set to −100.
 *
 * @throws {TypeError} If the conversation has nothing that `learn` asks for, or the template doesn't
 * tell where answers are.
 *
 * @example
 * ```ts
 * import { CHAT_ML_TOKENS, chatMl, encodeConversation } from "@tunebook/finetune";
 * import { Tokenizer } from "@tunebook/tokenizers";
 * import { assertEquals } from "@std/assert";
 *
 * const specialTokens = [...CHAT_ML_TOKENS];
 * const tokenizer = Tokenizer.train([""], { vocabSize: 258, specialTokens });
 * const { labels } = encodeConversation(tokenizer, chatMl, [
 *   { role: "user", content: "Hi" },
 *   { role: "assistant", content: "Hello!" },
 * ]);
 * assertEquals(tokenizer.decode(labels.filter((label) => label >= 0)), "Hello!<|im_end|>");
 * ```
 */
export function encodeConversation(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly Message[],
  { learn = "answers", ...cutting }: EncodeConversationOptions = {},
): InstructionExample {
  const { text, answers } = template.render(messages);
  const ids = tokenizer.encode(text, { addSpecialTokens: false });
  let learnt: (readonly [start: number, end: number])[];
  if (learn === "everything") learnt = [[0, ids.length]];
  else if (learn === "last") {
    learnt = [[lastStart({ tokenizer, template, messages }, ids), ids.length]];
  } else {
    const find = tokenSpans(tokenizer, text, ids);
    learnt = checkAnswers(answers).map(([start, end]) => find(start, end));
  }
  const labels = ids.map((id, i) =>
    learnt.some(([start, end]) => i >= start && i < end) ? id : IGNORED
  );
  return cut({ ids, labels }, cutting);
}

/**
 * Turns a text and how it goes on into tokens and labels, as TRL's `SFTTrainer` does with a prompt
 * and a completion that are plain text: `endToken` closes the completion, and the labels of the
 * prompt's tokens are −100.
 *
 * @param endToken What the model learns to stop with, such as `<|endoftext|>`.
 *
 * @example
 * ```ts
 * import { encodeCompletion } from "@tunebook/finetune";
 * import { Tokenizer } from "@tunebook/tokenizers";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = Tokenizer.train([""], { vocabSize: 257, specialTokens: ["<|endoftext|>"] });
 * const example = { prompt: "The sky is", completion: " blue." };
 * const { labels } = encodeCompletion(tokenizer, example, "<|endoftext|>");
 * assertEquals(tokenizer.decode(labels.filter((label) => label >= 0)), " blue.<|endoftext|>");
 * ```
 */
export function encodeCompletion(
  tokenizer: Tokenizer,
  { prompt, completion }: { readonly prompt: string; readonly completion: string },
  endToken: string,
  cutting: CutOptions = {},
): InstructionExample {
  const end = completion.endsWith(endToken) ? "" : endToken;
  const ids = tokenizer.encode(prompt + completion + end);
  const start = commonPrefixLength(tokenizer.encode(prompt), ids);
  return cut({ ids, labels: ids.map((id, i) => i < start ? IGNORED : id) }, cutting);
}

/**
 * Encodes many conversations and leaves out those that `maxLength` left without anything to learn.
 *
 * @throws {TypeError} As {@linkcode encodeConversation} does.
 */
export function encodeConversations(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  conversations: Iterable<readonly Message[]>,
  options: EncodeConversationOptions = {},
): Dataset<InstructionExample> {
  const examples = Array.from(
    conversations,
    (messages) => encodeConversation(tokenizer, template, messages, options),
  );
  return Dataset.from(examples.filter(({ labels }) => labels.some((label) => label !== IGNORED)));
}

function checkAnswers(
  answers: readonly (readonly [number, number])[] | undefined,
): readonly (readonly [number, number])[] {
  if (answers === undefined) {
    throw new TypeError(
      "Expected a template that tells where answers are but found one without " +
        "{% generation %} … {% endgeneration %} around what the assistant says; add the tags, or " +
        'learn the "last" message only',
    );
  }
  if (answers.length === 0) {
    throw new TypeError(
      "Expected at least one message by the assistant to learn from but found none",
    );
  }
  return answers;
}

/** Where the last message begins: where its prompt's tokens and all tokens first differ. */
function lastStart({ tokenizer, template, messages }: Chat, ids: readonly number[]): number {
  if (messages.length < 2 || messages.at(-1)!.role !== "assistant") {
    throw new TypeError(
      "Expected a prompt and then an answer by the assistant to learn from but found " +
        messages.map(({ role }) => role).join(", "),
    );
  }
  const { text } = template.render(messages.slice(0, -1), { addGenerationPrompt: true });
  return commonPrefixLength(tokenizer.encode(text, { addSpecialTokens: false }), ids);
}

function cut(
  { ids, labels }: InstructionExample,
  { maxLength = Infinity, keep = "start" }: CutOptions,
): InstructionExample {
  if (!(maxLength >= 1)) {
    throw new RangeError(`Expected maxLength to be an integer above 0 but found ${maxLength}`);
  }
  const from = keep === "start" ? 0 : Math.max(0, ids.length - maxLength);
  return { ids: ids.slice(from, from + maxLength), labels: labels.slice(from, from + maxLength) };
}
