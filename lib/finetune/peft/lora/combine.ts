import { type Tensor, tensor } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import type { CombineContext } from "../method.ts";
import type { LoraConfig } from "./config.ts";

/**
 * One LoRA out of several, as PEFT's `add_weighted_adapter`.
 *
 * - `"linear"` adds the matrices: `A = Σ √(wᵢ sᵢ) Aᵢ`, `B = Σ √(wᵢ sᵢ) Bᵢ`; ranks must be equal. The
 *   product has cross terms, so that it isn't the sum of the adapters.
 * - `"cat"` puts them side by side, which is exactly the sum; ranks add up.
 *
 * @throws {PeftError} If ranks differ, or it isn't plain LoRA on the same layers.
 */
export function combineLora(
  { configs, tensors, weights, type }: CombineContext<LoraConfig>,
): { config: LoraConfig; tensors: Map<string, Tensor> } {
  if (type !== "linear" && type !== "cat") {
    throw new PeftError(
      `Expected a combination "linear" or "cat" but found ${JSON.stringify(type)}`,
    );
  }
  const odd = configs.find((c) => c.useDora || c.bias !== "none" || hasPatterns(c));
  if (odd) {
    throw new PeftError(
      "Only LoRA without DoRA, biases and patterns can be combined; merge one adapter and train on",
    );
  }
  const names = [...tensors[0]!.keys()];
  if (tensors.some((one) => [...one.keys()].join() !== names.join())) {
    throw new PeftError("Expected adapters on the same layers but theirs differ");
  }
  const ranks = configs.map(({ rank }) => rank);
  if (type === "linear" && new Set(ranks).size > 1) {
    throw new PeftError(
      `Expected equal ranks for "linear" but found ${
        ranks.join(", ")
      }; use "cat", which adds them up`,
    );
  }
  const scaled = weights.map((weight, i) => weight * scalingOf(configs[i]!));
  const rank = type === "linear" ? ranks[0]! : ranks.reduce((a, b) => a + b);
  const combined = new Map<string, Tensor>();
  for (const name of names) {
    const isA = name.endsWith("lora_A.weight"), isB = name.endsWith("lora_B.weight");
    const parts = tensors.map((one) => one.get(name)!);
    combined.set(name, isA || isB ? join(parts, scaled, isA, type) : weighted(parts, weights));
  }
  // The scaling is in the matrices now.
  const config = { ...configs[0]!, rank, loraAlpha: rank, useRslora: false };
  return { config, tensors: combined };
}

function hasPatterns({ rankPattern, alphaPattern }: LoraConfig): boolean {
  return Object.keys(rankPattern).length + Object.keys(alphaPattern).length > 0;
}

function scalingOf({ loraAlpha, rank, useRslora }: LoraConfig): number {
  return loraAlpha / (useRslora ? Math.sqrt(rank) : rank);
}

function join(
  parts: readonly Tensor[],
  scaled: readonly number[],
  isA: boolean,
  type: "linear" | "cat",
): Tensor {
  if (type === "linear") {
    // The sign goes to one side only: on both it would cancel.
    const roots = scaled.map((s) => Math.sqrt(Math.abs(s)) * (isA ? Math.sign(s) : 1));
    return weighted(parts, roots);
  }
  // A's rows one below another with the factors, B's columns side by side without.
  const rows = isA ? parts : parts.map((part) => part.transpose(0, 1));
  const factors = isA ? scaled : scaled.map(() => 1);
  const stacked = rows.flatMap((part, i) => Array.from(part.data, (v) => v * factors[i]!));
  const width = rows[0]!.shape[1]!;
  const whole = tensor(stacked, { shape: [stacked.length / width, width] });
  return isA ? whole : whole.transpose(0, 1);
}

function weighted(parts: readonly Tensor[], factors: readonly number[]): Tensor {
  const sum = new Float32Array(parts[0]!.size);
  for (const [i, { data }] of parts.entries()) {
    for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + factors[i]! * data[k]!;
  }
  return tensor(sum, { shape: [...parts[0]!.shape] });
}
