/**
 * The exercises of lesson 05. Write your answers here, then run `deno test` in this folder, or the
 * check in the notebook. An exercise you haven't begun counts as "not yet", never as wrong.
 *
 * @module
 */

import { todo } from "@tunebook/notebook";

/**
 * Exercise 1 (warm-up). How far a draw is from what it was drawn from: a representative check.
 *
 * @param all How many examples of each kind there are in all; the whole isn't empty.
 * @param drawn How many of each kind were drawn, in the same order; at least one in all.
 * @returns Half the sum of |share in the draw − share in the whole| over the kinds: 0 for equal
 * shares, 1 if they have nothing in common.
 */
export function distance(all: readonly number[], drawn: readonly number[]): number {
  // TODO: turn counts into shares first.
  return todo(all, drawn);
}

/**
 * Exercise 2. A stratified draw.
 *
 * Each kind gets `count` times its share, rounded down. The places still free go one each to the
 * kinds whose exact share was cut most; here no two are cut alike.
 *
 * @param kinds The kind of each example, such as the president who said it.
 * @param count How many to draw, at most as many as there are.
 * @param random Draws a number from 0 up to 1, like `Math.random`.
 * @returns Positions of the examples drawn, each once, in any order. Within a kind chance decides.
 */
export function stratifiedDraw(
  kinds: readonly string[],
  count: number,
  random: () => number,
): number[] {
  // TODO: how many of each kind? Then draw that many of its positions.
  return todo(kinds, count, random);
}

/**
 * Exercise 3. Extend a learning curve: fit error = scale · size^(−power) to points, and say the
 * error at another size.
 *
 * In logarithms it is a straight line: ln error = ln scale − power · ln size. Take the line of least
 * squares; its slope is Σ (x − x̄)(y − ȳ) / Σ (x − x̄)².
 *
 * @param sizes The sizes of the training sets, at least two different ones.
 * @param errors The error at each.
 * @param size The size to say the error at.
 * @returns The error that the law foresees there.
 */
export function extrapolate(
  sizes: readonly number[],
  errors: readonly number[],
  size: number,
): number {
  // TODO: take logarithms, fit the line, follow it, and go back with Math.exp.
  return todo(sizes, errors, size);
}

/**
 * Exercise 4 (design). Which examples to buy next?
 *
 * The training set should become like the world. Examples are bought one by one; each time buy the
 * kind that is furthest behind: whose share in the world, less its share in the set, is largest.
 *
 * @param world The share of each kind in the world; they add up to 1.
 * @param have How many of each kind the set has; at least one in all.
 * @param count How many to buy.
 * @returns How many of each kind to buy.
 */
export function buyNext(
  world: readonly number[],
  have: readonly number[],
  count: number,
): number[] {
  // TODO: after each one bought, the shares are new.
  return todo(world, have, count);
}
