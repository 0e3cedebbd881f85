import { Dropout, type Layer, LayerNorm, Module } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { Attention } from "../attention.ts";
import { projection } from "../init.ts";
import type { AttendInputs, ModelInputs } from "../inputs.ts";
import type { BertConfig } from "./config.ts";

/** Where tokens exchange, in both directions. */
export class BertSelfAttention extends Attention {
  /** `[dim]` → `[dim]`, what each token looks for. */
  query: Layer;
  /** `[dim]` → `[dim]`, what each token is found by. */
  key: Layer;
  /** `[dim]` → `[dim]`, what each token gives. */
  value: Layer;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: BertConfig, block: number) {
    const { dim, heads, initializerRange: deviation } = config;
    super({
      dim,
      heads,
      keyValueHeads: heads,
      headDim: dim / heads,
      causal: false,
      dropout: config.attentionDropout,
    }, block);
    this.query = projection(dim, dim, { deviation });
    this.key = projection(dim, dim, { deviation });
    this.value = projection(dim, dim, { deviation });
  }

  /** `[batch, time, dim]` → `[batch, time, dim]`, before the output's projection */
  forward(input: Tensor, inputs: AttendInputs = {}): Tensor {
    const queries = this.query.forward(input), keys = this.key.forward(input);
    const values = this.value.forward(input);
    const mixed = this.attend(queries, keys, values, inputs);
    letGo([queries, keys, values], input, mixed);
    return mixed;
  }
}

/** What ends each half of a block: a projection, added to what came in, and normalised. */
export class BertOutput extends Module {
  /** `[inputs]` → `[dim]` */
  dense: Layer;
  /** On the sum. */
  LayerNorm: Layer;
  /** On what is added. */
  dropout: Dropout;

  /** Draws the initial weights. */
  constructor(inputs: number, config: BertConfig) {
    super();
    this.dense = projection(inputs, config.dim, { deviation: config.initializerRange });
    this.LayerNorm = new LayerNorm(config.dim, { eps: config.normEps });
    this.dropout = new Dropout(config.hiddenDropout);
  }

  /** `[..., inputs]` → `[..., dim]` */
  forward(input: Tensor, residual: Tensor): Tensor {
    const sum = this.dropout.active
      ? this.#dropped(input, residual)
      : this.dense.forwardOnto(residual, input);
    const output = this.LayerNorm.forward(sum);
    letGo([sum], input, output);
    return output;
  }

  #dropped(input: Tensor, residual: Tensor): Tensor {
    const projected = this.dense.forward(input), added = this.dropout.forward(projected);
    const sum = residual.add(added);
    letGo([projected, added], input, sum);
    return sum;
  }
}

/** The attention half of a block. */
export class BertAttention extends Module {
  /** Where tokens exchange. */
  self: BertSelfAttention;
  /** Over all heads, and the norm. */
  output: BertOutput;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: BertConfig, block: number) {
    super();
    this.self = new BertSelfAttention(config, block);
    this.output = new BertOutput(config.dim, config);
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const mixed = this.self.forward(input, inputs), output = this.output.forward(mixed, input);
    letGo([mixed], input, output);
    return output;
  }
}
