/**
 * Element by element: arithmetic with broadcasting, comparisons, and functions of one number. Each
 * operation states its derivative beside its value.
 *
 * @module
 */
import { record } from "../autograd.ts";
import type { Gradients } from "../gradients.ts";
import { broadcastShapes, broadcastStrides, format, mergeLoops, sameShape } from "../shapes.ts";
import { type Tensor, uninitialized } from "../tensor.ts";
import { BinaryKind, Op, UnaryKind } from "../wasm/assembly/ops.ts";
import { launch } from "../wasm/runtime.ts";
import { chunksFor } from "../wasm/threads.ts";
import { sumTo } from "./reduce.ts";

/** @throws {TypeError} If the tensor isn't float32. */
export function expectFloat(op: string, ...tensors: Tensor[]): void {
  for (const t of tensors) {
    if (t.dtype !== "float32") {
      throw new TypeError(
        `${op}: expected float32 but found ${t.dtype} of shape ${
          format(t.shape)
        }; convert it with float()`,
      );
    }
  }
}

/** A number as a tensor of shape []. */
export function scalar(value: number): Tensor {
  const t = uninitialized([]);
  t.data[0] = value;
  return t;
}

/** Runs a two-operand kernel over the broadcast shape, `into` a tensor if that is of both shapes; no history. */
function combine(kind: BinaryKind, op: string, a: Tensor, b: Tensor, into?: Tensor): Tensor {
  const isMask = kind >= BinaryKind.Equal;
  if (sameShape(a.shape, b.shape)) {
    const out = into ?? uninitialized(a.shape, isMask ? "int32" : "float32"), n = a.size;
    launch(Op.Binary, chunksFor(n), kind, out.address, a.address, 1, b.address, 1, n, 1, 0);
    return out;
  }
  const shape = broadcastShapes(op, a.shape, b.shape);
  const out = uninitialized(shape, isMask ? "int32" : "float32");
  if (out.size === 0) return out;
  const loops = mergeLoops(shape, [
    broadcastStrides(a.shape, shape),
    broadcastStrides(b.shape, shape),
  ]);
  const [as, bs] = loops.strides as [number[], number[]], last = loops.sizes.length - 1;
  const inner = loops.sizes[last]!, outer: number[] = [];
  for (let d = last - 1; d >= 0; d--) outer.push(loops.sizes[d]!, as[d]!, bs[d]!);
  launch(
    Op.Binary,
    chunksFor(out.size),
    ...[kind, out.address, a.address, as[last]!, b.address, bs[last]!],
    ...[inner, out.size / inner, last, ...outer],
  );
  return out;
}

/** One function of one number, applied to each element; no history. */
export function map(kind: UnaryKind, x: Tensor, p = 0, q = 0): Tensor {
  const out = uninitialized(x.shape, kind === UnaryKind.ToInt ? "int32" : "float32");
  launch(Op.Unary, chunksFor(x.size * 4), kind, out.address, x.address, x.size, p, q);
  return out;
}

/** Adds dy * slope to the gradient of x; `from` is what the slope is computed from, x or the result. */
function mapBackward(
  kind: UnaryKind,
  x: Tensor,
  from: Tensor,
  dy: Tensor,
  gradients: Gradients,
  p = 0,
  q = 0,
): void {
  const { address, add } = gradients.into(x), n = x.size;
  launch(
    Op.UnaryBackward,
    chunksFor(n * 4),
    ...[kind, address, from.address, dy.address, n, p, q, add],
  );
}

/** An operation whose slope follows from its input, or, with `fromResult`, from its result. */
function unary(
  op: string,
  kind: UnaryKind,
  x: Tensor,
  p = 0,
  q = 0,
  fromResult = false,
): Tensor {
  expectFloat(op, x);
  const y = map(kind, x, p, q), reads = kind === UnaryKind.Affine ? [] : [fromResult ? y : x];
  return record(
    op,
    y,
    [x],
    (dy, g) => mapBackward(kind, x, reads[0] ?? dy, dy, g, p, q), // a constant slope reads nothing
    { reads },
  );
}

/** Hands a gradient of the broadcast shape to an operand, summed to its shape; takes it over. */
function giveSummed(gradients: Gradients, t: Tensor, g: Tensor): void {
  if (sameShape(g.shape, t.shape)) return gradients.give(t, g);
  const s = sumTo(g, t.shape);
  g.dispose();
  gradients.give(t, s);
}

/** What arithmetic takes beside a tensor: another tensor or a number. */
export type Operand = Tensor | number;

/** a + b. */
export function add(a: Tensor, b: Operand): Tensor {
  if (typeof b === "number") return unary("add", UnaryKind.Affine, a, 1, b);
  expectFloat("add", a, b);
  return record("add", combine(BinaryKind.Add, "add", a, b), [a, b], (dy, g) => {
    if (g.wants(a)) giveSummed(g, a, g.alias(dy));
    if (g.wants(b)) giveSummed(g, b, g.alias(dy));
  }, { reads: [] });
}

