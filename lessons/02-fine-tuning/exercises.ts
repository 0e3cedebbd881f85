/**
 * The exercises of lesson 02. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import type { Parameter, Trial } from "./types.ts";
import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). How many numbers training changes.
 *
 * @param parameters The parameters of a network.
 * @returns How many numbers those that train hold, all together.
 */
export function countTrained(parameters: readonly Parameter[]): number {
  // TODO: multiply the sizes of each that trains, and add up.
  return todo(parameters);
}

/**
 * Exercise 2. One step of gradient descent.
 *
 * @param weights The weights before.
 * @param gradient How the loss rises with each weight.
 * @param learningRate How far to go.
 * @returns The weights after, as a new array.
 */
export function descend(
  weights: readonly number[],
  gradient: readonly number[],
  learningRate: number,
): number[] {
  // TODO: downhill.
  return todo(weights, gradient, learningRate);
}

/**
 * Exercise 3. Which learning rate to take.
 *
 * @param trials What each rate gave.
 * @returns The rate with the best validation score; of equal ones that with the lowest validation
 * loss. A rate at which training broke down is never chosen.
 */
export function chooseRate(trials: readonly Trial[]): number {
  // TODO: which figure counts, and which doesn't?
  return todo(trials);
}

/**
 * Exercise 4 (stretch). A whole training step of a head, by hand.
 *
 * @param features `[batch][dim]`: what the frozen body says about each text.
 * @param labels `[batch]`: the right class of each.
 * @param weights `[classes][dim]`: the head. A class's score is the sum of products of its row with
 * the features.
 * @param learningRate The rate.
 * @returns The mean cross-entropy before the step, and the weights after it.
 */
export function trainHead(
  features: readonly number[][],
  labels: readonly number[],
  weights: readonly number[][],
  learningRate: number,
): { loss: number; weights: number[][] } {
  // TODO: scores, softmax, loss; softmax less one-hot, times the features; one step down.
  return todo(features, labels, weights, learningRate);
}
