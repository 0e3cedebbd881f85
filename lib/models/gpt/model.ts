import { Dropout, type Layer, LayerNorm } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { throughBlocks } from "../blocks.ts";
import type { ConfigOptions } from "../config_format.ts";
import { table } from "../init.ts";
import { areTokens, type ModelInputs, positions } from "../inputs.ts";
import { type Anatomy, type Identity, TextModel } from "../model.ts";
import { GptBlock } from "./block.ts";
import { type GptConfig, gptConfigFormat } from "./config.ts";

/** What all models of this family say of themselves. */
export abstract class GptFamily extends TextModel<GptConfig> {
  /** Adds what the family has in common to what a class is. */
  constructor(config: GptConfig, identity: Omit<Identity, "format" | "bodyPrefix">) {
    super(config, { format: gptConfigFormat, bodyPrefix: "transformer", ...identity });
  }

  /** So it is with all linear layers of the blocks. */
  override isStoredTransposed(parameter: string): boolean {
    return /(^|\.)h\.\d+\.(attn|mlp)\.c_(attn|fc|proj)\.weight$/.test(parameter);
  }
}

/**
 * GPT-2 without a head: tokens to vectors, each knowing those before it
 * ([Radford et al. 2019](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf)).
 *
 * @example
 * ```ts
 * import { Gpt } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 100, maxPositions: 16, dim: 8, layers: 2, heads: 2 });
 * const tokens = tensor([[5, 99, 0]], { dtype: "int32" });
 * assertEquals(model.forward(tokens).shape, [1, 3, 8]);
 * ```
 */
export class Gpt extends GptFamily {
  /** A vector for each token. */
  wte: Layer;
  /** A vector for each position. */
  wpe: Layer;
  /** On the sum of the two. */
  drop: Dropout;
  /** The blocks, the first nearest to the input. */
  h: GptBlock[];
  /** Behind the last block. */
  ln_f: Layer;

  /** Draws the initial weights; what the configuration leaves out is as in GPT-2's smallest. */
  constructor(config: ConfigOptions<GptConfig>) {
    super(gptConfigFormat.complete(config), { architecture: "GPT2Model" });
    const { vocabSize, maxPositions, dim, layers, initializerRange } = this.config;
    this.wte = table(vocabSize, dim, initializerRange);
    this.wpe = table(maxPositions, dim, initializerRange);
    this.drop = new Dropout(this.config.embeddingDropout);
    this.h = Array.from({ length: layers }, (_, block) => new GptBlock(this.config, block));
    this.ln_f = new LayerNorm(dim, { eps: this.config.normEps });
  }

  /** Where the parts are. */
  override get anatomy(): Anatomy {
    return {
      embeddings: ["wte", "wpe"],
      blocks: this.h.map((_, i) => `h.${i}`),
      final: ["ln_f"],
      head: [],
    };
  }

  /** Tokens `[batch, time]` or embeddings `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const time = input.shape[1]!;
    const before = (inputs.cache?.length ?? 0) + (this.h[0]?.attn.prefix?.length ?? 0);
    const places = this.wpe.forward(positions(time, before, this.config.maxPositions));
    const embedded = areTokens(input) ? this.wte.forward(input) : input;
    const sum = embedded.add(places), x = this.drop.forward(sum);
    letGo([places, embedded, sum], input, x);
    inputs.trace?.hiddenStates?.push(x);
    const last = throughBlocks(x, this.h, inputs), output = this.ln_f.forward(last);
    if (!inputs.trace) letGo([x, last], input, output);
    return output;
  }
}
