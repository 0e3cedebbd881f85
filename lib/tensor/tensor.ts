/**
 * The tensor: a shape over a piece of memory, with a place for its gradient. The operations live in
 * `ops/`, grouped by kind; the methods here are their names.
 *
 * @module
 */
import { type BackwardOptions, type GraphNode, runBackward } from "./autograd.ts";
import { allocate, type Block, hold, release, type Storage } from "./memory.ts";
import * as elementwise from "./ops/elementwise.ts";
import * as indexing from "./ops/indexing.ts";
import { matmul } from "./ops/matmul.ts";
import * as reduce from "./ops/reduce.ts";
import * as layout from "./ops/shape.ts";
import * as softmax from "./ops/softmax.ts";
import { format, type Shape, sizeOf } from "./shapes.ts";
import { floats, integers, launch } from "./wasm/runtime.ts";
import { Op } from "./wasm/assembly/ops.ts";
import { chunksFor } from "./wasm/threads.ts";

/** Kind of element: 32-bit float, or 32-bit integer for indices and masks. */
export type DType = "float32" | "int32";

/** Numbers in nested arrays, as `toArray()` returns them. */
export type NestedNumbers = number | NestedNumbers[];

let created = 0;

/**
 * An array of numbers with a shape, on which operations can be differentiated.
 *
 * @example
 * ```ts
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * assertEquals(x.grad?.toArray(), [[2, 4], [6, 8]]);
 * ```
 */
export class Tensor {
  /** Sizes along each dimension. */
  readonly shape: Shape;
  /** Kind of element. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Grows with each tensor made; the backward pass runs against it. */
  readonly id: number = created++;
  /** The gradient `backward()` left here: that of a leaf, or of a result after `retain()`. */
  grad: Tensor | null = null;
  /** The operation that made this tensor. */
  op = "tensor";
  /**
   * How it was computed, if it is part of a graph.
   *
   * @internal
   */
  node: GraphNode | undefined;
  /**
   * Its hold on the memory.
   *
   * @internal
   */
  readonly storage: Storage;
  /** Whether `retain()` asked for the gradient too. */
  keepsGradient = false;
  /** Whether this leaf was ever trained: freezing it doesn't make it plain data. */
  isParameter = false;
  #requiresGrad = false;

  /** Not for users: `tensor`, `zeros` and the operations make tensors. */
  constructor(shape: Shape, dtype: DType, block: Block) {
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.storage = hold(this, block);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /**
   * Where the elements are in the engine's memory.
   *
   * @throws {Error} If the tensor was freed or disposed of.
   */
  get address(): number {
    if (this.storage.released) throw new Error(released(this));
    return this.storage.block.address;
  }

  /** The elements in row-major order: a view, not a copy. Valid until the tensor is freed. */
  get data(): Float32Array | Int32Array {
    return this.dtype === "float32"
      ? floats(this.address, this.size)
      : integers(this.address, this.size);
  }

  /** Whether gradients flow to this tensor. Set it on leaves: `false` freezes a parameter. */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }
  set requiresGrad(value: boolean) {
    if (this.node) {
      throw new Error(
        `requiresGrad can only be set on leaves, not on this result of ${this.op}; use detach()`,
      );
    }
    if (value && this.dtype !== "float32") {
      throw new TypeError(`requiresGrad: expected a float32 tensor but found ${this.dtype}`);
    }
    this.#requiresGrad = value;
    if (value) {
      this.isParameter = true;
      this.storage.kept = true;
    }
  }
  /** For `record` alone: a result whose inputs need a gradient. */
  markRequiresGrad(): void {
    this.#requiresGrad = true;
  }

  /**
   * The only element.
   *
   * @throws {TypeError} If there isn't exactly one.
   */
  item(): number {
    if (this.size !== 1) {
      throw new TypeError(`item: expected one element but found shape ${format(this.shape)}`);
    }
    return this.data[0]!;
  }

