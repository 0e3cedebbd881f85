import { type Layer, Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import { type Anatomy, type Identity, TextModel } from "../model.ts";
import { BertEncoder } from "./block.ts";
import { type BertConfig, bertConfigFormat } from "./config.ts";
import { BertEmbeddings } from "./embeddings.ts";

/** What all models of this family say of themselves. */
export abstract class BertFamily extends TextModel<BertConfig> {
  /** Adds what the family has in common to what a class is. */
  constructor(config: BertConfig, identity: Omit<Identity, "format" | "bodyPrefix">) {
    super(config, { format: bertConfigFormat, bodyPrefix: "bert", ...identity });
  }

  /** The first published files call a norm's weight and bias gamma and beta. */
  protected override presentName(stored: string): string {
    return stored.replace(/\.gamma$/, ".weight").replace(/\.beta$/, ".bias");
  }

  /** A head, or the pooler. */
  protected override mayBeNew(parameter: string): boolean {
    // Models for other tasks are stored without it.
    return super.mayBeNew(parameter) || /(^|\.)pooler\./.test(parameter);
  }
}

/** Makes one vector of a text's first. */
export class BertPooler extends Module {
  /** `[dim]` → `[dim]` */
  dense: Layer;

  /** Draws the initial weights. */
  constructor({ dim, initializerRange: deviation }: BertConfig) {
    super();
    this.dense = projection(dim, dim, { deviation });
  }

  /** `[batch, dim]` → `[batch, dim]` */
  forward(first: Tensor): Tensor {
    return this.dense.forwardInto("tanh", first);
  }
}

/** Whether a {@linkcode Bert} has its pooler. */
export interface BertParts {
  /** Only needed by those who classify texts by their first token; there unless `false`. */
  pooler?: boolean;
}

/**
 * BERT without a head, MiniLM's and many others' form: tokens to vectors, each knowing all the others
 * ([Devlin et al. 2019](https://arxiv.org/abs/1810.04805)).
 *
 * @example
 * ```ts
 * import { Bert } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Bert({ vocabSize: 100, dim: 8, layers: 2, heads: 2, hidden: 16 });
 * const tokens = tensor([[5, 99, 0], [7, 0, 0]], { dtype: "int32" });
 * const mask = tensor([[1, 1, 1], [1, 0, 0]], { dtype: "int32" });
 * assertEquals(model.forward(tokens, { mask }).shape, [2, 3, 8]);
 * ```
 */
export class Bert extends BertFamily {
  /** Tokens to vectors. */
  embeddings: BertEmbeddings;
  /** The blocks. */
  encoder: BertEncoder;
  /** One vector for a text, where a head needs it. */
  pooler: BertPooler | undefined;

  /** Draws the initial weights; what the configuration leaves out is as in BERT-base. */
  constructor(config: ConfigOptions<BertConfig>, { pooler = true }: BertParts = {}) {
    super(bertConfigFormat.complete(config), { architecture: "BertModel" });
    this.embeddings = new BertEmbeddings(this.config);
    this.encoder = new BertEncoder(this.config);
    this.pooler = pooler ? new BertPooler(this.config) : undefined;
  }

  /** Where the parts are. */
  override get anatomy(): Anatomy {
    return {
      embeddings: ["embeddings"],
      blocks: this.encoder.layer.map((_, i) => `encoder.layer.${i}`),
      final: this.pooler ? ["pooler"] : [],
      head: [],
    };
  }

  /** Tokens `[batch, time]` or embeddings `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const prefix = this.encoder.layer[0]?.attention.self.prefix?.length ?? 0;
    const embedded = this.embeddings.forward(input, inputs, prefix);
    inputs.trace?.hiddenStates?.push(embedded);
    return this.encoder.forward(embedded, inputs);
  }
}
