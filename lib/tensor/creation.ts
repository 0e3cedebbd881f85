/**
 * Making tensors from numbers.
 *
 * @module
 */
import { format, type Shape, sizeOf } from "./shapes.ts";
import { type DType, type NestedNumbers, type Tensor, uninitialized } from "./tensor.ts";
import { runScope, type Storage } from "./memory.ts";
import { Tensor as TensorClass } from "./tensor.ts";

/** How to make a tensor. */
export interface TensorOptions {
  /** Kind of element; "float32" unless the data is an `Int32Array`. */
  dtype?: DType;
  /** Whether it is to be trained. */
  requiresGrad?: boolean;
}

/** Numbers a tensor can be made from. */
export type TensorData =
  | NestedNumbers
  | ArrayLike<number>
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[];

/** The shape of nested arrays; checks that they are not ragged. */
function measure(data: unknown): number[] {
  if (typeof data === "number") return [];
  if (ArrayBuffer.isView(data)) return [(data as unknown as ArrayLike<number>).length];
  if (!Array.isArray(data)) {
    throw new TypeError(`tensor: expected numbers or nested arrays but found ${typeof data}`);
  }
  if (data.length === 0) return [0];
  const inner = measure(data[0]);
  for (const [i, part] of data.entries()) {
    const other = typeof part === "number" ? [] : measure(part);
    if (other.length !== inner.length || other.some((s, d) => s !== inner[d])) {
      throw new TypeError(
        `tensor: ragged data: element 0 has shape ${format(inner)} but element ${i} ${
          format(other)
        }`,
      );
    }
  }
  return [data.length, ...inner];
}

function finish(t: Tensor, op: string, options: TensorOptions): Tensor {
  t.op = op;
  if (options.requiresGrad) t.requiresGrad = true;
  return t;
}

/**
 * A tensor with a copy of the given numbers.
 *
 * @param data A number, nested arrays, or a typed array.
 * @param options With `shape`, flat data is read in row-major order.
 * @throws {TypeError} If the arrays are ragged or don't fit the shape.
 * @example
 * ```ts
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tensor([[1, 2, 3], [4, 5, 6]]).shape, [2, 3]);
 * assertEquals(tensor([1, 2, 3, 4], { shape: [2, 2] }).toArray(), [[1, 2], [3, 4]]);
 * ```
 */
export function tensor(data: TensorData, options: TensorOptions & { shape?: Shape } = {}): Tensor {
  const found = measure(data), shape = options.shape ?? found;
  if (sizeOf(shape) !== sizeOf(found)) {
    throw new TypeError(
      `tensor: ${sizeOf(found)} numbers given for shape ${format(shape)}, expected ${
        sizeOf(shape)
      }`,
    );
  }
  const dtype = options.dtype ?? (data instanceof Int32Array ? "int32" : "float32");
  const t = uninitialized([...shape], dtype), to = t.data;
  if (ArrayBuffer.isView(data)) to.set(data as unknown as ArrayLike<number>);
  else {
    let at = 0;
    const copy = (part: unknown): void => {
      if (typeof part === "number") to[at++] = part;
      else if (ArrayBuffer.isView(part)) {
        to.set(part as unknown as ArrayLike<number>, at);
        at += (part as unknown as ArrayLike<number>).length;
      } else for (const p of part as unknown[]) copy(p);
    };
    copy(data);
  }
  return finish(t, "tensor", options);
}

/** A tensor filled with one number. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const t = uninitialized([...shape], options.dtype ?? "float32");
  t.data.fill(value);
  return finish(t, "full", options);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 1, options);
}

/** Zeros in the shape and kind of another tensor. */
export function zerosLike(t: Tensor): Tensor {
  return zeros(t.shape, { dtype: t.dtype });
}

/** Ones in the shape and kind of another tensor. */
export function onesLike(t: Tensor): Tensor {
  return ones(t.shape, { dtype: t.dtype });
}

/**
 * Numbers from `start` up to but not including `stop`: `arange(3)` is 0, 1, 2.
 *
 * @throws {RangeError} If the step is 0.
 */
export function arange(
  start: number,
  stop?: number,
  step = 1,
  options: TensorOptions = {},
): Tensor {
  if (step === 0) throw new RangeError("arange: step must not be 0");
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const n = Math.max(0, Math.ceil((to - from) / step));
  const t = uninitialized([n], options.dtype ?? "float32"), data = t.data;
  for (let i = 0; i < n; i++) data[i] = from + i * step;
  return finish(t, "arange", options);
}

/** The identity matrix. */
export function eye(n: number, options: TensorOptions = {}): Tensor {
  const t = zeros([n, n], options), data = t.data;
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return t;
}

/**
 * Runs `body` and frees every tensor made in it, except those in its result, those that
 * `retain()`ed, trainable leaves, and gradients of leaves. Wrap the body of a loop in it.
 *
 * @param body A function that finishes before it returns (not async).
 * @returns What `body` returns; tensors in it (also in arrays and plain objects) stay alive.
 * @throws {TypeError} If `body` returns a promise.
 * @example
 * ```ts
 * import { ones, scope } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const total = scope(() => ones([10]).mul(2).sum());
 * assertEquals(total.item(), 20);
 * ```
 */
export function scope<T>(body: () => T): T {
  return runScope(body, (result) => {
    if (result instanceof Promise) {
      throw new TypeError("scope: expected a function that returns at once but it is async");
    }
    const found = new Set<Storage>();
    collect(result, found);
    return found;
  });
}
function collect(value: unknown, found: Set<Storage>): void {
  if (value instanceof TensorClass) found.add(value.storage);
  else if (Array.isArray(value)) value.forEach((v) => collect(v, found));
  else if (value instanceof Map) value.forEach((v) => collect(v, found));
  else if (value && Object.getPrototypeOf(value) === Object.prototype) {
    Object.values(value).forEach((v) => collect(v, found));
  }
}
