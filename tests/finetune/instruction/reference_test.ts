/** Conversations as transformers and TRL make them: texts, tokens, labels, losses, gradients. */
import {
  collateInstructions,
  completionLoss,
  type CutOptions,
  encodeCompletion,
  encodeConversations,
  type InstructionExample,
  jinjaTemplate,
  learntTokens,
  type Message,
} from "@tunebook/finetune";
import { modelFromConfig, type TextModel } from "@tunebook/models";
import { scope } from "@tunebook/tensor";
import { Tokenizer } from "@tunebook/tokenizers";
import { assertEquals } from "@std/assert";
import { assertClose, Reference } from "../../tensor_reference/reference.ts";

interface InstructionCase extends Required<CutOptions> {
  readonly id: string;
  /** Of the tokenizer, the model. */
  readonly json: unknown;
  readonly config: unknown;
  readonly state: readonly string[];
  /** Of the others. */
  readonly kind?: "chat" | "completion";
  readonly template: string;
  readonly conversations: Message[][];
  readonly learn: "answers" | "last" | "everything";
  readonly texts: string[];
  readonly prompts: string[];
  readonly records: { prompt: string; completion: string }[];
  readonly endToken: string;
  readonly examples: InstructionExample[];
  readonly sharedTokens: number | null;
}

const reference = await Reference.read<InstructionCase>("instruction");
const find = (id: string) => reference.cases.find((one) => one.id === id)!;
const tokenizer = Tokenizer.fromJSON(find("tokenizer").json);
const { config, state } = find("model");
const model = build("model", "state");
const SPECIAL = { bos_token: "<|endoftext|>", eos_token: "<|im_end|>" };

/** The model with its parameters set to the values that are stored as `part`. */
function build(id: string, part: string): TextModel {
  const made = modelFromConfig(config as Record<string, unknown>) as TextModel;
  made.loadStoredState(state.map((name) => [name, reference.get(id, `${part}.${name}`)]));
  return made;
}

function examplesOf(one: InstructionCase): InstructionExample[] {
  if (one.kind === "completion") {
    return one.records.map((record) => encodeCompletion(tokenizer, record, one.endToken));
  }
  const template = jinjaTemplate(one.template, SPECIAL);
  return encodeConversations(tokenizer, template, one.conversations, {
    learn: one.learn,
    maxLength: one.maxLength ?? Infinity,
    keep: one.keep,
  }).toArray();
}

for (const one of reference.cases.filter(({ kind }) => kind !== undefined)) {
  Deno.test(`${one.id}: as SFTTrainer prepares it, the same loss and gradients`, () => {
    const examples = examplesOf(one);
    assertEquals(examples, one.examples);
    scope(() => {
      const batch = collateInstructions(examples, tokenizer.paddingId);
      for (const part of ["tokens", "mask", "labels"] as const) {
        assertClose(part, batch[part], reference.get(one.id, part), { tolerance: 0, absolute: 0 });
      }
      model.train().zeroGrad();
      const mean = completionLoss(model.forward(batch.tokens, { mask: batch.mask }), batch.labels);
      // Trainer weights the batches of a step by their tokens.
      const loss = one.sharedTokens === null
        ? mean
        : mean.mul(learntTokens(batch) / one.sharedTokens);
      assertClose("loss", loss, reference.get(one.id, "loss"), { tolerance: 1e-5 });
      loss.backward();
      const gradients = build(one.id, "stategrad").stateDict();
      for (const [name, { grad }] of model.namedParameters()) {
        assertClose(name, grad!, gradients.get(name)!, { tolerance: 1e-5, absolute: 1e-5 });
      }
    });
  });
}

for (const { id, template, conversations, texts, prompts } of reference.cases) {
  if (texts === undefined) continue;
  Deno.test(`${id}: rendered as transformers renders it`, () => {
    const ours = jinjaTemplate(template, SPECIAL);
    assertEquals(conversations.map((messages) => ours.render(messages).text), texts);
    assertEquals(
      conversations.map((messages) =>
        ours.render(messages.slice(0, -1), { addGenerationPrompt: true }).text
      ),
      prompts,
    );
  });
}
