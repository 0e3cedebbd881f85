/**
 * The exercises of lesson 01. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). What a language model is asked, and what it should answer.
 *
 * @param tokens A text, token by token: at least two tokens.
 * @returns For each place but the last: the tokens up to there, and the token that comes next.
 */
export function nextTokenTasks(
  tokens: readonly number[],
): { context: number[]; target: number }[] {
  // TODO: what comes before, and what comes next.
  return todo(tokens);
}

/**
 * Exercise 2. Perplexity: among how many tokens the model wavers, on average.
 *
 * @param probabilities The probability that the model gave to each token that really came next.
 * @returns e to the power of the mean surprise, where surprise is −ln(probability).
 */
export function perplexity(probabilities: readonly number[]): number {
  // TODO: the mean of the surprises, then its exponential.
  return todo(probabilities);
}

/**
 * Exercise 3. Temperature: scores become probabilities.
 *
 * @param scores A score for each token of the vocabulary.
 * @param temperature Above 0. At 1 the softmax of the scores; below 1 the likely tokens gain.
 * @returns A probability for each token.
 */
export function withTemperature(scores: readonly number[], temperature: number): number[] {
  // TODO: divide the scores, take their exponentials, make them add up to 1.
  return todo(scores, temperature);
}

/**
 * Exercise 4 (stretch). The loss of a language model and its gradient, by hand.
 *
 * @param logits `[time][vocabulary]`: after each token a score for every token that might come next.
 * @param tokens `[time]`: the text. What stands at place `t + 1` should have been predicted at `t`.
 * @returns The mean cross-entropy over all places but the last; and how it changes with each score,
 * `[time][vocabulary]`: softmax less 1 at the right token, divided by the number of predictions, and
 * zeros at the last place.
 */
export function lossByHand(
  logits: readonly number[][],
  tokens: readonly number[],
): { loss: number; gradient: number[][] } {
  // TODO: the softmax of each row; −ln of the right token's share; softmax less one-hot.
  return todo(logits, tokens);
}
