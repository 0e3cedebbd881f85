import { Dropout, type Layer } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import { pool } from "../pooling.ts";
import type { BertConfig } from "./config.ts";
import { Bert, BertFamily, type BertParts } from "./model.ts";

/** A {@linkcode Bert} with something on top. */
export abstract class BertWithHead extends BertFamily {
  /** The model without the head. */
  bert: Bert;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(
    config: ConfigOptions<BertConfig>,
    architecture: string,
    head: string,
    parts: BertParts,
  ) {
    const bert = new Bert(config, parts);
    super(bert.config, { architecture, body: "bert", head: [head] });
    this.bert = bert;
  }
}

/**
 * BERT that puts each text in a class.
 *
 * @example
 * ```ts
 * import { BertForSequenceClassification } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { vocabSize: 100, dim: 8, layers: 2, heads: 2, hidden: 16 };
 * const model = new BertForSequenceClassification({ ...size, labels: ["ham", "spam"] });
 * assertEquals(model.forward(tensor([[5, 99, 0]], { dtype: "int32" })).shape, [1, 2]);
 * ```
 */
export class BertForSequenceClassification extends BertWithHead {
  /** Before the classifier. */
  dropout: Dropout;
  /** `[dim]` → a score for each label. */
  classifier: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<BertConfig>) {
    super(config, "BertForSequenceClassification", "classifier", {
      pooler: (config.pooling ?? "first") === "first",
    });
    const { dim, labels, initializerRange: deviation } = this.config;
    this.dropout = new Dropout(this.config.classifierDropout ?? this.config.hiddenDropout);
    this.classifier = projection(dim, labels.length, { deviation });
  }

  /** Tokens `[batch, time]` → scores `[batch, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const hidden = this.bert.forward(input, inputs);
    const pooled = pool(hidden, this.config.pooling, inputs.mask);
    const vector = this.bert.pooler?.forward(pooled) ?? pooled;
    return this.classifier.forward(this.dropout.forward(vector));
  }
}

/** BERT that puts each token in a class. */
export class BertForTokenClassification extends BertWithHead {
  /** Before the classifier. */
  dropout: Dropout;
  /** `[dim]` → a score for each label. */
  classifier: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<BertConfig>) {
    super(config, "BertForTokenClassification", "classifier", { pooler: false });
    const { dim, labels, initializerRange: deviation } = this.config;
    this.dropout = new Dropout(this.config.classifierDropout ?? this.config.hiddenDropout);
    this.classifier = projection(dim, labels.length, { deviation });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, labels]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.classifier.forward(this.dropout.forward(this.bert.forward(input, inputs)));
  }
}

/** BERT that finds the span of a text that answers a question. */
export class BertForQuestionAnswering extends BertWithHead {
  /** `[dim]` → how well a span begins here, how well it ends here. */
  qa_outputs: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<BertConfig>) {
    super(config, "BertForQuestionAnswering", "qa_outputs", { pooler: false });
    this.qa_outputs = projection(this.config.dim, 2, { deviation: this.config.initializerRange });
  }

  /** Tokens `[batch, time]` → scores `[batch, time, 2]` of starts and ends; see `spanLoss` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.qa_outputs.forward(this.bert.forward(input, inputs));
  }
}