  /** The elements as nested arrays. */
  toArray(): NestedNumbers {
    const data = this.data;
    let at = 0;
    const level = (d: number): NestedNumbers => {
      if (d === this.ndim) return data[at++]!;
      return Array.from({ length: this.shape[d]! }, () => level(d + 1));
    };
    return level(0);
  }

  /** A short description: shape, kind, and the first elements. */
  toString(): string {
    if (this.storage.released) return `Tensor ${format(this.shape)} (freed)`;
    const shown = Array.from(this.data.subarray(0, 8), (v) => String(Number(v.toPrecision(5))));
    if (this.size > 8) shown.push("...");
    return `Tensor ${format(this.shape)} ${this.dtype} [${shown.join(", ")}]`;
  }
  /** What the console and the notebook print. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /**
   * Computes the gradients of this single number with respect to every tensor it depends on that
   * has `requiresGrad`, adding to their `grad`, and frees the intermediate results.
   *
   * @throws {Error} If it isn't a single number (and no gradient is given), depends on nothing that
   * needs a gradient, or the graph was already freed.
   */
  backward(options?: BackwardOptions): void {
    runBackward(this, options);
  }

  /** Keeps this result and its gradient through `backward()` and `scope()`. Returns the tensor. */
  retain(): this {
    this.storage.kept = true;
    this.keepsGradient = true;
    return this;
  }

  /** Forgets the gradient and gives its memory back. */
  zeroGrad(): void {
    this.grad?.dispose();
    this.grad = null;
  }

  /** Gives the memory back now; the tensor must not be used afterwards. */
  dispose(): void {
    release(this.storage, "dispose");
  }

  /** The same elements, cut off from the graph. Shares memory. */
  detach(): Tensor {
    const t = aliasOf(this);
    t.op = "detach";
    return t;
  }

  /** A copy; gradients flow through it. */
  clone(): Tensor {
    return layout.clone(this);
  }

  // Arithmetic with NumPy broadcasting; the other operand may be a number.

  /** `this + other`. */
  add(other: Tensor | number): Tensor {
    return elementwise.add(this, other);
  }
  /** `this - other`. */
  sub(other: Tensor | number): Tensor {
    return elementwise.sub(this, other);
  }
  /** `this * other`, element by element. */
  mul(other: Tensor | number): Tensor {
    return elementwise.mul(this, other);
  }
  /** `this / other`. */
  div(other: Tensor | number): Tensor {
    return elementwise.div(this, other);
  }
  /** `this` to the power `other`. */
  pow(other: Tensor | number): Tensor {
    return elementwise.pow(this, other);
  }
  /** The larger of the two, element by element. */
  maximum(other: Tensor | number): Tensor {
    return elementwise.maximum(this, other);
  }
  /** The smaller of the two, element by element. */
  minimum(other: Tensor | number): Tensor {
    return elementwise.minimum(this, other);
  }
  /** `-this`. */
  neg(): Tensor {
    return elementwise.neg(this);
  }

  // Comparisons give int32 tensors of 0 and 1.

  /** 1 where equal. */
  eq(other: Tensor | number): Tensor {
    return elementwise.eq(this, other);
  }
  /** 1 where different. */
  ne(other: Tensor | number): Tensor {
    return elementwise.ne(this, other);
  }
  /** 1 where greater. */
  gt(other: Tensor | number): Tensor {
    return elementwise.gt(this, other);
  }
  /** 1 where greater or equal. */
  ge(other: Tensor | number): Tensor {
    return elementwise.ge(this, other);
  }
  /** 1 where less. */
  lt(other: Tensor | number): Tensor {
    return elementwise.lt(this, other);
  }
  /** 1 where less or equal. */
  le(other: Tensor | number): Tensor {
    return elementwise.le(this, other);
  }
  /** The same numbers as float32. */
  float(): Tensor {
    return elementwise.toFloat(this);
  }
  /** The same numbers as int32, cut towards zero. */
  int(): Tensor {
    return elementwise.toInt(this);
  }

