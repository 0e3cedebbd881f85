/**
 * The bench's model: a small pre-LN GPT built from `lib/nn`, the same as `torch_gpt.py`'s.
 *
 * @module
 */
import {
  Embedding,
  Layer,
  LayerNorm,
  Linear,
  Module,
  normal,
  TransformerBlock,
} from "@tunebook/nn";
import { linear, type Tensor, zeros } from "@tunebook/tensor";

/** V tokens in the vocabulary, T a text, B texts a batch, d wide, L layers, H heads. */
export interface Size {
  readonly V: number;
  readonly T: number;
  readonly B: number;
  readonly d: number;
  readonly L: number;
  readonly H: number;
}

/** The sizes measured, of 0.13, 0.93, 5.3 and 15.8 million parameters. */
export const SIZES: Readonly<Record<string, Size>> = {
  tiny: { V: 256, T: 32, B: 16, d: 64, L: 2, H: 4 },
  small: { V: 512, T: 64, B: 16, d: 128, L: 4, H: 4 },
  medium: { V: 1024, T: 128, B: 8, d: 256, L: 6, H: 8 },
  gpt2block: { V: 1024, T: 128, B: 4, d: 768, L: 2, H: 12 },
};

/** What is trained: everything, low-rank matrices beside query and value, or the last block. */
export const MODES = ["full", "lora", "freeze"] as const;

/** One of {@linkcode MODES}. */
export type Mode = typeof MODES[number];

class LoRA extends Layer {
  base: Layer;
  A: Tensor; // [rank, inputs]
  B: Tensor; // [outputs, rank]
  readonly scale: number;

  constructor(base: Layer, dim: number, rank = 8, alpha = 16) {
    super();
    this.base = base;
    this.A = normal([rank, dim], { deviation: 0.02 });
    this.B = zeros([dim, rank], { requiresGrad: true });
    this.scale = alpha / rank;
  }

  forward(x: Tensor): Tensor {
    const residual = this.base.forward(x);
    return linear(linear(x, this.A), this.B, undefined, { residual, scale: this.scale });
  }
}

/** The model of one size, ready for its mode. */
export class GPT extends Module {
  tokens: Embedding;
  positions: Embedding;
  blocks: TransformerBlock[];
  norm: LayerNorm;
  head: Linear;

  constructor({ V, T, d, L, H }: Size, mode: Mode) {
    super();
    this.tokens = new Embedding(V, d);
    this.positions = new Embedding(T, d);
    this.blocks = Array.from(
      { length: L },
      () => new TransformerBlock(d, H, { activation: "geluTanh", causal: true }),
    );
    this.norm = new LayerNorm(d);
    this.head = new Linear(d, V, { bias: false });
    if (mode !== "full") this.setRequiresGrad(false);
    if (mode === "lora") {
      for (const { attention } of this.blocks) {
        attention.query = new LoRA(attention.query, d);
        attention.value = new LoRA(attention.value, d);
      }
    }
    if (mode === "freeze") {
      for (const part of [this.blocks.at(-1)!, this.norm, this.head]) part.setRequiresGrad(true);
    }
  }

  /** int32 `[batch, time]` → `[batch, time, V]` */
  forward(tokens: Tensor): Tensor {
    let x = this.tokens.forward(tokens).add(this.positions.weight);
    for (const block of this.blocks) x = block.forward(x);
    return this.head.forward(this.norm.forward(x));
  }
}

/** Our name of a parameter for PyTorch's in `torch_gpt.py`. */
export function ourName(theirs: string): string {
  const parts: Record<string, string> = {
    ln1: "attentionNorm",
    q: "attention.query",
    k: "attention.key",
    v: "attention.value",
    o: "attention.output",
    ln2: "feedForwardNorm",
    up: "feedForward.up",
    down: "feedForward.down",
  };
  return theirs.replace(/^(blocks\.\d+)\.(\w+)/, (_, block, part) => `${block}.${parts[part]}`);
}
