import { letGo, type Tensor } from "@tunebook/tensor";
import type { ModelInputs } from "./inputs.ts";

/** What a model is made of, `[batch, time, dim]` → `[batch, time, dim]`. */
interface Block<I> {
  forward(input: Tensor, inputs: I): Tensor;
}

/**
 * Sends the embeddings through all blocks, and keeps what comes out of each in the trace. Without a
 * trace nobody looks at what one block hands to the next.
 */
export function throughBlocks<I extends ModelInputs>(
  embedded: Tensor,
  blocks: readonly Block<I>[],
  inputs: I,
): Tensor {
  const states = inputs.trace?.hiddenStates;
  let x = embedded;
  for (const block of blocks) {
    const before = x;
    x = block.forward(before, inputs);
    states?.push(x);
    if (!states) letGo([before], embedded, x);
  }
  return x;
}