  // Functions of one element.

  /** e to the power of each element. */
  exp(): Tensor {
    return elementwise.exp(this);
  }
  /** Natural logarithm. */
  log(): Tensor {
    return elementwise.log(this);
  }
  /** Square root. */
  sqrt(): Tensor {
    return elementwise.sqrt(this);
  }
  /** Absolute value. */
  abs(): Tensor {
    return elementwise.abs(this);
  }
  /** -1, 0 or 1. */
  sign(): Tensor {
    return elementwise.sign(this);
  }
  /** Sine. */
  sin(): Tensor {
    return elementwise.sin(this);
  }
  /** Cosine. */
  cos(): Tensor {
    return elementwise.cos(this);
  }
  /** Elements limited to [low, high]. */
  clip(low: number, high: number): Tensor {
    return elementwise.clip(this, low, high);
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return elementwise.tanh(this);
  }
  /** Logistic function. */
  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }
  /** max(x, 0). */
  relu(): Tensor {
    return elementwise.relu(this);
  }
  /** Gaussian error linear unit; exact unless `approximate` is "tanh". */
  gelu(options?: elementwise.GeluOptions): Tensor {
    return elementwise.gelu(this, options);
  }
  /** x sigmoid(x). */
  silu(): Tensor {
    return elementwise.silu(this);
  }
  /** log(1 + e^x). */
  softplus(): Tensor {
    return elementwise.softplus(this);
  }

  // Products.

  /** Matrix product; leading dimensions are a batch and broadcast. */
  matmul(other: Tensor): Tensor {
    return matmul(this, other);
  }

  // Reductions over one dimension, several, or all. `keepDim` leaves a size of 1.

  /** Sum. */
  sum(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.sum(this, dim, keepDim);
  }
  /** Mean. */
  mean(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.mean(this, dim, keepDim);
  }
  /** Variance, divided by n - `correction` (1 unless given). */
  var(dim?: reduce.Dims, keepDim?: boolean, correction?: number): Tensor {
    return reduce.variance(this, dim, keepDim, correction);
  }
  /** Standard deviation. */
  std(dim?: reduce.Dims, keepDim?: boolean, correction?: number): Tensor {
    return elementwise.sqrt(reduce.variance(this, dim, keepDim, correction));
  }
  /** Largest element. */
  max(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.max(this, dim, keepDim);
  }
  /** Smallest element. */
  min(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.min(this, dim, keepDim);
  }
  /** Index of the largest element (int32); of the flattened tensor without `dim`. */
  argmax(dim?: number, keepDim?: boolean): Tensor {
    return reduce.argmax(this, dim, keepDim);
  }
  /** log(sum(e^x)), without overflow. */
  logsumexp(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.logsumexp(this, dim, keepDim);
  }
  /** Euclidean norm. */
  norm(dim?: reduce.Dims, keepDim?: boolean): Tensor {
    return reduce.norm(this, dim, keepDim);
  }
  /** Running sum along a dimension. */
  cumsum(dim: number): Tensor {
    return reduce.cumsum(this, dim);
  }
  /** e^x / sum(e^x) along a dimension. */
  softmax(dim: number): Tensor {
    return softmax.softmax(this, dim);
  }
  /** log(softmax(x)), computed without rounding to log(0). */
  logSoftmax(dim: number): Tensor {
    return softmax.logSoftmax(this, dim);
  }

  // Shape.

  /** The same elements in another shape (shares memory); one size may be -1. */
  reshape(...shape: number[] | [Shape]): Tensor {
    return layout.reshape(this, (Array.isArray(shape[0]) ? shape[0] : shape) as Shape);
  }
  /** Merges the dimensions from `start` to `end` into one. */
  flatten(start = 0, end = -1): Tensor {
    return layout.flatten(this, start, end);
  }
  /** Removes dimensions of size 1: all, or the one given. */
  squeeze(dim?: number): Tensor {
    return layout.squeeze(this, dim);
  }
  /** Inserts a dimension of size 1. */
  unsqueeze(dim: number): Tensor {
    return layout.unsqueeze(this, dim);
  }
  /** Swaps two dimensions. */
  transpose(dim0: number, dim1: number): Tensor {
    return layout.transpose(this, dim0, dim1);
  }
  /** Reorders the dimensions. */
  permute(...dims: number[]): Tensor {
    return layout.permute(this, dims);
  }
  /** Repeats dimensions of size 1 to a larger shape. */
  expand(...shape: number[]): Tensor {
    return layout.expand(this, shape);
  }
  /** Part of the tensor: for each dimension an index, `[start, stop]`, `[start, stop, step]` or null for all. */
  slice(...ranges: layout.Range[]): Tensor {
    return layout.slice(this, ranges);
  }
  /** One index along a dimension, which disappears. */
  select(dim: number, index: number): Tensor {
    return layout.select(this, dim, index);
  }
  /** `length` indices along a dimension, from `start`. */
  narrow(dim: number, start: number, length: number): Tensor {
    return layout.narrow(this, dim, start, length);
  }
  /** Pieces of the given size (or sizes) along a dimension. */
  split(size: number | readonly number[], dim = 0): Tensor[] {
    return layout.split(this, size, dim);
  }

  // Indexing.

  /** `out[.., j, ..] = this[.., index[.., j, ..], ..]` along a dimension. */
  gather(dim: number, index: Tensor): Tensor {
    return indexing.gather(this, dim, index);
  }
  /** A copy to which `source` is added at the places `index` names along a dimension. */
  scatterAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    return indexing.scatterAdd(this, dim, index, source);
  }
  /** The given indices along a dimension. */
  indexSelect(dim: number, indices: Tensor | ArrayLike<number>): Tensor {
    return indexing.indexSelect(this, dim, indices);
  }
  /** A copy with `value` where `mask` (broadcast) isn't 0. */
  maskedFill(mask: Tensor, value: number): Tensor {
    return indexing.maskedFill(this, mask, value);
  }
}

