import { type ActivationName, Dropout, Layer, LayerNorm, Module } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import { GptAttention } from "./attention.ts";
import type { GptConfig } from "./config.ts";

/** The half of a block that looks at each token alone. */
export class GptFeedForward extends Layer {
  /** `[dim]` → `[hidden]` */
  c_fc: Layer;
  /** `[hidden]` → `[dim]` */
  c_proj: Layer;
  /** On what it adds. */
  dropout: Dropout;
  /** The function between the layers. */
  readonly activation: ActivationName;

  /** Draws the initial weights. */
  constructor({ dim, hidden, layers, activation, ...config }: GptConfig) {
    super();
    const { initializerRange: deviation } = config;
    this.c_fc = projection(dim, hidden ?? 4 * dim, { deviation });
    this.c_proj = projection(hidden ?? 4 * dim, dim, {
      deviation: deviation / Math.sqrt(2 * layers),
    });
    this.dropout = new Dropout(config.residualDropout);
    this.activation = activation;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    const hidden = this.c_fc.forwardInto(this.activation, input);
    const projected = this.c_proj.forward(hidden), output = this.dropout.forward(projected);
    letGo([hidden, projected], input, output);
    return output;
  }

  /** `residual + forward(input)`, in one pass where it can be. */
  override forwardOnto(residual: Tensor, input: Tensor): Tensor {
    if (this.dropout.active) return super.forwardOnto(residual, input);
    const hidden = this.c_fc.forwardInto(this.activation, input);
    const output = this.c_proj.forwardOnto(residual, hidden);
    letGo([hidden], input, output);
    return output;
  }

  /** What tells it from others of its class. */
  override describe(): string {
    return this.activation;
  }
}

/** A block of GPT-2: each half normalises what it reads and adds to what came in. */
export class GptBlock extends Module {
  /** Before attention. */
  ln_1: Layer;
  /** Where tokens exchange. */
  attn: GptAttention;
  /** Before the feed-forward. */
  ln_2: Layer;
  /** Where each token is alone. */
  mlp: Layer;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: GptConfig, block: number) {
    super();
    this.ln_1 = new LayerNorm(config.dim, { eps: config.normEps });
    this.attn = new GptAttention(config, block);
    this.ln_2 = new LayerNorm(config.dim, { eps: config.normEps });
    this.mlp = new GptFeedForward(config);
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const normal = this.ln_1.forward(input);
    const x = this.attn.forward(normal, { ...inputs, residual: input });
    const normalAgain = this.ln_2.forward(x), output = this.mlp.forwardOnto(x, normalAgain);
    letGo([normal, x, normalAgain], input, output);
    return output;
  }
}
