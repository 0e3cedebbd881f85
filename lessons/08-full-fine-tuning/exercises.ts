/**
 * The exercises of lesson 08. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import type { AdamWSettings, AdamWState, NamedParameter, Plan, Situation } from "./types.ts";
import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). What training with AdamW keeps in memory, activations aside. All numbers are
 * float32, four bytes each.
 *
 * @param parameters How many parameters the model has.
 * @param trained How many of them train.
 * @returns Bytes: a weight for every parameter, and for each that trains a gradient and AdamW's two
 * moments.
 */
export function bytesToTrain(parameters: number, trained: number): number {
  // TODO: which of the four numbers does every parameter need, which only those that train?
  return todo(parameters, trained);
}

/**
 * Exercise 2. One step of AdamW by hand, by the formulas of the lesson.
 *
 * @param state What is known before the step.
 * @param gradient g, one number for each weight.
 * @param step t, which step this is; the first is 1.
 * @param settings The settings.
 * @returns What is known after the step; the state given stays as it is.
 */
export function adamWStep(
  state: AdamWState,
  gradient: readonly number[],
  step: number,
  settings: AdamWSettings,
): AdamWState {
  // TODO: move m and v, correct both for their beginning at zero, decay the weight, then step.
  return todo(state, gradient, step, settings);
}

/**
 * Exercise 3. The optimizer's two groups. Matrices and tables decay; biases and the weights of norms,
 * which have one axis, don't. What is frozen is in neither group.
 *
 * @param parameters A model's parameters.
 * @returns The names in each group, in the order given.
 */
export function decayGroups(
  parameters: readonly NamedParameter[],
): { decay: string[]; noDecay: string[] } {
  // TODO: count axes rather than read names.
  return todo(parameters);
}

/**
 * Exercise 4. The memory of a matrix in NF4: four bits a number, and a float32 scale for each block
 * of numbers.
 *
 * @param numbers How many numbers the matrix holds, a multiple of `blockSize`.
 * @param blockSize How many numbers share a scale.
 * @returns Bytes.
 */
export function nf4Bytes(numbers: number, blockSize: number): number {
  // TODO: bytes of the codes, and bytes of the scales.
  return todo(numbers, blockSize);
}

/**
 * Exercise 5 (design). Choose a plan for a machine: the first of `full`, `lora`, `qlora` that fits.
 *
 * - `full` takes 16 bytes a parameter;
 * - `lora` takes 2 bytes a frozen parameter (bf16), and 16 an added one;
 * - `qlora` takes 0.5625 bytes a frozen parameter (NF4 with its scales), and 16 an added one.
 *
 * @param situation What you have.
 * @returns The plan; what fits exactly, fits.
 */
export function choosePlan(situation: Situation): Plan {
  // TODO: compute each plan's bytes, activations included, and compare with the memory.
  return todo(situation);
}
