import { Embedding, Linear, normal } from "@tunebook/nn";

/** How a {@linkcode projection} begins. */
export interface ProjectionOptions {
  /** The standard deviation of the weights. */
  deviation: number;
  /** Whether there is a bias, which begins at zero; there is one unless `false`. */
  bias?: boolean;
}

/** A linear layer as language models begin it: small normal weights, no bias at first. */
export function projection(
  inputs: number,
  outputs: number,
  { deviation, bias = true }: ProjectionOptions,
): Linear {
  const layer = new Linear(inputs, outputs, {
    bias,
    weight: normal([outputs, inputs], { deviation }),
  });
  layer.bias?.data.fill(0);
  return layer;
}

/** An embedding as language models begin it. */
export function table(rows: number, dim: number, deviation: number): Embedding {
  return new Embedding(rows, dim, { weight: normal([rows, dim], { deviation }) });
}
