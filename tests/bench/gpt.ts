/**
 * The bench's model: a small pre-LN GPT built from `lib/nn`, the same as `torch_gpt.py`'s.
 *
 * @module
 */
import { applyPeft, lora } from "@tunebook/finetune";
import { Embedding, LayerNorm, Linear, Module, TransformerBlock } from "@tunebook/nn";
import { letGo, type Tensor } from "@tunebook/tensor";

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

/** What is trained: everything, LoRA beside query and value or all linear layers, the last block. */
export const MODES = ["full", "lora", "lora-all", "freeze"] as const;

/** One of {@linkcode MODES}. */
export type Mode = typeof MODES[number];

/** The linear layers that LoRA stands beside. */
const TARGETS = {
  "lora": ["query", "value"],
  "lora-all": ["query", "key", "value", "output", "up", "down"],
};

/** The model of one size. */
export class GPT extends Module {
  tokens: Embedding;
  positions: Embedding;
  blocks: TransformerBlock[];
  norm: LayerNorm;
  head: Linear;

  constructor({ V, T, d, L, H }: Size) {
    super();
    this.tokens = new Embedding(V, d);
    this.positions = new Embedding(T, d);
    this.blocks = Array.from(
      { length: L },
      () => new TransformerBlock(d, H, { activation: "geluTanh", causal: true }),
    );
    this.norm = new LayerNorm(d);
    this.head = new Linear(d, V, { bias: false });
  }

  /** int32 `[batch, time]` → `[batch, time, V]` */
  forward(tokens: Tensor): Tensor {
    const vectors = this.tokens.forward(tokens);
    let x = vectors.add(this.positions.weight);
    letGo([vectors], tokens, x);
    for (const block of this.blocks) {
      const before = x;
      x = block.forward(before);
      letGo([before], tokens, x);
    }
    const normal = this.norm.forward(x), scores = this.head.forward(normal);
    letGo([x, normal], tokens, scores);
    return scores;
  }
}

/** Makes a model ready for its mode. */
export function prepare(model: GPT, mode: Mode): void {
  if (mode === "full") return;
  model.setRequiresGrad(false);
  if (mode === "freeze") {
    for (const part of [model.blocks.at(-1)!, model.norm, model.head]) part.setRequiresGrad(true);
  } else {
    applyPeft(model, lora({ rank: 8, loraAlpha: 16, targetModules: TARGETS[mode] }));
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
  return theirs
    .replace(/^(blocks\.\d+)\.(\w+)/, (_, block, part) => `${block}.${parts[part]}`)
    .replace(/\.base\./, ".base_layer.")
    .replace(/\.([AB])$/, ".adapters.default.lora_$1.weight");
}
