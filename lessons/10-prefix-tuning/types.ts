/**
 * What the exercises of lesson 10 are about.
 *
 * @module
 */

import type { Tensor } from "@tunebook/tensor";

/** What attention with a prefix is given. One text, one head. */
export interface PrefixParts {
  /** `[time, dim]` */
  queries: Tensor;
  /** `[time, dim]` */
  keys: Tensor;
  /** `[time, dim]` */
  values: Tensor;
  /** `[length, dim]`, trains. */
  prefixKeys: Tensor;
  /** `[length, dim]`, trains. */
  prefixValues: Tensor;
}

/** A linear layer with IA³. */
export interface Ia3Parts {
  /** W, `[dim, dim]`, frozen. */
  weight: Tensor;
  /** b, `[dim]`, frozen. */
  bias: Tensor;
  /** l, `[dim]`, trains. */
  factors: Tensor;
  /** Whether it is the feed-forward's second layer: the factors are for what goes in. */
  isFeedforward: boolean;
}

/** What is known about a method. */
export interface Measured {
  /** Its name. */
  name: string;
  /** Its accuracy. */
  accuracy: number;
  /** How many parameters it trains, which is what a task's file holds. */
  parameters: number;
  /** Whether it can be made part of the weights, so that it costs no time in use. */
  mergeable: boolean;
}

/** What somebody needs. */
export interface Situation {
  /** The most parameters that a task may take. */
  mostParameters: number;
  /** Whether the model in use must be as fast as the base. */
  mustMerge: boolean;
  /** How much accuracy one would give up for fewer parameters. */
  tolerance: number;
}
