import type { Adapter } from "@tunebook/finetune";
import { Random } from "@tunebook/tensor";

/** Gives everything that an adapter trains other values. */
export function randomize(adapter: Adapter, size = 0.3): void {
  const random = new Random(3);
  for (const tensor of adapter.tensors.values()) {
    const drawn = random.normal(tensor.shape, 0, size);
    for (let i = 0; i < tensor.size; i++) tensor.data[i] = tensor.data[i]! + drawn.data[i]!;
  }
}
