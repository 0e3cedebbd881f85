/**
 * The exercises of lesson 11. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";
import type { Tensor } from "@tunebook/tensor";

/**
 * Exercise 1 (warm-up). Weights that bring losses of any scale to one height.
 *
 * @param losses The loss of each task at the start. All are above 0.
 * @returns A weight for each task. Weight times loss is the same for every task, and the weights add
 * up to the number of tasks.
 */
export function weightsFromLosses(losses: readonly number[]): number[] {
  // TODO: a large loss wants a small weight; then scale the weights.
  return todo(losses);
}

/**
 * Exercise 2. How often each task is drawn when the temperature is T.
 *
 * @param examples How many examples each task has.
 * @param temperature T: 1 is proportional to the examples, a large one is nearly equal.
 * @returns Each task's share of the batches; the shares add up to 1.
 */
export function temperatureShares(examples: readonly number[], temperature: number): number[] {
  // TODO: the counts to the power 1/T, as shares.
  return todo(examples, temperature);
}

/**
 * Exercise 3. The loss of uncertainty weighting, `Σ exp(−sᵢ) Lᵢ + sᵢ / 2`.
 *
 * @param losses L: each task's loss, a tensor of shape `[]`.
 * @param logVariances s: `[tasks]`; they train along, so the gradient must reach them.
 * @returns The loss, of shape `[]`.
 */
export function uncertaintyLoss(losses: readonly Tensor[], logVariances: Tensor): Tensor {
  // TODO: `logVariances.select(0, i)` is the s of task i. `mul`, `neg`, `exp` and `add` are enough.
  return todo(losses, logVariances);
}

/**
 * Exercise 4. PCGrad's projection: a gradient without what points against another.
 *
 * @param gradient A task's gradient.
 * @param other Another task's gradient, not zero, of the same length.
 * @returns The gradient as it is if the two don't conflict. Otherwise the part of it at right angles
 * to the other.
 */
export function withoutConflict(gradient: readonly number[], other: readonly number[]): number[] {
  // TODO: is their inner product negative? Then take away the part along `other`.
  return todo(gradient, other);
}

/**
 * Exercise 5 (stretch). Whose step is it? An instrument that tells when a task takes over.
 *
 * The step goes along the sum of the tasks' gradients. Each gradient has a part along that sum; the
 * parts together make up the whole sum.
 *
 * @param gradients Each task's gradient; all have one length, and their sum isn't zero.
 * @returns Each task's share of the sum's length; the shares add up to 1. A share is negative when
 * the task would go the other way.
 */
export function shareOfStep(gradients: readonly (readonly number[])[]): number[] {
  // TODO: the inner product of each gradient with the sum, beside that of the sum with itself.
  return todo(gradients);
}
