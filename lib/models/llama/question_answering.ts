import type { Layer } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
import { type Anatomy, withHead } from "../model.ts";
import type { LlamaConfig } from "./config.ts";
import { Llama, LlamaFamily } from "./model.ts";

/**
 * Llama that finds the span of a text that answers a question. Its body is called `transformer`, not
 * `model` as in its siblings: so it is in Hugging Face's files.
 */
export class LlamaForQuestionAnswering extends LlamaFamily {
  /** The model without the head. */
  transformer: Llama;
  /** `[dim]` → how well a span begins here, how well it ends here. */
  qa_outputs: Layer;

  constructor(config: ConfigOptions<LlamaConfig>) {
    const transformer = new Llama(config);
    super(transformer.config);
    this.transformer = transformer;
    this.qa_outputs = projection(this.config.dim, 2, { deviation: this.config.initializerRange });
  }

  get architecture(): string {
    return "LlamaForQuestionAnswering";
  }

  get bodyName(): string {
    return "transformer";
  }

  get anatomy(): Anatomy {
    return withHead(this.transformer.anatomy, "transformer", ["qa_outputs"]);
  }

  /** A file of a sibling says `model.` where this one says `transformer.`. */
  protected override presentName(stored: string): string {
    return stored.replace(/^model\./, "transformer.");
  }

  /** Tokens `[batch, time]` → scores `[batch, time, 2]` of starts and ends; see `spanLoss` */
  forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    return this.qa_outputs.forward(this.transformer.forward(input, inputs));
  }
}
