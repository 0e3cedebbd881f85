import type { Layer } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { projection } from "../init.ts";
import type { ModelInputs } from "../inputs.ts";
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

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<LlamaConfig>) {
    const transformer = new Llama(config);
    super(transformer.config, {
      architecture: "LlamaForQuestionAnswering",
      body: "transformer",
      head: ["qa_outputs"],
    });
    this.transformer = transformer;
    this.qa_outputs = projection(this.config.dim, 2, { deviation: this.config.initializerRange });
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