function released(t: Tensor): string {
  const what = `this ${format(t.shape)} result of ${t.op}`;
  switch (t.storage.released) {
    case "backward":
      return `${what} was freed by backward(). To keep it, call retain() on it before backward(), ` +
        "or use backward({ retainGraph: true })";
    case "layer":
      return `${what} was freed by the layer that used it, since no backward pass needs it. To keep ` +
        "it, call retain() on it where it is made, or run the model inside keepResults()";
    case "scope":
      return `${what} was freed at the end of its scope(). To keep it, return it from the scope ` +
        "or call retain() on it";
    default:
      return `${what} was disposed of; use it before dispose(), or keep a clone()`;
  }
}

/** A tensor whose elements are whatever was in the memory before. */
export function uninitialized(shape: Shape, dtype: DType = "float32"): Tensor {
  return new Tensor(shape, dtype, allocate(sizeOf(shape) * 4));
}

/** Another tensor on the same memory. */
export function aliasOf(t: Tensor, shape: Shape = t.shape): Tensor {
  if (t.storage.released) throw new Error(released(t));
  t.storage.block.holders++;
  return new Tensor(shape, t.dtype, t.storage.block);
}

/** A copy without history. */
export function copyOf(t: Tensor): Tensor {
  const out = uninitialized(t.shape, t.dtype);
  launch(Op.Copy, chunksFor(t.size), out.address, t.address, t.size);
  return out;
}

/** a += scale * b, without history. */
export function addInPlace(a: Tensor, b: Tensor, scale = 1): void {
  launch(Op.Accumulate, chunksFor(a.size), a.address, b.address, a.size, scale);
}
