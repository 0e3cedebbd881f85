/**
 * The exercises of lesson 03. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import type { Step } from "./types.ts";
import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). Which parameters train?
 *
 * @param names The names of all parameters, such as `h.1.attn.weight`.
 * @param modules Modules that shall train, such as `h.1`; everything else is frozen.
 * @returns The names of the parameters that belong to one of the modules, in the order of `names`.
 */
export function whatTrains(names: readonly string[], modules: readonly string[]): string[] {
  // TODO: a parameter belongs to `h.1` if its name begins with that module's path.
  return todo(names, modules);
}

/**
 * Exercise 2. How much memory does a training step need, without the activations?
 *
 * A number is a float32: 4 bytes.
 *
 * @param parameters How many numbers the model holds.
 * @param trained How many of them train.
 * @param slots How many numbers the optimizer keeps for each that trains: 2 for Adam.
 * @returns The bytes of weights, gradients and optimizer state together.
 */
export function trainingBytes(parameters: number, trained: number, slots: number): number {
  // TODO: which of the three does a frozen weight need?
  return todo(parameters, trained, slots);
}

/**
 * Exercise 3. A training step by hand, with a trained layer between two frozen ones:
 *
 * `h = relu(x · firstᵀ)`, `z = relu(h · middleᵀ)`, `y = z · lastᵀ`.
 *
 * The loss is the mean of `(y - target)²` over all numbers of `y`. Only `middle` trains, by plain
 * gradient descent. Change none of the arrays you are given.
 *
 * @param x `[batch, inputs]`
 * @param target `[batch, outputs]`
 * @param layers `first` `[a, inputs]`, `middle` `[b, a]`, `last` `[outputs, b]`
 * @param learningRate How far to go against the gradient.
 */
export function frozenStep(
  x: readonly (readonly number[])[],
  target: readonly (readonly number[])[],
  layers: {
    readonly first: readonly (readonly number[])[];
    readonly middle: readonly (readonly number[])[];
    readonly last: readonly (readonly number[])[];
  },
  learningRate: number,
): Step {
  // TODO: go forward and keep h and z; then go back, from y through last to middle, and stop.
  return todo(x, target, layers, learningRate);
}

/**
 * Exercise 4. The schedule of gradual unfreezing.
 *
 * At first only the last place trains, the head. Every `every` steps one more thaws, until all train.
 *
 * @param places The places of a model from the input to the output, such as
 * `["embeddings", "h.0", "h.1", "head"]`.
 * @param step How many steps have been taken, from 0.
 * @param every Steps from one thaw to the next.
 * @returns What trains in the next step, from the output to the input.
 */
export function thawedAt(places: readonly string[], step: number, every: number): string[] {
  // TODO: how many places have thawed by now?
  return todo(places, step, every);
}

/**
 * Exercise 5 (a small design task). Freeze as little as your memory allows.
 *
 * Weights, gradients and Adam's two numbers for each weight that trains must fit in `budget` bytes.
 * Freezing goes from the input up, and the last place, the head, always trains.
 *
 * @param sizes How many parameters each place has, from the input to the output.
 * @param budget Bytes, without the activations.
 * @returns How many places to freeze, counted from the input: as few as possible; `null` if it
 * doesn't fit even with everything but the head frozen.
 */
export function placesToFreeze(sizes: readonly number[], budget: number): number | null {
  // TODO: try 0 places, then 1, …; exercise 2 says what each would take.
  return todo(sizes, budget);
}
