import { Activation, AttentionPrefix, Embedding, type Layer, Linear, Module } from "@tunebook/nn";
import { arange, type Tensor } from "@tunebook/tensor";

/** The shape of a {@linkcode PrefixEncoder}. */
export interface PrefixShape {
  /** How many keys and values stand in front. */
  readonly length: number;
  /** How many blocks have a prefix. */
  readonly blocks: number;
  /** Width of a key, all heads side by side. */
  readonly dim: number;
  /** The hidden width of the MLP; `null` is no MLP. */
  readonly hidden: number | null;
}

/** The keys and values of all blocks: a table, or a smaller table and an MLP that makes them of it. */
export class PrefixEncoder extends Module {
  /** `[length, 2 blocks dim]`; with an MLP `[length, dim]`. */
  embedding: Embedding;
  /** The MLP, if there is one. */
  transform: Layer[];
  readonly shape: PrefixShape;
  #present: Tensor | undefined;

  constructor(shape: PrefixShape) {
    super();
    const { length, blocks, dim, hidden } = shape;
    const all = 2 * blocks * dim;
    this.embedding = new Embedding(length, hidden === null ? all : dim);
    this.transform = hidden === null
      ? []
      : [new Linear(dim, hidden), new Activation("tanh"), new Linear(hidden, all)];
    this.shape = shape;
  }

  /** All keys and values, `[length, 2 blocks dim]`: keys, values of the first block, and so on. */
  forward(): Tensor {
    const tokens = arange(0, this.shape.length, 1, { dtype: "int32" });
    return this.transform.reduce((x, layer) => layer.forward(x), this.embedding.forward(tokens));
  }

  /** A block's keys and values, `[length, dim]` each; computed once a pass, for the first block. */
  of(block: number): { keys: Tensor; values: Tensor } {
    const { dim } = this.shape;
    if (block === 0 || this.#present === undefined) this.#present = this.forward();
    return {
      keys: this.#present.narrow(1, 2 * block * dim, dim),
      values: this.#present.narrow(1, (2 * block + 1) * dim, dim),
    };
  }
}

/** One block's share of a {@linkcode PrefixEncoder}. */
export class BlockPrefix extends AttentionPrefix {
  constructor(readonly encoder: PrefixEncoder, readonly block: number) {
    super();
  }

  override get length(): number {
    return this.encoder.shape.length;
  }

  /** `[batch, length, dim]` each */
  forward(batch: number): { keys: Tensor; values: Tensor } {
    const { keys, values } = this.encoder.of(this.block);
    const { length, dim } = this.encoder.shape;
    const each = (t: Tensor) => t.unsqueeze(0).expand(batch, length, dim);
    return { keys: each(keys), values: each(values) };
  }
}
