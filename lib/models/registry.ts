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
import type { Model } from "./model.ts";

/** A class that can be built from what a `config.json` holds. */
export interface Architecture<M extends Model = Model> {
  /** `model_type` in the file. */
  readonly modelType: string;
  /** Builds the model with weights drawn anew. */
  build(json: unknown, source: string, overrides: Record<string, unknown>): M;
}

function architecture<C extends CommonConfig, M extends Model<C>>(
  format: ConfigFormat<C>,
  model: new (config: C) => M,
): Architecture {
  return {
    modelType: format.modelType,
    build: (json, source, overrides) =>
      new model(format.read(json, source, overrides as Partial<C>)) as unknown as Model,
  };
}

/** All classes, under Hugging Face's names; of each family the bare model comes first. */
export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  GPT2Model: architecture(gptConfigFormat, Gpt),
  GPT2LMHeadModel: architecture(gptConfigFormat, GptForCausalLM),
  GPT2ForSequenceClassification: architecture(gptConfigFormat, GptForSequenceClassification),
  GPT2ForTokenClassification: architecture(gptConfigFormat, GptForTokenClassification),
  GPT2ForQuestionAnswering: architecture(gptConfigFormat, GptForQuestionAnswering),
};

/** How {@linkcode modelFromConfig} builds. */
export interface FromConfigOptions {
  /** Hugging Face's name of the class, instead of the one that the file says. */
  architecture?: string;
  /** The file's name, for errors. */
  source?: string;
  /** Entries to use instead of the file's, such as `{ dropout: 0, labels: ["ham", "spam"] }`. */
  overrides?: Record<string, unknown>;
}

/**
 * Builds the model that a `config.json` describes, its weights drawn anew.
 *
 * @param json The parsed file.
 * @throws {ConfigError} If this library has no such model, or can't build it as described.
 *
 * @example
 * ```ts
 * import { modelFromConfig } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const json = { model_type: "gpt2", n_embd: 8, n_layer: 1, n_head: 2, vocab_size: 10 };
 * assertEquals(modelFromConfig(json).architecture, "GPT2Model");
 * ```
 */
export function modelFromConfig(json: unknown, options: FromConfigOptions = {}): Model {
  const { source = "config.json", overrides = {} } = options;
  const { architectures, model_type: modelType } = (json ?? {}) as Record<string, unknown>;
  const names = Object.keys(ARCHITECTURES);
  const name = options.architecture ??
    (Array.isArray(architectures) ? architectures[0] : undefined) ??
    names.find((name) => ARCHITECTURES[name]!.modelType === modelType);
  const found = typeof name === "string" && Object.hasOwn(ARCHITECTURES, name)
    ? ARCHITECTURES[name]
    : undefined;
  if (found === undefined) {
    throw new ConfigError(
      `Expected ${source} to describe one of ${names.join(", ")} but found ${
        JSON.stringify(name ?? modelType ?? null)
      }`,
    );
  }
  if (modelType !== undefined && modelType !== found.modelType) {
    throw new ConfigError(
      `Expected the model_type of ${source} to be ${found.modelType}, as ${name} is, but found ${
        JSON.stringify(modelType)
      }`,
    );
  }
  return found.build(json, source, overrides);
}
