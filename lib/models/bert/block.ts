import { type ActivationName, type Layer, Module } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { projection } from "../init.ts";
import { throughBlocks } from "../blocks.ts";
import type { ModelInputs } from "../inputs.ts";
import { BertAttention, BertOutput } from "./attention.ts";
import type { BertConfig } from "./config.ts";

/** The wide middle of the feed-forward half. */
export class BertIntermediate extends Module {
  /** `[dim]` → `[hidden]` */
  dense: Layer;
  /** The function behind it. */
  readonly activation: ActivationName;

  /** Draws the initial weights. */
  constructor({ dim, hidden, initializerRange: deviation, activation }: BertConfig) {
    super();
    this.dense = projection(dim, hidden, { deviation });
    this.activation = activation;
  }

  /** `[..., dim]` → `[..., hidden]` */
  forward(input: Tensor): Tensor {
    return this.dense.forwardInto(this.activation, input);
  }

  /** What tells it from others of its class. */
  override describe(): string {
    return this.activation;
  }
}

/** A block of BERT: each half adds to what came in and normalises the sum. */
export class BertBlock extends Module {
  /** Where tokens exchange. */
  attention: BertAttention;
  /** Where each token is alone: up … */
  intermediate: BertIntermediate;
  /** … and down again. */
  output: BertOutput;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: BertConfig, block: number) {
    super();
    this.attention = new BertAttention(config, block);
    this.intermediate = new BertIntermediate(config);
    this.output = new BertOutput(config.hidden, config);
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const x = this.attention.forward(input, inputs), hidden = this.intermediate.forward(x);
    const output = this.output.forward(hidden, x);
    letGo([x, hidden], input, output);
    return output;
  }
}

/** All blocks. */
export class BertEncoder extends Module {
  /** The first nearest to the input. */
  layer: BertBlock[];

  /** Draws the initial weights. */
  constructor(config: BertConfig) {
    super();
    this.layer = Array.from({ length: config.layers }, (_, block) => new BertBlock(config, block));
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return throughBlocks(input, this.layer, inputs);
  }
}