/** a - b. */
export function sub(a: Tensor, b: Operand): Tensor {
  if (typeof b === "number") return unary("sub", UnaryKind.Affine, a, 1, -b);
  expectFloat("sub", a, b);
  return record("sub", combine(BinaryKind.Sub, "sub", a, b), [a, b], (dy, g) => {
    if (g.wants(a)) giveSummed(g, a, g.alias(dy));
    if (g.wants(b)) giveSummed(g, b, map(UnaryKind.Affine, dy, -1));
  }, { reads: [] });
}

/** a * b. */
export function mul(a: Tensor, b: Operand): Tensor {
  if (typeof b === "number") return unary("mul", UnaryKind.Affine, a, b, 0);
  expectFloat("mul", a, b);
  return record("mul", combine(BinaryKind.Mul, "mul", a, b), [a, b], (dy, g) => {
    if (g.wants(a)) giveSummed(g, a, combine(BinaryKind.Mul, "mul", dy, b));
    if (g.wants(b)) giveSummed(g, b, combine(BinaryKind.Mul, "mul", dy, a));
  }, { reads: [...(a.requiresGrad ? [b] : []), ...(b.requiresGrad ? [a] : [])] });
}

/** a / b. */
export function div(a: Tensor, b: Operand): Tensor {
  expectFloat("div", a);
  // Dividing by a constant is not multiplying by its rounded reciprocal: keep the exact quotient.
  if (typeof b === "number") return divide(a, scalar(b), [a]);
  expectFloat("div", b);
  return divide(a, b, [a, b]);
}
function divide(a: Tensor, b: Tensor, inputs: Tensor[]): Tensor {
  const y = combine(BinaryKind.Div, "div", a, b), constant = inputs.length === 1;
  return record("div", y, inputs, (dy, g) => {
    if (g.wants(a)) giveSummed(g, a, combine(BinaryKind.Div, "div", dy, b));
    if (!constant && g.wants(b)) { // d(a/b)/db = -y/b
      const t = combine(BinaryKind.Mul, "div", dy, y), u = combine(BinaryKind.Div, "div", t, b);
      giveSummed(g, b, map(UnaryKind.Affine, u, -1));
      t.dispose();
      u.dispose();
    }
  }, { saved: constant ? [b] : [] });
}

/** a to the power b; with 0 the slope in b at a = 0 is taken as 0. */
export function pow(a: Tensor, b: Operand): Tensor {
  if (typeof b === "number") {
    if (b === 2) return mul(a, a);
    if (b === 0.5) return sqrt(a);
    if (b === -1) return unary("pow", UnaryKind.Reciprocal, a, 0, 0, true);
    return unary("pow", UnaryKind.PowScalar, a, b);
  }
  expectFloat("pow", a, b);
  const y = combine(BinaryKind.Pow, "pow", a, b);
  return record("pow", y, [a, b], (dy, g) => {
    if (g.wants(a)) { // b a^(b-1)
      const less = map(UnaryKind.Affine, b, 1, -1), p = combine(BinaryKind.Pow, "pow", a, less);
      const slope = combine(BinaryKind.Mul, "pow", p, b);
      giveSummed(g, a, combine(BinaryKind.Mul, "pow", dy, slope));
      [less, p, slope].forEach((t) => t.dispose());
    }
    if (g.wants(b)) { // y log(a)
      const safe = map(UnaryKind.Clip, a, 1e-45, Infinity), l = map(UnaryKind.Log, safe);
      const slope = combine(BinaryKind.Mul, "pow", y, l);
      giveSummed(g, b, combine(BinaryKind.Mul, "pow", dy, slope));
      [safe, l, slope].forEach((t) => t.dispose());
    }
  });
}

/** Larger or smaller of two; where they are equal each gets half of the gradient, as in PyTorch. */
function extreme(op: string, kind: BinaryKind, a: Tensor, b: Operand): Tensor {
  const other = typeof b === "number" ? scalar(b) : b;
  expectFloat(op, a, other);
  const y = combine(kind, op, a, other), inputs = typeof b === "number" ? [a] : [a, b];
  const wins = kind === BinaryKind.Maximum ? BinaryKind.Greater : BinaryKind.Less;
  const share = (dy: Tensor, t: Tensor, rival: Tensor): Tensor => {
    const strict = combine(wins, op, t, rival), tie = combine(BinaryKind.Equal, op, t, rival);
    const one = map(UnaryKind.ToFloat, strict), same = map(UnaryKind.ToFloat, tie);
    const half = map(UnaryKind.Affine, same, 0.5), part = combine(BinaryKind.Add, op, one, half);
    const out = combine(BinaryKind.Mul, op, dy, part);
    [strict, tie, one, same, half, part].forEach((x) => x.dispose());
    return out;
  };
  return record(op, y, inputs, (dy, g) => {
    if (g.wants(a)) giveSummed(g, a, share(dy, a, other));
    if (g.wants(other)) giveSummed(g, other, share(dy, other, a));
  }, { saved: typeof b === "number" ? [other] : [] });
}

