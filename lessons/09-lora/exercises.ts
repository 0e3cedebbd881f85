/**
 * The exercises of lesson 09. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import type { LayerSize, LoraParts, LoraSetting } from "./types.ts";
import { todo } from "@tunebook/notebook";
import type { Tensor } from "@tunebook/tensor";

/**
 * Exercise 1 (warm-up). How many parameters LoRA trains.
 *
 * @param layers The layers that LoRA stands beside.
 * @param rank The rank r: A is `[rank, inputs]`, B is `[outputs, rank]`.
 * @returns How many numbers A and B hold, of all layers together.
 */
export function loraParameters(layers: readonly LayerSize[], rank: number): number {
  // TODO: count what A holds and what B holds, for each layer.
  return todo(layers, rank);
}

/**
 * Exercise 2. A LoRA layer by hand: `x Wᵀ + b + (α / rank) (x Aᵀ) Bᵀ`.
 *
 * @param input x, `[batch, inputs]`.
 * @param parts The weights. The rank is the number of rows of A.
 * @returns `[batch, outputs]`; gradients flow to A and to B.
 */
export function loraForward(input: Tensor, parts: LoraParts): Tensor {
  // TODO: `matmul` multiplies, `transpose(0, 1)` turns a matrix, `mul` and `add` do the rest.
  return todo(input, parts);
}

/**
 * Exercise 3. Merging by hand.
 *
 * @param parts The weights, as in exercise 2.
 * @returns One weight, `[outputs, inputs]`, that does what W and LoRA do together. The W given stays
 * as it is.
 */
export function mergedWeight(parts: LoraParts): Tensor {
  // TODO: what is added to W?
  return todo(parts);
}

/**
 * Exercise 4 (design). You found a good learning rate with one setting, and want to try another rank
 * without tuning anew. Choose α so that what is learned counts as much as before.
 *
 * @param known The setting that works.
 * @param rank The new rank.
 * @param rslora Whether the new setting divides by √rank.
 * @returns The new α.
 */
export function alphaFor(known: LoraSetting, rank: number, rslora: boolean): number {
  // TODO: compute the factor of the known setting, then which α gives it at the new rank.
  return todo(known, rank, rslora);
}
