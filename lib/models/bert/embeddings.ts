import { Dropout, type Layer, LayerNorm, Module } from "@tunebook/nn";
import { type Tensor, tensor } from "@tunebook/tensor";
import { table } from "../init.ts";
import { areTokens, type ModelInputs, positions } from "../inputs.ts";
import type { BertConfig } from "./config.ts";

/** Tokens to vectors: what is said, where, and in which of two texts. */
export class BertEmbeddings extends Module {
  /** A vector for each token. */
  word_embeddings: Layer;
  /** A vector for each position. */
  position_embeddings: Layer;
  /** A vector for each of the two texts. */
  token_type_embeddings: Layer;
  /** On the sum of the three. */
  LayerNorm: Layer;
  /** Behind the norm. */
  dropout: Dropout;
  /** The longest text, in tokens. */
  readonly maxPositions: number;

  /** Draws the initial weights. */
  constructor(config: BertConfig) {
    super();
    const { vocabSize, maxPositions, tokenTypes, dim, initializerRange } = config;
    this.word_embeddings = table(vocabSize, dim, initializerRange);
    this.position_embeddings = table(maxPositions, dim, initializerRange);
    this.token_type_embeddings = table(tokenTypes, dim, initializerRange);
    this.LayerNorm = new LayerNorm(dim, { eps: config.normEps });
    this.dropout = new Dropout(config.hiddenDropout);
    this.maxPositions = maxPositions;
  }

  /**
   * Tokens `[batch, time]` or their vectors `[batch, time, dim]` → `[batch, time, dim]`
   *
   * @param before How many positions are taken already.
   */
  forward(input: Tensor, { tokenTypes }: ModelInputs, before: number): Tensor {
    const words = areTokens(input) ? this.word_embeddings.forward(input) : input;
    const places = positions(input.shape[1]!, before, this.maxPositions);
    const types = tokenTypes ?? tensor([0], { dtype: "int32" });
    const sum = words
      .add(this.token_type_embeddings.forward(types))
      .add(this.position_embeddings.forward(places));
    return this.dropout.forward(this.LayerNorm.forward(sum));
  }
}