/** The larger of a and b. */
export function maximum(a: Tensor, b: Operand): Tensor {
  return extreme("maximum", BinaryKind.Maximum, a, b);
}

/** The smaller of a and b. */
export function minimum(a: Tensor, b: Operand): Tensor {
  return extreme("minimum", BinaryKind.Minimum, a, b);
}

/** A comparison; int32 operands are compared as floats, exact up to 2^24. */
function compare(op: string, kind: BinaryKind, a: Tensor, b: Operand): Tensor {
  const made: Tensor[] = [];
  const asFloat = (t: Tensor) => {
    if (t.dtype === "float32") return t;
    made.push(map(UnaryKind.ToFloat, t));
    return made.at(-1)!;
  };
  const x = asFloat(a);
  if (typeof b === "number") made.push(scalar(b));
  const y = typeof b === "number" ? made.at(-1)! : asFloat(b), out = combine(kind, op, x, y);
  made.forEach((t) => t.dispose());
  return record(op, out, typeof b === "number" ? [a] : [a, b]);
}

/** 1 where a = b. */
export const eq = (a: Tensor, b: Operand): Tensor => compare("eq", BinaryKind.Equal, a, b);
/** 1 where a ≠ b. */
export const ne = (a: Tensor, b: Operand): Tensor => compare("ne", BinaryKind.NotEqual, a, b);
/** 1 where a > b. */
export const gt = (a: Tensor, b: Operand): Tensor => compare("gt", BinaryKind.Greater, a, b);
/** 1 where a ≥ b. */
export const ge = (a: Tensor, b: Operand): Tensor => compare("ge", BinaryKind.GreaterEqual, a, b);
/** 1 where a < b. */
export const lt = (a: Tensor, b: Operand): Tensor => compare("lt", BinaryKind.Less, a, b);
/** 1 where a ≤ b. */
export const le = (a: Tensor, b: Operand): Tensor => compare("le", BinaryKind.LessEqual, a, b);

/** int32 to float32; a float32 tensor is returned as it is. */
export function toFloat(x: Tensor): Tensor {
  return x.dtype === "float32" ? x : record("float", map(UnaryKind.ToFloat, x), [x]);
}

/** float32 to int32, cut towards zero. */
export function toInt(x: Tensor): Tensor {
  return x.dtype === "int32" ? x : record("int", map(UnaryKind.ToInt, x), [x]);
}

/** -x. */
export const neg = (x: Tensor): Tensor => unary("neg", UnaryKind.Affine, x, -1, 0);
/** e^x. */
export const exp = (x: Tensor): Tensor => unary("exp", UnaryKind.Exp, x, 0, 0, true);
/** log(x). */
export const log = (x: Tensor): Tensor => unary("log", UnaryKind.Log, x);
/** √x. */
export const sqrt = (x: Tensor): Tensor => unary("sqrt", UnaryKind.Sqrt, x, 0, 0, true);
/** |x|. */
export const abs = (x: Tensor): Tensor => unary("abs", UnaryKind.Abs, x);
/** sin(x). */
export const sin = (x: Tensor): Tensor => unary("sin", UnaryKind.Sin, x);
/** cos(x). */
export const cos = (x: Tensor): Tensor => unary("cos", UnaryKind.Cos, x);
/** tanh(x). */
export const tanh = (x: Tensor): Tensor => unary("tanh", UnaryKind.Tanh, x, 0, 0, true);
/** 1 / (1 + e^-x). */
export const sigmoid = (x: Tensor): Tensor => unary("sigmoid", UnaryKind.Sigmoid, x, 0, 0, true);
/** max(x, 0). */
export const relu = (x: Tensor): Tensor => unary("relu", UnaryKind.Relu, x);
/** x sigmoid(x). */
export const silu = (x: Tensor): Tensor => unary("silu", UnaryKind.Silu, x);
/** log(1 + e^x). */
export const softplus = (x: Tensor): Tensor => unary("softplus", UnaryKind.Softplus, x);
/** x limited to [low, high]. */
export const clip = (x: Tensor, low: number, high: number): Tensor =>
  unary("clip", UnaryKind.Clip, x, low, high);

/** -1, 0 or 1; the gradient is 0. */
export function sign(x: Tensor): Tensor {
  expectFloat("sign", x);
  return record("sign", map(UnaryKind.Sign, x), [x]);
}

/** Which GELU. */
export interface GeluOptions {
  /** "none" (default): x Φ(x) exactly; "tanh": GPT-2's approximation. */
  approximate?: "none" | "tanh";
}

/** Gaussian error linear unit (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  return unary(
    "gelu",
    options.approximate === "tanh" ? UnaryKind.GeluTanh : UnaryKind.GeluErf,
    x,
  );
}

/** a * b of one shape, `into` a tensor of it, without history. */
export function times(a: Tensor, b: Tensor, into?: Tensor): Tensor {
  return combine(BinaryKind.Mul, "mul", a, b, into);
}
