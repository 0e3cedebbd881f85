import { Linear, type Module } from "@tunebook/nn";
import { Nf4Linear } from "./quantization/layer.ts";

/** A linear layer, plain or quantised. */
export type LinearLike = Linear | Nf4Linear;

/** Whether a module is one. */
export function isLinear(module: Module): module is LinearLike {
  return module instanceof Linear || module instanceof Nf4Linear;
}

/** `[outputs, inputs]` */
export function sizesOf(layer: LinearLike): readonly [number, number] {
  return layer instanceof Linear ? layer.weight.shape as readonly [number, number] : layer.shape;
}
