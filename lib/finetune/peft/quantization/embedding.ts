import { Embedding, Layer, Linear } from "@tunebook/nn";
import { linear, noGrad, type Tensor, zeros } from "@tunebook/tensor";
import { record } from "../../../tensor/autograd.ts";
import { addInPlace } from "../../../tensor/tensor.ts";
import { dequantizeInt8, type Int8Rows, quantizeInt8 } from "./int8.ts";

/** How many rows of the table a head turns into float32 at a time. */
const CHUNK = 2048;

/** A table of vectors held in eight bits a number. It can't train. */
export class Int8Embedding extends Layer {
  /** int32, four codes each. */
  codes: Tensor;
  /** The largest magnitude of each row. */
  scales: Tensor;
  /** `[count, dim]` of the table. */
  readonly shape: readonly [number, number];

  /** Rounds an embedding's table. */
  constructor({ weight }: Embedding) {
    super();
    this.shape = weight.shape as readonly [number, number];
    this.codes = this.buffer(zeros([Math.ceil(weight.size / 4)], { dtype: "int32" }));
    this.scales = this.buffer(zeros([this.shape[0]]));
    quantizeInt8(weight.data as Float32Array, this.shape[1], this.#rows());
  }

  /** int32 `[...]`, each in `[0, count)` → `[..., dim]` */
  forward(tokens: Tensor): Tensor {
    const [count, dim] = this.shape;
    const output = zeros([...tokens.shape, dim]);
    const rows = this.#rows(), vectors = output.data as Float32Array;
    for (const [i, token] of tokens.data.entries()) {
      if (!(token >= 0 && token < count)) {
        throw new RangeError(`Expected tokens from 0 to ${count - 1} but found ${token}`);
      }
      dequantizeInt8(rows, token, vectors.subarray(i * dim, (i + 1) * dim));
    }
    return output;
  }

  /** Rows of the table as they are after rounding, float32 `[end - begin, dim]`; all unless given. */
  dequantize(begin = 0, end: number = this.shape[0]): Tensor {
    const dim = this.shape[1], table = zeros([end - begin, dim]);
    const rows = this.#rows(), vectors = table.data as Float32Array;
    for (let row = begin; row < end; row++) {
      dequantizeInt8(rows, row, vectors.subarray((row - begin) * dim, (row - begin + 1) * dim));
    }
    return table;
  }

  /** The plain layer of the rounded table. */
  toEmbedding(): Embedding {
    return new Embedding(...this.shape as [number, number], { weight: this.dequantize() });
  }

  /** Views of the buffers, which move when memory grows. */
  #rows(): Int8Rows {
    const { buffer, byteOffset } = this.codes.data;
    return {
      codes: new Int8Array(buffer, byteOffset, this.shape[0] * this.shape[1]),
      scales: this.scales.data as Float32Array,
    };
  }

  /** Its sizes. */
  override describe(): string {
    return `${this.shape[0]} tokens, ${this.shape[1]} wide, 8 bits`;
  }
}

/**
 * The head of a language model whose weight is the table of the tokens' vectors, where that is held
 * in eight bits: scores are computed for some tokens at a time, forward and backward, so that the
 * float32 table never is there as a whole.
 */
export class Int8Head extends Layer {
  /** `[count]` */
  bias: Tensor | undefined;
  /** Not a field that counts as a child: the table belongs to the embedding. */
  readonly #table: Int8Embedding;

  /** A head that shares a table; the bias is the linear layer's own. */
  constructor(table: Int8Embedding, { bias }: Linear) {
    super();
    this.#table = table;
    this.bias = bias;
  }

  /** The embedding it shares the table of. */
  get table(): Int8Embedding {
    return this.#table;
  }

  /** `[..., dim]` → `[..., count]` */
  forward(input: Tensor): Tensor {
    const [count] = this.#table.shape, before = input.shape.slice(0, -1);
    const scores = zeros([...before, count]);
    this.#eachChunk((weight, begin) => {
      const part = linear(input, weight);
      copyColumns(part, 0, scores, begin, weight.shape[0]!);
      part.dispose();
    });
    const output = record("int8Head", scores, [input], (dy, gradients) => {
      if (!gradients.wants(input)) return;
      const dx = zeros(input.shape);
      this.#eachChunk((weight, begin) => {
        const size = weight.shape[0]!, part = zeros([...before, size]);
        copyColumns(dy, begin, part, 0, size);
        const product = part.matmul(weight);
        addInPlace(dx, product);
        part.dispose();
        product.dispose();
      });
      gradients.give(input, dx);
    }, { reads: [] });
    return this.bias ? output.add(this.bias) : output;
  }

  /** The plain layer, of a plain embedding's table. */
  toLinear(weight: Tensor): Linear {
    const [count, dim] = this.#table.shape;
    const layer = new Linear(dim, count, { bias: false, weight });
    layer.bias = this.bias;
    return layer;
  }

  /** Calls `use` with some rows of the table at a time. */
  #eachChunk(use: (weight: Tensor, begin: number) => void): void {
    const count = this.#table.shape[0];
    for (let begin = 0; begin < count; begin += CHUNK) {
      const weight = this.#table.dequantize(begin, Math.min(begin + CHUNK, count));
      noGrad(() => use(weight, begin));
      weight.dispose();
    }
  }

  /** Its sizes. */
  override describe(): string {
    return `${this.#table.shape[1]} → ${this.#table.shape[0]}, the embedding's 8 bits`;
  }
}

/** Copies `count` columns, from the `at`th on, to those of another tensor from the `into`th on. */
function copyColumns(from: Tensor, at: number, to: Tensor, into: number, count: number): void {
  const width = from.shape.at(-1)!, target = to.shape.at(-1)!, rows = from.size / width;
  const source = from.data, copy = to.data;
  for (let row = 0; row < rows; row++) {
    const begin = row * width + at;
    copy.set(source.subarray(begin, begin + count), row * target + into);
  }
}
