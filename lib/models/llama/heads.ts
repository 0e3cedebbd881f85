import { Dropout, type Layer, Linear } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import { lastPositions, type ModelInputs } from "../inputs.ts";
import { pool } from "../pooling.ts";
import type { LlamaConfig } from "./config.ts";
import { Llama, LlamaFamily } from "./model.ts";

/** A {@linkcode Llama} with something on top. */
export abstract class LlamaWithHead extends LlamaFamily {
  /** The model without the head. */
  model: Llama;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<LlamaConfig>, architecture: string, head: string) {
    const model = new Llama(config);
    super(model.config, { architecture, body: "model", head: [head] });
    this.model = model;
  }
}

/** Llama as a language model: what comes next, as a score for every token of the vocabulary. */
export class LlamaForCausalLM extends LlamaWithHead {
  /** `[dim]` → `[vocabSize]`; its weight is the token embeddings' if these are tied. */
  lm_head: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<LlamaConfig>) {
    super(config, "LlamaForCausalLM", "lm_head");
    const { dim, vocabSize, tieEmbeddings, initializerRange: deviation } = this.config;
    const words = this.model.embed_tokens as Layer & { weight: Tensor };
    this.lm_head = tieEmbeddings
      ? new Linear(dim, vocabSize, { bias: false, weight: words.weight })
      : projection(dim, vocabSize, { deviation, bias: false });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, vocabSize]`, of the last `logitsToKeep` if given */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const hidden = this.model.forward(input, inputs);
    return this.lm_head.forward(lastPositions(hidden, inputs.logitsToKeep));
  }
}

/** Llama that puts each text in a class, by its last token unless `pooling` says otherwise. */
export class LlamaForSequenceClassification extends LlamaWithHead {
  /** `[dim]` → a score for each label. */
  score: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<LlamaConfig>) {
    super(config, "LlamaForSequenceClassification", "score");
    const { dim, labels, initializerRange: deviation } = this.config;
    this.score = projection(dim, labels.length, { deviation, bias: false });
  }

  /** Tokens `[batch, time]` → scores `[batch, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const hidden = this.model.forward(input, inputs);
    return this.score.forward(pool(hidden, this.config.pooling, inputs.mask));
  }
}

/** Llama that puts each token in a class. */
export class LlamaForTokenClassification extends LlamaWithHead {
  /** Before the classifier. */
  dropout: Dropout;
  /** `[dim]` → a score for each label. */
  score: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<LlamaConfig>) {
    super(config, "LlamaForTokenClassification", "score");
    const { dim, labels, initializerRange: deviation } = this.config;
    this.dropout = new Dropout(this.config.classifierDropout);
    this.score = projection(dim, labels.length, { deviation });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.score.forward(this.dropout.forward(this.model.forward(input, inputs)));
  }
}
