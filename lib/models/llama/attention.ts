import type { Layer } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { Attention } from "../attention.ts";
import { projection } from "../init.ts";
import type { AttendInputs } from "../inputs.ts";
import type { LlamaConfig } from "./config.ts";
import { rotate, type Rotation } from "./rotary.ts";

/** Llama's attention: queries and keys are turned by their positions, and several queries may share keys. */
export class LlamaAttention extends Attention {
  /** `[dim]` → `[heads * headDim]`, what each token looks for. */
  q_proj: Layer;
  /** `[dim]` → `[keyValueHeads * headDim]`, what each token is found by. */
  k_proj: Layer;
  /** `[dim]` → `[keyValueHeads * headDim]`, what each token gives. */
  v_proj: Layer;
  /** `[heads * headDim]` → `[dim]`, over all heads. */
  o_proj: Layer;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: LlamaConfig, block: number) {
    const { dim, heads, attentionBias: bias, initializerRange: deviation } = config;
    const keyValueHeads = config.keyValueHeads ?? heads, headDim = config.headDim ?? dim / heads;
    super(
      { dim, heads, keyValueHeads, headDim, causal: true, dropout: config.attentionDropout },
      block,
    );
    this.q_proj = projection(dim, heads * headDim, { deviation, bias });
    this.k_proj = projection(dim, keyValueHeads * headDim, { deviation, bias });
    this.v_proj = projection(dim, keyValueHeads * headDim, { deviation, bias });
    this.o_proj = projection(heads * headDim, dim, { deviation, bias });
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: AttendInputs & { rotation?: Rotation } = {}): Tensor {
    const turned = (x: Tensor) => inputs.rotation ? rotate(x, inputs.rotation) : x;
    const straight = [this.q_proj.forward(input), this.k_proj.forward(input)];
    const [queries, keys] = straight.map(turned), values = this.v_proj.forward(input);
    const mixed = this.attend(queries!, keys!, values, inputs);
    letGo([...straight, queries!, keys!, values], input, mixed);
    const output = inputs.residual
      ? this.o_proj.forwardOnto(inputs.residual, mixed)
      : this.o_proj.forward(mixed);
    letGo([mixed], input, output);
    return output;
  }
}
