import { bertConfigFormat } from "./bert/config.ts";
import {
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from "./bert/heads.ts";
import { BertForMaskedLM } from "./bert/masked_language_model.ts";
import { Bert } from "./bert/model.ts";
import { BertForSentenceEmbedding } from "./bert/sentences.ts";
import { SmallCnnForImageClassification } from "./cnn/heads.ts";
import { SmallCnn, smallCnnConfigFormat } from "./cnn/model.ts";
import type { CommonConfig } from "./config.ts";
import { ConfigError, type ConfigFormat } from "./config_format.ts";
import { gptConfigFormat } from "./gpt/config.ts";
import {
  GptForCausalLM,
  GptForQuestionAnswering,
  GptForSequenceClassification,
  GptForTokenClassification,
} from "./gpt/heads.ts";
import { Gpt } from "./gpt/model.ts";
import { llamaConfigFormat } from "./llama/config.ts";
import {
  LlamaForCausalLM,
  LlamaForSequenceClassification,
  LlamaForTokenClassification,
} from "./llama/heads.ts";
import { Llama } from "./llama/model.ts";
import { LlamaForQuestionAnswering } from "./llama/question_answering.ts";
import type { Model } from "./model.ts";

/** A class of models. */
// deno-lint-ignore no-explicit-any -- each class has a configuration of its own
export type ModelClass<M extends Model = Model> = new (config: any) => M;

/** A class that can be built from what a `config.json` holds. */
interface Architecture {
  readonly model: ModelClass;
  /** `model_type` in the file. */
  readonly modelType: string;
  build(json: unknown, source: string, overrides: Record<string, unknown>): Model;
}

function architecture<C extends CommonConfig>(
  format: ConfigFormat<C>,
  model: new (config: C) => Model<C>,
): Architecture {
  return {
    model,
    modelType: format.modelType,
    build: (json, source, overrides) =>
      new model(format.read(json, source, overrides as Partial<C>)),
  };
}

/**
 * All classes, under Hugging Face's names where it has the class; of each family the bare model comes
 * first.
 */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  GPT2Model: architecture(gptConfigFormat, Gpt),
  GPT2LMHeadModel: architecture(gptConfigFormat, GptForCausalLM),
  GPT2ForSequenceClassification: architecture(gptConfigFormat, GptForSequenceClassification),
  GPT2ForTokenClassification: architecture(gptConfigFormat, GptForTokenClassification),
  GPT2ForQuestionAnswering: architecture(gptConfigFormat, GptForQuestionAnswering),
  BertModel: architecture(bertConfigFormat, Bert),
  BertForMaskedLM: architecture(bertConfigFormat, BertForMaskedLM),
  BertForSequenceClassification: architecture(bertConfigFormat, BertForSequenceClassification),
  BertForTokenClassification: architecture(bertConfigFormat, BertForTokenClassification),
  BertForQuestionAnswering: architecture(bertConfigFormat, BertForQuestionAnswering),
  BertForSentenceEmbedding: architecture(bertConfigFormat, BertForSentenceEmbedding),
  LlamaModel: architecture(llamaConfigFormat, Llama),
  LlamaForCausalLM: architecture(llamaConfigFormat, LlamaForCausalLM),
  LlamaForSequenceClassification: architecture(llamaConfigFormat, LlamaForSequenceClassification),
  LlamaForTokenClassification: architecture(llamaConfigFormat, LlamaForTokenClassification),
  LlamaForQuestionAnswering: architecture(llamaConfigFormat, LlamaForQuestionAnswering),
  SmallCnn: architecture(smallCnnConfigFormat, SmallCnn),
  SmallCnnForImageClassification: architecture(
    smallCnnConfigFormat,
    SmallCnnForImageClassification,
  ),
};

/** How {@linkcode modelFromConfig} builds. */
export interface FromConfigOptions<M> {
  /** The class, such as `BertForTokenClassification`, instead of the one that the file names. */
  // deno-lint-ignore no-explicit-any -- each class has a configuration of its own
  as?: new (config: any) => M;
  /** Entries to use instead of the file's, such as `{ dropout: 0, labels: ["ham", "spam"] }`. */
  config?: Record<string, unknown>;
  /** The file's name, for errors. */
  source?: string;
}

/**
 * Builds the model that a `config.json` describes, its weights drawn anew.
 *
 * @param json The parsed file.
 * @throws {ConfigError} If this library has no such model, or can't build it as described.
 *
 * @example
 * ```ts
 * import { GptForCausalLM, modelFromConfig } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const json = { model_type: "gpt2", n_embd: 8, n_layer: 1, n_head: 2, vocab_size: 10 };
 * assertEquals(modelFromConfig(json).architecture, "GPT2Model");
 * assertEquals(modelFromConfig(json, { as: GptForCausalLM }).lm_head.forward !== undefined, true);
 * ```
 */
export function modelFromConfig<M = Model>(json: unknown, options: FromConfigOptions<M> = {}): M {
  const { source = "config.json", config = {} } = options;
  const [name, found] = options.as === undefined
    ? named(json, source)
    : registered(options.as as unknown as ModelClass);
  const { model_type: modelType } = (json ?? {}) as Record<string, unknown>;
  if (modelType !== undefined && modelType !== found.modelType) {
    throw new ConfigError(
      `Expected the model_type of ${source} to be ${found.modelType}, as ${name} is, but found ${
        JSON.stringify(modelType)
      }`,
    );
  }
  return found.build(json, source, config) as M;
}

function registered(model: ModelClass): [string, Architecture] {
  const entry = Object.entries(ARCHITECTURES).find(([, { model: known }]) => known === model);
  if (entry) return entry;
  throw new ConfigError(`Expected a class of models from this library but found ${model.name}`);
}

/** What the file says: by its class, or else the bare model of its family. */
function named(json: unknown, source: string): [string, Architecture] {
  const { architectures, model_type: modelType } = (json ?? {}) as Record<string, unknown>;
  const name = Array.isArray(architectures) ? architectures[0] : undefined;
  const entry = Object.entries(ARCHITECTURES).find(([known, entry]) =>
    name === undefined ? entry.modelType === modelType : known === name
  );
  if (entry) return entry;
  throw new ConfigError(
    `Expected ${source} to describe one of ${Object.keys(ARCHITECTURES).join(", ")} but found ${
      JSON.stringify(name ?? modelType ?? null)
    }`,
  );
}
