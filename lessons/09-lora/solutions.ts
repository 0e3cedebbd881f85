/**
 * One good answer to each exercise of lesson 09; yours may look different and be as good.
 *
 * @module
 */

import type { Tensor } from "@tunebook/tensor";
import type { LayerSize, LoraParts, LoraSetting } from "./types.ts";

/** Exercise 1. A has `rank` rows as long as what goes in, B `rank` columns as long as what comes out. */
export function loraParameters(layers: readonly LayerSize[], rank: number): number {
  return layers.reduce((sum, { inputs, outputs }) => sum + rank * (inputs + outputs), 0);
}

/** Exercise 2. The narrow product first: `B A` as one big matrix would cost as much as W. */
export function loraForward(input: Tensor, { weight, bias, a, b, alpha }: LoraParts): Tensor {
  const small = input.matmul(a.transpose(0, 1)); // [batch, rank]
  const learned = small.matmul(b.transpose(0, 1)).mul(alpha / a.shape[0]!);
  return input.matmul(weight.transpose(0, 1)).add(bias).add(learned);
}

/** Exercise 3. `add` makes a new tensor; W stays as it is. */
export function mergedWeight({ weight, a, b, alpha }: LoraParts): Tensor {
  return weight.add(b.matmul(a).mul(alpha / a.shape[0]!));
}

/** Exercise 4. The factor times what the new setting divides by. */
export function alphaFor(known: LoraSetting, rank: number, rslora: boolean): number {
  return known.alpha / divisor(known.rank, known.rslora) * divisor(rank, rslora);
}

function divisor(rank: number, rslora: boolean): number {
  return rslora ? Math.sqrt(rank) : rank;
}
