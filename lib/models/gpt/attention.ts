import { Dropout, type Layer } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";
import { Attention } from "../attention.ts";
import { projection } from "../init.ts";
import type { AttendInputs } from "../inputs.ts";
import type { GptConfig } from "./config.ts";

/** GPT-2's attention: queries, keys and values come out of one projection. */
export class GptAttention extends Attention {
  /** `[dim]` → `[3 dim]`: queries, keys and values side by side. */
  c_attn: Layer;
  /** `[dim]` → `[dim]`, over all heads. */
  c_proj: Layer;
  /** On what attention adds. */
  resid_dropout: Dropout;

  /** Draws the initial weights of the block of that number, from 0. */
  constructor(config: GptConfig, block: number) {
    const { dim, heads, layers, initializerRange: deviation } = config;
    super({
      dim,
      heads,
      keyValueHeads: heads,
      headDim: dim / heads,
      causal: true,
      dropout: config.attentionDropout,
    }, block);
    this.c_attn = projection(dim, 3 * dim, { deviation });
    // What 2 × layers sums add up shall have the variance of one (Radford et al. 2019).
    this.c_proj = projection(dim, dim, { deviation: deviation / Math.sqrt(2 * layers) });
    this.resid_dropout = new Dropout(config.residualDropout);
  }

  /** `[batch, time, dim]` → `[batch, time, dim]` */
  forward(input: Tensor, inputs: AttendInputs = {}): Tensor {
    const projected = this.c_attn.forward(input), parts = projected.split(this.shape.dim, 2);
    const mixed = this.attend(parts[0]!, parts[1]!, parts[2]!, inputs);
    letGo([projected, ...parts], input, mixed);
    const output = this.#project(mixed, inputs.residual);
    letGo([mixed], input, output);
    return output;
  }

  #project(mixed: Tensor, residual: Tensor | undefined): Tensor {
    if (residual && !this.resid_dropout.active) return this.c_proj.forwardOnto(residual, mixed);
    const projected = this.c_proj.forward(mixed), added = this.resid_dropout.forward(projected);
    const output = residual ? residual.add(added) : added;
    letGo([projected, added], mixed, output);
    return output;
  }
}
