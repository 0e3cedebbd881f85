/**
 * One good answer to each exercise of lesson 10; yours may look different and be as good.
 *
 * @module
 */

import { concat, type Tensor } from "@tunebook/tensor";
import type { Ia3Parts, Measured, PrefixParts, Situation } from "./types.ts";

/** Exercise 1. The dot matters: `bias_table` is no bias. */
export function biasNames(names: readonly string[]): string[] {
  return names.filter((name) => name.split(".").at(-1) === "bias");
}

/** Exercise 2. Only keys and values get longer: as many tokens ask as before. */
export function attendWithPrefix(parts: PrefixParts): Tensor {
  const { queries, prefixKeys, prefixValues } = parts;
  const keys = concat([prefixKeys, parts.keys], 0); // [length + time, dim]
  const values = concat([prefixValues, parts.values], 0);
  const scores = queries.matmul(keys.transpose(0, 1)).div(Math.sqrt(queries.shape[1]!));
  return scores.softmax(1).matmul(values);
}

/** Exercise 3. What comes out includes the bias. */
export function ia3Forward(input: Tensor, parts: Ia3Parts): Tensor {
  const { weight, bias, factors, isFeedforward } = parts;
  const given = isFeedforward ? input.mul(factors) : input;
  const output = given.matmul(weight.transpose(0, 1)).add(bias);
  return isFeedforward ? output : output.mul(factors);
}

/** Exercise 4. The best is sought among what fits, or nothing might be good enough. */
export function chooseMethod(methods: readonly Measured[], situation: Situation): string | null {
  const { mostParameters, mustMerge, tolerance } = situation;
  const fitting = methods.filter(({ parameters, mergeable }) =>
    parameters <= mostParameters && (mergeable || !mustMerge)
  );
  const best = Math.max(...fitting.map(({ accuracy }) => accuracy));
  const good = fitting.filter(({ accuracy }) => accuracy >= best - tolerance);
  return good.sort((a, b) => a.parameters - b.parameters)[0]?.name ?? null;
}
