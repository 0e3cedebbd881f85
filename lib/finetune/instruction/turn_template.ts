import { type ChatTemplate, checkMessages, type Role } from "./conversation.ts";

/** How one role's turn is written: `before`, what is said, `end`, `after`. */
export interface Turn {
  /** Opens the turn; an answer is asked for with it. */
  before: string;
  /** Ends what is said. The model learns to write it, and so to stop. */
  end: string;
  /** Parts the turn from the next one; nobody learns to write it. */
  after?: string;
}

/** A template as plain data. */
export interface TurnTemplateOptions {
  /**
   * What every text begins with.
   *
   * @default {""}
   */
  begin?: string;
  /** Each role's turn; a role that is left out can't speak. */
  turns: Partial<Record<Role, Turn>>;
}

/**
 * A chat template of our own kind: every turn is written between two fixed pieces of text.
 *
 * Make the pieces special tokens of the tokenizer, so that no user's text can be mistaken for them.
 *
 * @example
 * ```ts
 * import { turnTemplate } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const template = turnTemplate({
 *   turns: {
 *     user: { before: "Q: ", end: "\n" },
 *     assistant: { before: "A: ", end: "<|endoftext|>" },
 *   },
 * });
 * const { text, answers } = template.render([
 *   { role: "user", content: "Who wrote Moby Dick?" },
 *   { role: "assistant", content: "Melville" },
 * ]);
 * assertEquals(text, "Q: Who wrote Moby Dick?\nA: Melville<|endoftext|>");
 * assertEquals(answers!.map(([start, end]) => text.slice(start, end)), ["Melville<|endoftext|>"]);
 * ```
 */
export function turnTemplate({ begin = "", turns }: TurnTemplateOptions): ChatTemplate {
  return {
    render(messages, { addGenerationPrompt = false } = {}) {
      checkMessages(messages);
      let text = begin;
      const answers: [number, number][] = [];
      for (const { role, content } of messages) {
        const { before, end, after = "" } = turnOf(turns, role);
        text += before;
        const start = text.length;
        text += content + end;
        if (role === "assistant") answers.push([start, text.length]);
        text += after;
      }
      if (addGenerationPrompt) text += turnOf(turns, "assistant").before;
      return { text, answers };
    },
  };
}

function turnOf(turns: TurnTemplateOptions["turns"], role: Role): Turn {
  const turn = turns[role];
  if (turn) return turn;
  throw new TypeError(
    `Expected a role that the template has a turn for (${Object.keys(turns).join(", ")}) but ` +
      `found ${JSON.stringify(role)}; add it to turns, or leave out the message`,
  );
}

/** The special tokens of {@linkcode chatMl}, for `Tokenizer.train`. */
export const CHAT_ML_TOKENS: readonly string[] = ["<|im_start|>", "<|im_end|>"];

/**
 * ChatML, the template of Qwen, SmolLM2 and many others: `<|im_start|>role\n…<|im_end|>\n`.
 *
 * @example
 * ```ts
 * import { chatMl } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const { text } = chatMl.render([{ role: "user", content: "Hi" }], { addGenerationPrompt: true });
 * assertEquals(text, "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
 * ```
 */
export const chatMl: ChatTemplate = turnTemplate({
  turns: Object.fromEntries(
    (["system", "user", "assistant"] as const).map((role) => [
      role,
      { before: `<|im_start|>${role}\n`, end: "<|im_end|>", after: "\n" },
    ]),
  ),
});
