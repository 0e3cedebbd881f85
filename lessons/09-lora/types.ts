/**
 * What the exercises of lesson 09 are about.
 *
 * @module
 */

import type { Tensor } from "@tunebook/tensor";

/** The sizes of a linear layer. */
export interface LayerSize {
  /** How many numbers go in. */
  inputs: number;
  /** How many come out. */
  outputs: number;
}

/** A linear layer with LoRA beside it. */
export interface LoraParts {
  /** W, `[outputs, inputs]`, frozen. */
  weight: Tensor;
  /** b, `[outputs]`, frozen. */
  bias: Tensor;
  /** A, `[rank, inputs]`, trains. */
  a: Tensor;
  /** B, `[outputs, rank]`, trains. */
  b: Tensor;
  /** α: what is learned counts α / rank times. */
  alpha: number;
}

/** How LoRA is set up. */
export interface LoraSetting {
  /** The rank. */
  rank: number;
  /** α. */
  alpha: number;
  /** Whether the factor is α / √rank (rsLoRA) and not α / rank. */
  rslora: boolean;
}
