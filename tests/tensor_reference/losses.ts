import { binaryCrossEntropyWithLogits, crossEntropy, mse } from "@tunebook/tensor";
import type { Compute } from "./reference.ts";

/** Every loss by its name in the reference. */
export const LOSSES: Readonly<Record<string, Compute>> = {
  crossEntropy: ([logits, targets, weight], options) =>
    crossEntropy(logits!, targets!, { ...options, ...(weight ? { weight } : {}) }),
  binaryCrossEntropyWithLogits: ([logits, targets], options) =>
    binaryCrossEntropyWithLogits(logits!, targets!, options),
  mse: ([prediction, target], options) => mse(prediction!, target!, options),
};
