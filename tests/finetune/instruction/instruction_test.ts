import {
  CHAT_ML_TOKENS,
  chatMl,
  collateInstructions,
  completionLoss,
  encodeConversation,
  encodeConversations,
  jinjaTemplate,
  learntTokens,
  type Message,
  reply,
  turnTemplate,
} from "@tunebook/finetune";
import { GptForCausalLM } from "@tunebook/models";
import { tensor } from "@tunebook/tensor";
import { Tokenizer } from "@tunebook/tokenizers";
import { assertEquals, assertThrows } from "@std/assert";

const specialTokens = ["<|padding|>", ...CHAT_ML_TOKENS];
const tokenizer = Tokenizer.train([""], { vocabSize: 259, specialTokens });
const asked: Message = { role: "user", content: "2 + 2?" };
const answered: Message = { role: "assistant", content: "4" };

Deno.test("a template of turns says what ChatML says", () => {
  const jinja = jinjaTemplate(
    "{% for m in messages %}<|im_start|>{{ m.role }}\n" +
      "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}" +
      "{% else %}{{ m.content }}<|im_end|>{% endif %}{{ '\n' }}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
  );
  for (const messages of [[asked], [asked, answered], [asked, answered, asked, answered]]) {
    assertEquals(chatMl.render(messages), jinja.render(messages));
    const options = { addGenerationPrompt: true };
    assertEquals(chatMl.render(messages, options), jinja.render(messages, options));
  }
});

Deno.test("an answer of several tokens a character is learnt to its last token", () => {
  const messages: Message[] = [asked, { role: "assistant", content: "🐋" }];
  const { ids, labels } = encodeConversation(tokenizer, chatMl, messages);
  assertEquals(tokenizer.decode(labels.filter((label) => label >= 0)), "🐋<|im_end|>");
  assertEquals(ids.length, labels.length);
});

Deno.test("tokenizers that aren't byte-level learn the answers too", () => {
  const vocab = ["[UNK]", "two", "and", "is", "four", "a", ":", "q"];
  const words = Tokenizer.fromJSON({
    added_tokens: [],
    normalizer: { type: "Lowercase" },
    post_processor: null,
    pre_tokenizer: { type: "Whitespace" },
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab.map((word, i) => [word, i])),
    },
  });
  const template = turnTemplate({
    turns: { user: { before: "Q: ", end: "\n" }, assistant: { before: "A: ", end: "\n" } },
  });
  const { ids, labels } = encodeConversation(words, template, [
    { role: "user", content: "Two and two" },
    { role: "assistant", content: "is Four" },
  ]);
  assertEquals(words.tokensOf(ids), ["q", ":", "two", "and", "two", "a", ":", "is", "four"]);
  assertEquals(labels.map((label) => label >= 0 ? 1 : 0), [0, 0, 0, 0, 0, 0, 0, 1, 1]);
});

Deno.test("conversations cut down to nothing to learn are left out", () => {
  const long: Message[] = [{ role: "user", content: "why ".repeat(20) }, answered];
  const kept = encodeConversations(tokenizer, chatMl, [[asked, answered], long], { maxLength: 40 });
  assertEquals(kept.length, 1);
});

Deno.test("a batch without anything to learn has a loss and gradients of 0", () => {
  const { labels } = collateInstructions([{ ids: [1, 2], labels: [-100, -100] }], 0);
  const logits = tensor([[[1, 2, 3], [4, 5, 6]]], { requiresGrad: true });
  const loss = completionLoss(logits, labels);
  loss.backward();
  assertEquals([loss.item(), learntTokens({ labels })], [0, 0]);
  assertEquals(logits.grad!.toArray(), [[[0, 0, 0], [0, 0, 0]]]);
});

Deno.test("mistakes are named", () => {
  const fails = (messages: Message[], says: string, template = chatMl, options = {}) =>
    assertThrows(() => encodeConversation(tokenizer, template, messages, options), Error, says);
  fails([], "at least one message");
  fails([asked], "at least one message by the assistant");
  fails([asked, answered, asked], "then an answer by the assistant", chatMl, { learn: "last" });
  fails([asked, answered], "maxLength", chatMl, { maxLength: 0 });
  fails([{ role: "user", text: "Hi" } as unknown as Message], "message 0 to be { role, content }");
  const silent = jinjaTemplate("{% for m in messages %}{{ m.content }}{% endfor %}");
  fails([asked, answered], "{% generation %}", silent);
  const noSystem = turnTemplate({ turns: { user: { before: "", end: "" } } });
  fails(
    [{ role: "system", content: "Be brief" }],
    'a turn for (user) but found "system"',
    noSystem,
  );
  assertThrows(() => jinjaTemplate("{% if %}"), SyntaxError, "chat_template in Jinja");
  const model = new GptForCausalLM({
    vocabSize: 259,
    maxPositions: 8,
    dim: 4,
    layers: 1,
    heads: 1,
  });
  const options = { endToken: "</s>" };
  assertThrows(() => reply(model, tokenizer, chatMl, [asked], options), TypeError, "endToken");
});
