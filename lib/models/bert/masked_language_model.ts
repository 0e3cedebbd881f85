import { type ActivationName, type Layer, LayerNorm, Linear, Module } from "@tunebook/nn";
import { type Tensor, zeros } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import type { BertConfig } from "./config.ts";
import { BertWithHead } from "./heads.ts";

/** What a vector goes through before it is compared with the tokens'. */
export class BertPredictionTransform extends Module {
  /** `[dim]` → `[dim]` */
  dense: Layer;
  /** Behind the activation. */
  LayerNorm: Layer;
  /** Behind `dense`. */
  readonly activation: ActivationName;

  /** Draws the initial weights. */
  constructor({ dim, initializerRange: deviation, normEps: eps, activation }: BertConfig) {
    super();
    this.dense = projection(dim, dim, { deviation });
    this.LayerNorm = new LayerNorm(dim, { eps });
    this.activation = activation;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    return this.LayerNorm.forward(this.dense.forwardInto(this.activation, input));
  }
}

/** Vectors to scores for every token of the vocabulary. */
export class BertPredictions extends Module {
  /** `[vocabSize]`, the decoder's own under the name files have for it. */
  bias: Tensor;
  /** What comes first. */
  transform: BertPredictionTransform;
  /** `[dim]` → `[vocabSize]` */
  decoder: Linear;

  /** Draws the initial weights. */
  constructor(config: BertConfig, words: Tensor) {
    super();
    const { dim, vocabSize, tieEmbeddings, initializerRange: deviation } = config;
    this.bias = zeros([vocabSize], { requiresGrad: true });
    this.transform = new BertPredictionTransform(config);
    this.decoder = tieEmbeddings
      ? new Linear(dim, vocabSize, { weight: words, bias: false })
      : projection(dim, vocabSize, { deviation, bias: false });
    this.decoder.bias = this.bias;
  }

  /** `[..., dim]` → `[..., vocabSize]` */
  forward(hidden: Tensor): Tensor {
    return this.decoder.forward(this.transform.forward(hidden));
  }
}

/** What files call `cls`. */
export class BertMaskedLanguageModelHead extends Module {
  /** Vectors to scores. */
  predictions: BertPredictions;

  /** Draws the initial weights. */
  constructor(config: BertConfig, words: Tensor) {
    super();
    this.predictions = new BertPredictions(config, words);
  }
}

/**
 * BERT as it is pretrained: tokens hidden behind `[MASK]` are guessed from both sides.
 *
 * @example
 * ```ts
 * import { BertForMaskedLM } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new BertForMaskedLM({ vocabSize: 100, dim: 8, layers: 1, heads: 2, hidden: 16 });
 * assertEquals(model.forward(tensor([[5, 99, 0]], { dtype: "int32" })).shape, [1, 3, 100]);
 * ```
 */
export class BertForMaskedLM extends BertWithHead {
  /** `[dim]` → `[vocabSize]`; its weight is the token embeddings' if these are tied. */
  cls: BertMaskedLanguageModelHead;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<BertConfig>) {
    super(config, "BertForMaskedLM", "cls", { pooler: false });
    const words = this.bert.embeddings.word_embeddings as Layer & { weight: Tensor };
    this.cls = new BertMaskedLanguageModelHead(this.config, words.weight);
  }

  /** Tokens `[batch, time]` → scores `[batch, time, vocabSize]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.cls.predictions.forward(this.bert.forward(input, inputs));
  }
}
