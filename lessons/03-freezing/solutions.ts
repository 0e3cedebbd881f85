/**
 * One good answer to each exercise of lesson 03; yours may look different and be as good.
 *
 * @module
 */

import type { Step } from "./types.ts";

/** Exercise 1. The dot keeps `h.1` from meaning `h.10` too. */
export function whatTrains(names: readonly string[], modules: readonly string[]): string[] {
  return names.filter((name) => modules.some((module) => name.startsWith(`${module}.`)));
}

/** Exercise 2. Every weight is held; gradients and state are for what trains. */
export function trainingBytes(parameters: number, trained: number, slots: number): number {
  return 4 * (parameters + trained * (1 + slots));
}

type Matrix = readonly (readonly number[])[];

/**
 * Exercise 3. The gradient passes through `last`, though that is frozen: it must, to reach `middle`.
 * Below `middle` nothing trains, so the way back ends there.
 */
export function frozenStep(
  x: Matrix,
  target: Matrix,
  { first, middle, last }: {
    readonly first: Matrix;
    readonly middle: Matrix;
    readonly last: Matrix;
  },
  learningRate: number,
): Step {
  const h = relu(product(x, transposed(first)));
  const z = relu(product(h, transposed(middle)));
  const y = product(z, transposed(last));

  const errors = y.map((row, i) => row.map((value, j) => value - target[i]![j]!));
  const count = errors.length * errors[0]!.length;
  const loss = errors.flat().reduce((sum, error) => sum + error ** 2, 0) / count;

  const forY = errors.map((row) => row.map((error) => 2 * error / count));
  const forZ = product(forY, last).map((row, i) => row.map((g, j) => z[i]![j]! > 0 ? g : 0));
  const gradient = product(transposed(forZ), h);
  const moved = middle.map((row, i) => row.map((w, j) => w - learningRate * gradient[i]![j]!));
  return { loss, gradient, middle: moved };
}

/** `[n, k] · [k, m]` → `[n, m]` */
function product(a: Matrix, b: Matrix): number[][] {
  return a.map((row) =>
    b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0))
  );
}

function transposed(a: Matrix): number[][] {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

function relu(a: Matrix): number[][] {
  return a.map((row) => row.map((value) => Math.max(0, value)));
}

/** Exercise 4. One place from the start, one more after each `every` steps. */
export function thawedAt(places: readonly string[], step: number, every: number): string[] {
  return places.toReversed().slice(0, 1 + Math.floor(step / every));
}

/** Exercise 5. The first that fits is the one with the fewest frozen. */
export function placesToFreeze(sizes: readonly number[], budget: number): number | null {
  const sum = (list: readonly number[]) => list.reduce((total, size) => total + size, 0);
  for (let frozen = 0; frozen < sizes.length; frozen++) {
    if (trainingBytes(sum(sizes), sum(sizes.slice(frozen)), 2) <= budget) return frozen;
  }
  return null;
}
