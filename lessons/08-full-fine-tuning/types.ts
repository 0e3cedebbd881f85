/**
 * What the exercises of lesson 08 are about.
 *
 * @module
 */

/** What AdamW knows about one parameter tensor, as plain lists of equal length. */
export interface AdamWState {
  /** The parameter's numbers. */
  weights: readonly number[];
  /** m, the running mean of the gradient. */
  mean: readonly number[];
  /** v, the running mean of the gradient's square. */
  square: readonly number[];
}

/** AdamW's settings. */
export interface AdamWSettings {
  /** η, the learning rate. */
  learningRate: number;
  /** β₁ and β₂. */
  betas: readonly [number, number];
  /** ε. */
  eps: number;
  /** λ, how strongly weights are pulled towards zero. */
  weightDecay: number;
}

/** A parameter tensor of a model. */
export interface NamedParameter {
  /** Where it is in the model, such as `h.0.mlp.c_fc.weight`. */
  name: string;
  /** Its sizes. */
  shape: readonly number[];
  /** Whether it trains. */
  trains: boolean;
}

/** A machine and a model for it. */
export interface Situation {
  /** The machine's memory, in bytes. */
  memory: number;
  /** What activations of a batch take, in bytes, whichever the plan. */
  activations: number;
  /** The model's parameters. */
  parameters: number;
  /** Parameters that LoRA would add. */
  added: number;
}

/** A way of fine-tuning, or `none` if the machine is too small for all. */
export type Plan = "full" | "lora" | "qlora" | "none";
