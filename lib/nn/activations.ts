import type { Tensor } from "@tunebook/tensor";

/** The non-linear functions by name; `geluTanh` is GELU's approximation, which GPT-2 uses. */
export const ACTIVATIONS = {
  relu: (x: Tensor): Tensor => x.relu(),
  gelu: (x: Tensor): Tensor => x.gelu(),
  geluTanh: (x: Tensor): Tensor => x.gelu({ approximate: "tanh" }),
  silu: (x: Tensor): Tensor => x.silu(),
  tanh: (x: Tensor): Tensor => x.tanh(),
  sigmoid: (x: Tensor): Tensor => x.sigmoid(),
} as const;

/** The name of a non-linear function. */
export type ActivationName = keyof typeof ACTIVATIONS;
