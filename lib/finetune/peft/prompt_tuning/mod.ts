/**
 * Prompt tuning ([Lester et al. 2021](https://arxiv.org/abs/2104.08691)): vectors that train stand in
 * front of every text's own, as if they were tokens; the model doesn't change.
 *
 * @module
 */
import { Model, type ModelInputs } from "@tunebook/models";
import { Embedding, Module } from "@tunebook/nn";
import {
  arange,
  concat,
  noGrad,
  ones,
  Random,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import { baseModules } from "../layer.ts";
import {
  type BuildContext,
  type Built,
  type CommonPeftConfig,
  type Configured,
  definePeftMethod,
  type Forward,
} from "../method.ts";
import type { Piece } from "../pieces.ts";
import { Int8Embedding } from "../quantization/embedding.ts";

/** The options of {@linkcode promptTuning}. */
export interface PromptTuningConfig extends CommonPeftConfig {
  /** How many vectors stand in front. */
  numVirtualTokens: number;
  /** How they begin: drawn, as vectors of tokens drawn from the vocabulary, or as those of a text. */
  promptTuningInit: "RANDOM" | "SAMPLE_VOCAB" | "TEXT";
  /** The tokens of the text to begin with; repeated or cut to the length. */
  textTokens: number[] | null;
  /** What draws. */
  seed: number;
}

/** The vectors. */
class PromptEncoder extends Module {
  embedding: Embedding;

  constructor(length: number, dim: number) {
    super();
    this.embedding = new Embedding(length, dim);
  }

  /** `[batch, length, dim]` */
  forward(batch: number): Tensor {
    const [length, dim] = this.embedding.weight.shape as [number, number];
    const places = arange(0, length, 1, { dtype: "int32" });
    return this.embedding.forward(places).unsqueeze(0).expand(batch, length, dim);
  }
}

/**
 * Prompt tuning: vectors that train, in front of every text's own. Outputs for tokens are those of
 * the text; what a trace collects includes the prompt. A BERT that pools the first token reads the
 * prompt's first, as with PEFT.
 *
 * @example
 * ```ts
 * import { applyPeft, promptTuning } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const prompt = promptTuning({ numVirtualTokens: 3, promptTuningInit: "TEXT", textTokens: [5, 7] });
 * const peft = applyPeft(model, prompt);
 * assertEquals(peft.countParameters().trained, 3 * 4);
 * assertEquals(peft.forward(zeros([1, 5], { dtype: "int32" })).shape, [1, 5, 9]);
 * ```
 */
export const promptTuning: (
  options?: Partial<PromptTuningConfig>,
) => Configured<PromptTuningConfig> = definePeftMethod<PromptTuningConfig>({
  title: "prompt tuning",
  peftType: "PROMPT_TUNING",
  filePrefix: "base_model.",
  presets: {
    numVirtualTokens: 20,
    promptTuningInit: "RANDOM",
    textTokens: null,
    seed: 0,
    modulesToSave: null,
  },
  // How a stored prompt began means nothing any more.
  read: (json) => ({ ...json, prompt_tuning_init: "RANDOM" }),
  check({ numVirtualTokens, promptTuningInit, textTokens }) {
    if (!Number.isInteger(numVirtualTokens) || numVirtualTokens < 1) {
      throw new PeftError(
        `Expected numVirtualTokens to be a whole number above 0 but found ${numVirtualTokens}`,
      );
    }
    if (!["RANDOM", "SAMPLE_VOCAB", "TEXT"].includes(promptTuningInit)) {
      throw new PeftError(
        'Expected promptTuningInit to be "RANDOM", "SAMPLE_VOCAB" or "TEXT" but found ' +
          JSON.stringify(promptTuningInit),
      );
    }
    if (promptTuningInit === "TEXT" && !(textTokens && textTokens.length > 0)) {
      throw new PeftError(
        'promptTuningInit "TEXT" needs textTokens: what your tokenizer makes of it',
      );
    }
  },
  build,
});

function build({ model, config }: BuildContext<PromptTuningConfig>): Built {
  const words = wordsOf(model);
  const dim = tableSizes(words)[1];
  const length = config.numVirtualTokens;
  const encoder = new PromptEncoder(length, dim);
  begin(encoder.embedding.weight, words, config);
  const piece: Piece = {
    path: "",
    tensors: new Map([["prompt_embeddings", encoder.embedding.weight]]),
    insert() {},
    remove() {},
    detach() {},
  };
  return {
    pieces: [piece],
    module: encoder,
    around: (inner) => withPrompt(encoder, words, inner),
    resolved: {
      ...(config.promptTuningInit === "TEXT" ? { prompt_tuning_init: "RANDOM" } : {}),
      text_tokens: undefined,
      seed: undefined,
      num_layers: (model as Model).anatomy.blocks.length,
      num_transformer_submodules: 1,
      token_dim: dim,
    },
  };
}

function withPrompt(encoder: PromptEncoder, words: WordTable, inner: Forward): Forward {
  return (input: Tensor, inputs: ModelInputs = {}) => {
    // The prompt is in the cache already when a text is continued.
    if ((inputs.cache?.length ?? 0) > 0) return inner(input, inputs);
    const [batch, time] = input.shape as [number, number];
    const length = encoder.embedding.weight.shape[0]!;
    const own = input.dtype === "int32" ? words.forward(input) : input;
    const { mask, tokenTypes } = inputs;
    const before = { dtype: "int32" } as const;
    const output = inner(concat([encoder.forward(batch), own], 1), {
      ...inputs,
      ...(mask && { mask: concat([ones([batch, length], before), mask.int()], 1) }),
      ...(tokenTypes && { tokenTypes: concat([zeros([batch, length], before), tokenTypes], 1) }),
    });
    return output.ndim === 3 && output.shape[1] === length + time
      ? output.narrow(1, length, time)
      : output;
  };
}

function begin(
  prompt: Tensor,
  words: WordTable,
  { promptTuningInit, textTokens, seed }: PromptTuningConfig,
): void {
  if (promptTuningInit === "RANDOM") return;
  const length = prompt.shape[0]!, vocabulary = tableSizes(words)[0];
  const random = new Random(seed);
  const tokens = Array.from({ length }, (_, i) => {
    const token = promptTuningInit === "TEXT"
      ? textTokens![i % textTokens!.length]!
      : random.integer(0, vocabulary);
    if (Number.isInteger(token) && token >= 0 && token < vocabulary) return token;
    throw new PeftError(
      `Expected textTokens to be tokens from 0 to ${vocabulary - 1} but found ${token}`,
    );
  });
  scope(() => {
    const vectors = noGrad(() => words.forward(tensor(tokens, { dtype: "int32" })));
    prompt.data.set(vectors.data);
  });
}

/** A table of the tokens' vectors, plain or quantised. */
type WordTable = Embedding | Int8Embedding;

/** `[count, dim]` */
function tableSizes(table: WordTable): readonly [number, number] {
  return table instanceof Embedding ? table.weight.shape as [number, number] : table.shape;
}

/** The table of the tokens' vectors. */
function wordsOf(model: Module): WordTable {
  const vocabulary = model instanceof Model
    ? (model.config as { vocabSize?: number }).vocabSize
    : undefined;
  for (const [, module] of baseModules(model)) {
    const isTable = module instanceof Embedding || module instanceof Int8Embedding;
    if (isTable && tableSizes(module)[0] === vocabulary) return module;
  }
  throw new PeftError(
    `Prompt tuning needs a model that reads tokens, in front of which a prompt can stand, but found ${model.constructor.name}`,
  );
}
