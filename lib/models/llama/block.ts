import { type ActivationName, Layer, Module, RMSNorm } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import { LlamaAttention } from "./attention.ts";
import type { LlamaConfig } from "./config.ts";
import type { Rotation } from "./rotary.ts";

/** The half of a block that looks at each token alone, its hidden values gated (SwiGLU). */
export class LlamaFeedForward extends Layer {
  /** `[dim]` → `[hidden]`, through the activation: how much of each value passes. */
  gate_proj: Layer;
  /** `[dim]` → `[hidden]` */
  up_proj: Layer;
  /** `[hidden]` → `[dim]` */
  down_proj: Layer;
  /** The gate's function. */
  readonly activation: ActivationName;

  /** Draws the initial weights. */
  constructor({ dim, hidden, feedForwardBias: bias, activation, ...config }: LlamaConfig) {
    super();
    const { initializerRange: deviation } = config;
    this.gate_proj = projection(dim, hidden, { deviation, bias });
    this.up_proj = projection(dim, hidden, { deviation, bias });
    this.down_proj = projection(hidden, dim, { deviation, bias });
    this.activation = activation;
  }

  /** `[..., dim]` → `[..., dim]` */
  forward(input: Tensor): Tensor {
    const hidden = this.#hidden(input), output = this.down_proj.forward(hidden);
    letGo([hidden], input, output);
    return output;
  }

  /** `residual + forward(input)`, in one pass where it can be. */
  override forwardOnto(residual: Tensor, input: Tensor): Tensor {
    const hidden = this.#hidden(input), output = this.down_proj.forwardOnto(residual, hidden);
    letGo([hidden], input, output);
    return output;
  }

  #hidden(input: Tensor): Tensor {
    const gate = this.gate_proj.forwardInto(this.activation, input);
    const up = this.up_proj.forward(input), hidden = gate.mul(up);
    letGo([gate, up], input, hidden);
    return hidden;
  }

  /** What tells it from others of its class. */
  override describe(): string {
    return `${this.activation}, gated`;
  }
}

/** A block of Llama: each half normalises what it reads and adds to what came in. */
export class LlamaBlock extends Module {
  /** Before attention. */
  input_layernorm: Layer;
  /** Where tokens exchange. */
  self_attn: LlamaAttention;
  /** Before the feed-forward. */
  post_attention_layernorm: Layer;
  /** Where each token is alone. */
  mlp: Layer;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: LlamaConfig, block: number) {
    super();
    this.input_layernorm = new RMSNorm(config.dim, { eps: config.normEps });
    this.self_attn = new LlamaAttention(config, block);
    this.post_attention_layernorm = new RMSNorm(config.dim, { eps: config.normEps });
    this.mlp = new LlamaFeedForward(config);
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: ModelInputs & { rotation?: Rotation } = {}): Tensor {
    const normal = this.input_layernorm.forward(input);
    const x = this.self_attn.forward(normal, { ...inputs, residual: input });
    const normalAgain = this.post_attention_layernorm.forward(x);
    const output = this.mlp.forwardOnto(x, normalAgain);
    letGo([normal, x, normalAgain], input, output);
    return output;
  }
}
