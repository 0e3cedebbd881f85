/**
 * Prefix tuning ([Li & Liang 2021](https://arxiv.org/abs/2101.00190)): in every block keys and values
 * that train stand in front of the text's own, and nothing else changes.
 *
 * @module
 */
import { Attention } from "@tunebook/models";
import type { Module } from "@tunebook/nn";
import { noGrad, type Tensor } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import { baseModules } from "../layer.ts";
import {
  type BuildContext,
  type Built,
  type CommonPeftConfig,
  type Configured,
  definePeftMethod,
} from "../method.ts";
import type { Piece } from "../pieces.ts";
import { BlockPrefix, PrefixEncoder } from "./encoder.ts";

/** The options of {@linkcode prefixTuning}. */
export interface PrefixTuningConfig extends CommonPeftConfig {
  /** How many keys and values stand in front, in each block. */
  numVirtualTokens: number;
  /** Whether an MLP makes them of a smaller table, which trains more steadily. Files hold what it made. */
  prefixProjection: boolean;
  /** The MLP's hidden width; the width of a key unless given. */
  encoderHiddenSize: number | null;
}

/** All blocks' prefixes together. */
class PrefixPiece implements Piece {
  readonly path = "";
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly #prefixes: ReadonlyMap<Attention, BlockPrefix>;

  constructor(readonly encoder: PrefixEncoder, attentions: readonly Attention[]) {
    const hasMlp = encoder.transform.length > 0;
    this.tensors = new Map(
      hasMlp ? encoder.namedParameters() : [["prompt_embeddings", encoder.embedding.weight]],
    );
    this.#prefixes = new Map(attentions.map((one, i) => [one, new BlockPrefix(encoder, i)]));
  }

  insert(): void {
    for (const [attention, prefix] of this.#prefixes) {
      if (attention.prefix !== null && attention.prefix !== prefix) {
        throw new PeftError("Two prefixes can't be at work at a time: switch to one of them");
      }
      attention.prefix = prefix;
    }
  }

  remove(): void {
    for (const [attention, prefix] of this.#prefixes) {
      if (attention.prefix === prefix) attention.prefix = null;
    }
  }

  detach(): void {
    this.remove();
  }

  stored(): ReadonlyMap<string, Tensor> {
    if (this.encoder.transform.length === 0) return this.tensors;
    return new Map([["prompt_embeddings", noGrad(() => this.encoder.forward())]]);
  }
}

/**
 * Prefix tuning: keys and values that train, in front of every block's own.
 *
 * @example
 * ```ts
 * import { applyPeft, prefixTuning } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const peft = applyPeft(model, prefixTuning({ numVirtualTokens: 3 }));
 * assertEquals(peft.countParameters().trained, 3 * 2 * 2 * 4);
 * assertEquals(peft.forward(zeros([1, 5], { dtype: "int32" })).shape, [1, 5, 9]);
 * ```
 */
export const prefixTuning: (
  options?: Partial<PrefixTuningConfig>,
) => Configured<PrefixTuningConfig> = definePeftMethod<PrefixTuningConfig>({
  title: "prefix tuning",
  peftType: "PREFIX_TUNING",
  filePrefix: "base_model.",
  presets: {
    numVirtualTokens: 20,
    prefixProjection: false,
    encoderHiddenSize: null,
    modulesToSave: null,
  },
  // What the MLP made is what files hold; the MLP itself is gone.
  read: (json) => ({ ...json, prefix_projection: false }),
  check({ numVirtualTokens }) {
    if (Number.isInteger(numVirtualTokens) && numVirtualTokens > 0) return;
    throw new PeftError(
      `Expected numVirtualTokens to be a whole number above 0 but found ${numVirtualTokens}`,
    );
  },
  build,
});

function build({ model, config }: BuildContext<PrefixTuningConfig>): Built {
  const attentions = attentionsOf(model);
  const { keyValueHeads, headDim } = attentions[0]!.shape;
  const dim = keyValueHeads * headDim;
  const encoder = new PrefixEncoder({
    length: config.numVirtualTokens,
    blocks: attentions.length,
    dim,
    hidden: config.prefixProjection ? config.encoderHiddenSize ?? dim : null,
  });
  return {
    pieces: [new PrefixPiece(encoder, attentions)],
    module: encoder,
    resolved: {
      encoder_hidden_size: config.encoderHiddenSize ?? dim,
      num_attention_heads: keyValueHeads,
      num_layers: attentions.length,
      num_transformer_submodules: 1,
      token_dim: dim,
    },
  };
}

function attentionsOf(model: Module): Attention[] {
  const found = [...baseModules(model)].flatMap(([, one]) => one instanceof Attention ? [one] : []);
  if (found.length > 0) return found;
  throw new PeftError(
    `Prefix tuning needs a model with attention, where a prefix can stand in front, but found ${model.constructor.name}`,
  );
}
