import { Dropout, type Layer, Linear } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import { lastPositions, type ModelInputs } from "../inputs.ts";
import { pool } from "../pooling.ts";
import { Gpt, GptFamily } from "./model.ts";
import type { GptConfig } from "./config.ts";

/** A {@linkcode Gpt} with something on top. */
export abstract class GptWithHead extends GptFamily {
  /** The model without the head. */
  transformer: Gpt;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<GptConfig>, architecture: string, head: string) {
    const transformer = new Gpt(config);
    super(transformer.config, { architecture, body: "transformer", head: [head] });
    this.transformer = transformer;
  }
}

/**
 * GPT-2 as a language model: what comes next, as a score for every token of the vocabulary.
 *
 * @example
 * ```ts
 * import { GptForCausalLM, nextTokenLoss } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 64, maxPositions: 8, dim: 16, layers: 1, heads: 2 });
 * const tokens = tensor([[1, 2, 3, 4]], { dtype: "int32" });
 * const scores = model.eval().forward(tokens);
 * assertEquals(scores.shape, [1, 4, 64]);
 * // An untrained model finds all tokens about equally likely.
 * assertAlmostEquals(nextTokenLoss(scores, tokens).item(), Math.log(64), 0.2);
 * ```
 */
export class GptForCausalLM extends GptWithHead {
  /** `[dim]` → `[vocabSize]`; its weight is the token embeddings' if these are tied. */
  lm_head: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<GptConfig>) {
    super(config, "GPT2LMHeadModel", "lm_head");
    const { dim, vocabSize, tieEmbeddings, initializerRange: deviation } = this.config;
    this.lm_head = tieEmbeddings
      ? new Linear(dim, vocabSize, {
        bias: false,
        weight: (this.transformer.wte as Layer & { weight: Tensor }).weight,
      })
      : projection(dim, vocabSize, { deviation, bias: false });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, vocabSize]`, of the last `logitsToKeep` if given */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const hidden = this.transformer.forward(input, inputs);
    const scored = lastPositions(hidden, inputs.logitsToKeep);
    const scores = this.lm_head.forward(scored);
    letGo([hidden, scored], input, scores);
    return scores;
  }
}

/** GPT-2 that puts each text in a class, by its last token unless `pooling` says otherwise. */
export class GptForSequenceClassification extends GptWithHead {
  /** `[dim]` → a score for each label. */
  score: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<GptConfig>) {
    super(config, "GPT2ForSequenceClassification", "score");
    const { dim, labels, initializerRange: deviation } = this.config;
    this.score = projection(dim, labels.length, { deviation, bias: false });
  }

  /** Tokens `[batch, time]` → scores `[batch, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const hidden = this.transformer.forward(input, inputs);
    return this.score.forward(pool(hidden, this.config.pooling, inputs.mask));
  }
}

/** GPT-2 that puts each token in a class. */
export class GptForTokenClassification extends GptWithHead {
  /** Before the classifier. */
  dropout: Dropout;
  /** `[dim]` → a score for each label. */
  classifier: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<GptConfig>) {
    super(config, "GPT2ForTokenClassification", "classifier");
    const { dim, labels, initializerRange: deviation } = this.config;
    this.dropout = new Dropout(this.config.classifierDropout);
    this.classifier = projection(dim, labels.length, { deviation });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.classifier.forward(this.dropout.forward(this.transformer.forward(input, inputs)));
  }
}

/** GPT-2 that finds the span of a text that answers a question. */
export class GptForQuestionAnswering extends GptWithHead {
  /** `[dim]` → how well a span begins here, how well it ends here. */
  qa_outputs: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<GptConfig>) {
    super(config, "GPT2ForQuestionAnswering", "qa_outputs");
    this.qa_outputs = projection(this.config.dim, 2, { deviation: this.config.initializerRange });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, 2]` of starts and ends; see `spanLoss` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.qa_outputs.forward(this.transformer.forward(input, inputs));
  }
}
