/**
 * Freeing early what no backward pass will read. Each operation says what its backward function
 * reads, and each tensor counts its readers.
 *
 * @module
 */
import { release, type ReleaseReason } from "./memory.ts";
import type { Tensor } from "./tensor.ts";

let keeping = false;

/** Frees a result in the graph that no backward function will read. */
export function releaseUnread(t: Tensor, reason: ReleaseReason): void {
  const { kept, readers } = t.storage;
  if (t.node && !kept && readers === 0) release(t.storage, reason);
}

/**
 * Ends a layer: of what was computed on the way from its input to its output, frees what no backward
 * pass will read. For layers, which know that nobody else has these tensors. Without a graph (under
 * `noGrad()`, or of plain data) nothing is freed, nor is what `retain()` keeps.
 *
 * @param passing Results on the way; those that are the input or older, or the output, stay.
 *
 * @example
 * ```ts
 * import { letGo, linear, type Tensor, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const up = tensor([[1], [2]], { requiresGrad: true }), down = tensor([[3, 4]]);
 * function layer(input: Tensor): Tensor {
 *   const hidden = linear(input, up), output = linear(hidden, down);
 *   letGo([hidden], input, output); // only the gradient of `down` would need it
 *   return output;
 * }
 * assertEquals(layer(tensor([[5]])).toArray(), [[55]]);
 * ```
 */
export function letGo(passing: readonly Tensor[], input: Tensor, output: Tensor): void {
  if (keeping) return;
  for (const t of passing) if (t.id > input.id && t !== output) releaseUnread(t, "layer");
}

/**
 * Runs `body` with layers that let nothing go, for looking at the results inside of them.
 *
 * @example
 * ```ts
 * import { keepResults, letGo, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([1], { requiresGrad: true }), y = x.add(1), z = y.add(1);
 * keepResults(() => letGo([y], x, z));
 * assertEquals(y.item(), 2);
 * ```
 */
export function keepResults<T>(body: () => T): T {
  const before = keeping;
  keeping = true;
  try {
    return body();
  } finally {
    keeping = before;
  }
}
