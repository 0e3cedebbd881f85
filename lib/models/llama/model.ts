import { type Layer, RMSNorm } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { throughBlocks } from "../blocks.ts";
import type { ConfigOptions } from "../config_format.ts";
import { table } from "../init.ts";
import { areTokens, checkLength, type ModelInputs } from "../inputs.ts";
import { type Anatomy, type Identity, TextModel } from "../model.ts";
import { LlamaBlock } from "./block.ts";
import { type LlamaConfig, llamaConfigFormat } from "./config.ts";
import { frequencies, rotation } from "./rotary.ts";

/** What all models of this family say of themselves. */
export abstract class LlamaFamily extends TextModel<LlamaConfig> {
  /** Adds what the family has in common to what a class is. */
  constructor(config: LlamaConfig, identity: Omit<Identity, "format" | "bodyPrefix">) {
    super(config, { format: llamaConfigFormat, bodyPrefix: "model", ...identity });
  }
}

/**
 * Llama without a head, SmolLM2's and many others' form
 * ([Touvron et al. 2023](https://arxiv.org/abs/2302.13971)).
 *
 * @example
 * ```ts
 * import { Llama } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { vocabSize: 100, dim: 16, layers: 2, heads: 4, keyValueHeads: 2, hidden: 24 };
 * const tokens = tensor([[5, 99, 0]], { dtype: "int32" });
 * assertEquals(new Llama(size).forward(tokens).shape, [1, 3, 16]);
 * ```
 */
export class Llama extends LlamaFamily {
  /** A vector for each token. */
  embed_tokens: Layer;
  /** The blocks, the first nearest to the input. */
  layers: LlamaBlock[];
  /** Behind the last block. */
  norm: Layer;
  readonly #frequencies: number[];

  /** Draws the initial weights; what the configuration leaves out is as in Llama's first. */
  constructor(config: ConfigOptions<LlamaConfig>) {
    super(llamaConfigFormat.complete(config), { architecture: "LlamaModel" });
    const { vocabSize, dim, layers, heads, headDim, rotary, initializerRange } = this.config;
    this.embed_tokens = table(vocabSize, dim, initializerRange);
    this.layers = Array.from({ length: layers }, (_, i) => new LlamaBlock(this.config, i));
    this.norm = new RMSNorm(dim, { eps: this.config.normEps });
    this.#frequencies = frequencies(headDim ?? dim / heads, rotary);
  }

  /** Where the parts are. */
  override get anatomy(): Anatomy {
    return {
      embeddings: ["embed_tokens"],
      blocks: this.layers.map((_, i) => `layers.${i}`),
      final: ["norm"],
      head: [],
    };
  }

  /** Tokens `[batch, time]` or embeddings `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const time = input.shape[1]!;
    const before = (inputs.cache?.length ?? 0) + (this.layers[0]?.self_attn.prefix?.length ?? 0);
    checkLength(time, before, this.config.maxPositions);
    const x = areTokens(input) ? this.embed_tokens.forward(input) : input;
    inputs.trace?.hiddenStates?.push(x);
    const turned = { ...inputs, rotation: rotation(this.#frequencies, before, time) };
    const last = throughBlocks(x, this.layers, turned), output = this.norm.forward(last);
    if (!inputs.trace) letGo([x, last], input, output);
    return output;
  }
}
