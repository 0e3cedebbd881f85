/**
 * The exercises of lesson 10. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import type { Ia3Parts, Measured, PrefixParts, Situation } from "./types.ts";
import { todo } from "@tunebook/notebook";
import type { Tensor } from "@tunebook/tensor";

/**
 * Exercise 1 (warm-up). What BitFit trains.
 *
 * @param names The names of a model's parameters, such as `h.0.attn.c_attn.bias`.
 * @returns The names of the biases: those whose last part is `bias`. Order doesn't matter.
 */
export function biasNames(names: readonly string[]): string[] {
  // TODO: keep the names of biases.
  return todo(names);
}

/**
 * Exercise 2. A prefix in attention, by hand: `softmax(Q [P; K]ᵀ / √dim) [P′; V]`. Every token sees
 * the whole prefix and all tokens.
 *
 * @param parts Queries, keys, values and the prefix.
 * @returns `[time, dim]`; gradients flow to the prefix.
 */
export function attendWithPrefix(parts: PrefixParts): Tensor {
  // TODO: `concat([a, b], 0)` of @tunebook/tensor puts one above the other; `softmax(1)` follows.
  return todo(parts);
}

/**
 * Exercise 3. IA³ by hand: a factor for each thing that comes out of a layer, or, in the feed-forward,
 * for each that goes in.
 *
 * @param input x, `[batch, dim]`.
 * @param parts The weights.
 * @returns `[batch, dim]`; gradients flow to the factors.
 */
export function ia3Forward(input: Tensor, parts: Ia3Parts): Tensor {
  // TODO: the layer is `input.matmul(weight.transpose(0, 1)).add(bias)`. Where do the factors go?
  return todo(input, parts);
}

/**
 * Exercise 4 (design). Choose a method.
 *
 * @param methods What was measured.
 * @param situation What is needed.
 * @returns Of the methods that fit, those at most `tolerance` below the best of them are good enough;
 * the name of the one among these that trains least. `null` if none fits.
 */
export function chooseMethod(methods: readonly Measured[], situation: Situation): string | null {
  // TODO: first what fits, then what is good enough, then the smallest.
  return todo(methods, situation);
}
