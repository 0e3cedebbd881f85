/**
 * Instruction tuning: a language model learns to answer.
 *
 * A chat template makes one text of a conversation; the model reads all of it and learns only to
 * write the answers ("completion-only loss"). The formulas are those of TRL's `SFTTrainer`.
 *
 * @example Teach a small model two answers
 * ```ts
 * import { DataLoader } from "@tunebook/data";
 * import {
 *   CHAT_ML_TOKENS,
 *   chatMl,
 *   collateInstructions,
 *   completionLoss,
 *   encodeConversations,
 *   learntTokens,
 *   type Message,
 *   reply,
 * } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { manualSeed } from "@tunebook/nn";
 * import { Tokenizer } from "@tunebook/tokenizers";
 * import { AdamW, Trainer } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const chat = (question: string, answer: string): Message[] => [
 *   { role: "user", content: question },
 *   { role: "assistant", content: answer },
 * ];
 * const conversations = [chat("sky?", "blue"), chat("grass?", "green")];
 * const specialTokens = ["<|padding|>", ...CHAT_ML_TOKENS];
 * const words = "user assistant sky? blue grass? green";
 * const tokenizer = Tokenizer.train([words, words], { vocabSize: 300, specialTokens });
 *
 * manualSeed(1);
 * const vocabSize = tokenizer.vocabSize;
 * const model = new GptForCausalLM({ vocabSize, maxPositions: 48, dim: 32, layers: 1, heads: 2 });
 * await new Trainer({
 *   model,
 *   optimizer: new AdamW(model.parameters(), { learningRate: 0.01 }),
 *   data: new DataLoader(encodeConversations(tokenizer, chatMl, conversations), {
 *     batchSize: 2,
 *     collate: (examples) => collateInstructions(examples, tokenizer.paddingId),
 *   }),
 *   loss: ({ tokens, mask, labels }) => completionLoss(model.forward(tokens, { mask }), labels),
 *   weight: learntTokens,
 *   epochs: 60,
 * }).run();
 *
 * model.eval();
 * const question: Message[] = [{ role: "user", content: "grass?" }];
 * const options = { endToken: "<|im_end|>", maxNewTokens: 10, temperature: 0 };
 * let answer = "";
 * for await (const piece of reply(model, tokenizer, chatMl, question, options)) answer += piece;
 * assertEquals(answer, "green");
 * ```
 *
 * @module
 */
export type { ChatTemplate, Message, RenderedChat, RenderOptions, Role } from "./conversation.ts";
export {
  type CutOptions,
  encodeCompletion,
  encodeConversation,
  type EncodeConversationOptions,
  encodeConversations,
  IGNORED,
  type InstructionExample,
} from "./encode.ts";
export { jinjaTemplate } from "./jinja_template.ts";
export {
  collateInstructions,
  completionLoss,
  type InstructionBatch,
  learntTokens,
} from "./loss.ts";
export { reply } from "./reply.ts";
export {
  CHAT_ML_TOKENS,
  chatMl,
  type Turn,
  turnTemplate,
  type TurnTemplateOptions,
} from "./turn_template.ts";
