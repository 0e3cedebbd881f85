import { fromPretrained, loadTokenizer } from "@tunebook/hub";
import { type GptForCausalLM, type Model, modelFromConfig } from "@tunebook/models";
import type { Tokenizer } from "@tunebook/tokenizers";
import type { TrainingLog } from "./pretrain.ts";

const folder = new URL("../tunebook-gpt/", import.meta.url);

/** How {@linkcode baseGpt} loads. */
export interface BaseGptOptions<M> {
  /** The class, such as `GptForSequenceClassification`. Default: the language model. */
  // deno-lint-ignore no-explicit-any -- each class has a configuration of its own
  as?: new (config: any) => M;
  /** Entries of the configuration to change, such as `{ labels: ["ham", "spam"] }`. */
  config?: Record<string, unknown>;
}

/**
 * The course's base model, `tunebook-gpt`: GPT-2's layout with 2.4 million parameters, pretrained on
 * addresses and on Moby-Dick; each call loads it anew.
 *
 * @example Its body under a new head
 * ```ts
 * import { baseGpt } from "@tunebook/base";
 * import { GptForSequenceClassification } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = await baseGpt({
 *   as: GptForSequenceClassification,
 *   config: { labels: ["good", "bad"] },
 * });
 * assertEquals(model.score.countParameters().all, 2 * 192);
 * ```
 *
 * @returns The model, in evaluation; a head that the files lack begins anew, drawn by `manualSeed`.
 */
export async function baseGpt<M extends Model = GptForCausalLM>(
  options: BaseGptOptions<M> = {},
): Promise<M> {
  return await fromPretrained<M>(folder, { ...options, onNew: () => {} });
}

/** The base model's tokenizer: a byte-level BPE of 3,072 tokens. */
export async function baseTokenizer(): Promise<Tokenizer> {
  return await loadTokenizer(folder);
}

/** How the base model was trained: its losses, and what it wrote along the way. */
export async function baseTrainingLog(): Promise<TrainingLog> {
  return JSON.parse(await Deno.readTextFile(new URL("training.json", folder)));
}

/** The base model's shape with weights that have learned nothing, to compare with. */
export async function untrainedGpt<M extends Model = GptForCausalLM>(
  options: BaseGptOptions<M> = {},
): Promise<M> {
  const json = JSON.parse(await Deno.readTextFile(new URL("config.json", folder)));
  return modelFromConfig<M>(json, options).eval() as M;
}
