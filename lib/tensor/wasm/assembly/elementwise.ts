// Element-wise kernels. The kind is a compile-time constant inside each loop (the functions are
// inlined), so the switch costs nothing per element. Flat arrays are padded to whole vectors, so
// these loops may run over the end by up to three elements.
import { address, flatEnd, flatStart, float, int, start } from "./args";
import { BinaryKind, UnaryKind } from "./ops";
import {
  choose,
  constant,
  madd,
  nmadd,
  splat,
  storeTail,
  vexp,
  vexpFast,
  vlog,
  vlog1p,
  vnormalCdf,
  vsigmoid,
  vtanh,
} from "./simd";

/** args: out, value, n */
export function fill(c: i32, chunks: i32): void {
  const o = address(0), n = int(2), e = flatEnd(n, c, chunks), v = splat(float(1));
  for (let i = flatStart(n, c, chunks); i < e; i += 16) v128.store(o + i, v);
}

/** args: out, a, n */
export function copy(c: i32, chunks: i32): void {
  const o = address(0), a = address(1), n = int(2);
  const s = flatStart(n, c, chunks), e = flatEnd(n, c, chunks);
  if (e > s) memory.copy(o + s, a + s, e - s);
}

/** out += scale * a. args: out, a, n, scale */
export function accumulate(c: i32, chunks: i32): void {
  const o = address(0), a = address(1), n = int(2), e = flatEnd(n, c, chunks), f = float(3);
  let i = flatStart(n, c, chunks);
  if (f == 1) {
    for (; i < e; i += 16) v128.store(o + i, f32x4.add(v128.load(o + i), v128.load(a + i)));
  } else {
    const k = splat(f);
    for (; i < e; i += 16) v128.store(o + i, madd(v128.load(a + i), k, v128.load(o + i)));
  }
}

/** out = mask != 0 ? a : b, each of a and b an array (step 1) or one value (step 0). args: out, mask, a, aStep, b, bStep, n */
export function select(c: i32, chunks: i32): void {
  const o = address(0), m = address(1), a = address(2), as = int(3), b = address(4), bs = int(5);
  const n = int(6), e = flatEnd(n, c, chunks), x = v128.load32_splat(a), y = v128.load32_splat(b);
  for (let i = flatStart(n, c, chunks); i < e; i += 16) {
    // Masks are int32 or float32: every non-zero bit pattern but -0 compares as not equal to 0.
    const k = f32x4.ne(v128.load(m + i), splat(0));
    v128.store(o + i, choose(k, as ? v128.load(a + i) : x, bs ? v128.load(b + i) : y));
  }
}

function powLanes(x: v128, y: v128): v128 {
  let r = splat(f32(Math.pow(f64(f32x4.extract_lane(x, 0)), f64(f32x4.extract_lane(y, 0)))));
  r = f32x4.replace_lane(r, 1, f32(Math.pow(f64(f32x4.extract_lane(x, 1)), f64(f32x4.extract_lane(y, 1)))));
  r = f32x4.replace_lane(r, 2, f32(Math.pow(f64(f32x4.extract_lane(x, 2)), f64(f32x4.extract_lane(y, 2)))));
  return f32x4.replace_lane(r, 3, f32(Math.pow(f64(f32x4.extract_lane(x, 3)), f64(f32x4.extract_lane(y, 3)))));
}
function sinLanes(x: v128): v128 {
  let r = splat(f32(Math.sin(f64(f32x4.extract_lane(x, 0)))));
  r = f32x4.replace_lane(r, 1, f32(Math.sin(f64(f32x4.extract_lane(x, 1)))));
  r = f32x4.replace_lane(r, 2, f32(Math.sin(f64(f32x4.extract_lane(x, 2)))));
  return f32x4.replace_lane(r, 3, f32(Math.sin(f64(f32x4.extract_lane(x, 3)))));
}
function cosLanes(x: v128): v128 {
  let r = splat(f32(Math.cos(f64(f32x4.extract_lane(x, 0)))));
  r = f32x4.replace_lane(r, 1, f32(Math.cos(f64(f32x4.extract_lane(x, 1)))));
  r = f32x4.replace_lane(r, 2, f32(Math.cos(f64(f32x4.extract_lane(x, 2)))));
  return f32x4.replace_lane(r, 3, f32(Math.cos(f64(f32x4.extract_lane(x, 3)))));
}

// @ts-ignore: decorator
@inline
function apply2(kind: i32, x: v128, y: v128): v128 {
  const one = i32x4.splat(1);
  switch (kind) {
    case BinaryKind.Add: return f32x4.add(x, y);
    case BinaryKind.Sub: return f32x4.sub(x, y);
    case BinaryKind.Mul: return f32x4.mul(x, y);
    case BinaryKind.Div: return f32x4.div(x, y);
    case BinaryKind.Pow: return powLanes(x, y);
    case BinaryKind.Maximum: return f32x4.max(x, y);
    case BinaryKind.Minimum: return f32x4.min(x, y);
    case BinaryKind.Equal: return v128.and(f32x4.eq(x, y), one);
    case BinaryKind.NotEqual: return v128.and(f32x4.ne(x, y), one);
    case BinaryKind.Greater: return v128.and(f32x4.gt(x, y), one);
    case BinaryKind.GreaterEqual: return v128.and(f32x4.ge(x, y), one);
    case BinaryKind.Less: return v128.and(f32x4.lt(x, y), one);
    default: return v128.and(f32x4.le(x, y), one);
  }
}

/** `count` elements; an operand with step 0 is one value repeated. */
// @ts-ignore: decorator
@inline
function span2(kind: i32, o: usize, a: usize, as: i32, b: usize, bs: i32, count: i32): void {
  const x = v128.load32_splat(a), y = v128.load32_splat(b), e = usize(count & ~3) << 2;
  let i: usize = 0;
  if (as && bs) {
    for (; i < e; i += 16) v128.store(o + i, apply2(kind, v128.load(a + i), v128.load(b + i)));
  } else {
    for (; i < e; i += 16) {
      v128.store(o + i, apply2(kind, as ? v128.load(a + i) : x, bs ? v128.load(b + i) : y));
    }
  }
  if (count & 3) {
    storeTail(o + i, apply2(kind, as ? v128.load(a + i) : x, bs ? v128.load(b + i) : y), count & 3);
  }
}

/**
 * NumPy broadcasting. After the caller merged neighbouring dimensions, each operand is contiguous
 * or repeated along the innermost one; the outer ones are walked like an odometer.
 * args: kind, out, a, aStep, b, bStep, inner, outer, dims, then per outer dimension (last first)
 * its size, a's stride and b's stride.
 */
// @ts-ignore: decorator
@inline
function broadcast2(kind: i32, c: i32, chunks: i32): void {
  const o = address(1), a = address(2), as = int(3), b = address(4), bs = int(5);
  const inner = int(6), outer = int(7), dims = int(8);
  if (outer == 1) {
    const s = flatStart(inner, c, chunks), e = min(usize(inner) << 2, flatEnd(inner, c, chunks));
    if (e > s) span2(kind, o + s, as ? a + s : a, as, bs ? b + s : b, bs, i32((e - s) >> 2));
    return;
  }
  const r1 = start(outer, c + 1, chunks);
  for (let r = start(outer, c, chunks); r < r1; r++) {
    let rest = r, ao = 0, bo = 0;
    for (let d = 0; d < dims; d++) {
      const size = int(9 + d * 3), k = rest % size;
      rest /= size;
      ao += k * int(10 + d * 3);
      bo += k * int(11 + d * 3);
    }
    span2(kind, o + (usize(r) * usize(inner) << 2), a + (usize(ao) << 2), as, b + (usize(bo) << 2), bs, inner);
  }
}

export function binary(c: i32, chunks: i32): void {
  switch (int(0)) {
    case BinaryKind.Add: broadcast2(BinaryKind.Add, c, chunks); break;
    case BinaryKind.Sub: broadcast2(BinaryKind.Sub, c, chunks); break;
    case BinaryKind.Mul: broadcast2(BinaryKind.Mul, c, chunks); break;
    case BinaryKind.Div: broadcast2(BinaryKind.Div, c, chunks); break;
    case BinaryKind.Pow: broadcast2(BinaryKind.Pow, c, chunks); break;
    case BinaryKind.Maximum: broadcast2(BinaryKind.Maximum, c, chunks); break;
    case BinaryKind.Minimum: broadcast2(BinaryKind.Minimum, c, chunks); break;
    case BinaryKind.Equal: broadcast2(BinaryKind.Equal, c, chunks); break;
    case BinaryKind.NotEqual: broadcast2(BinaryKind.NotEqual, c, chunks); break;
    case BinaryKind.Greater: broadcast2(BinaryKind.Greater, c, chunks); break;
    case BinaryKind.GreaterEqual: broadcast2(BinaryKind.GreaterEqual, c, chunks); break;
    case BinaryKind.Less: broadcast2(BinaryKind.Less, c, chunks); break;
    default: broadcast2(BinaryKind.LessEqual, c, chunks);
  }
}

/** 2 sqrt(2 / pi), its cubic term's factor, 1, the exponent's limit, the slope's factor of x², -2 sqrt(2 / pi). */
const GELU: usize = memory.data<f32>([1.5957691216, 0.044715, 1, 64, 0.2140644447, -1.5957691216]);

/**
 * The tanh approximation of GELU (Hendrycks & Gimpel 2016) is x sigmoid(2u) with
 * u = sqrt(2/pi) (x + 0.044715 x³); this is the sigmoid, with z = x².
 */
// @ts-ignore: decorator
@inline
export function geluTanhGate(x: v128, z: v128): v128 {
  const one = constant(GELU, 2);
  const t = f32x4.mul(f32x4.mul(x, constant(GELU, 5)), madd(z, constant(GELU, 1), one)); // -2u
  // Below e^-64 the gate stays put: nobody misses the difference, and denormals are slow.
  const e = vexpFast(f32x4.pmin(t, constant(GELU, 3)));
  return f32x4.div(one, f32x4.add(one, e));
}
/** Its slope: s + x s (1 - s) d(2u)/dx, with s the gate. */
// @ts-ignore: decorator
@inline
export function geluTanhSlopeFrom(x: v128, z: v128, s: v128): v128 {
  const du2 = madd(z, constant(GELU, 4), constant(GELU, 0));
  return madd(f32x4.mul(x, du2), f32x4.mul(s, f32x4.sub(constant(GELU, 2), s)), s);
}
/** The standard normal's density. */
// @ts-ignore: decorator
@inline
export function normalDensity(x: v128): v128 {
  return f32x4.mul(splat(0.3989422804), vexpFast(f32x4.mul(f32x4.mul(x, x), splat(-0.5))));
}

// @ts-ignore: decorator
@inline
function apply1(kind: i32, x: v128, p: f32, q: f32): v128 {
  switch (kind) {
    case UnaryKind.Affine: return madd(x, splat(p), splat(q));
    case UnaryKind.Exp: return vexp(x);
    case UnaryKind.Log: return vlog(x);
    case UnaryKind.Sqrt: return f32x4.sqrt(x);
    case UnaryKind.Abs: return f32x4.abs(x);
    case UnaryKind.Clip: return f32x4.min(f32x4.max(x, splat(p)), splat(q));
    case UnaryKind.Tanh: return vtanh(x);
    case UnaryKind.Sigmoid: return vsigmoid(x);
    case UnaryKind.Relu: return f32x4.max(x, splat(0));
    case UnaryKind.GeluTanh: return f32x4.mul(x, geluTanhGate(x, f32x4.mul(x, x)));
    case UnaryKind.GeluErf: return f32x4.mul(x, vnormalCdf(x));
    case UnaryKind.Silu: return f32x4.mul(x, vsigmoid(x));
    case UnaryKind.Reciprocal: return f32x4.div(splat(1), x);
    case UnaryKind.PowScalar: return powLanes(x, splat(p));
    case UnaryKind.Sign:
      return v128.and(f32x4.ne(x, splat(0)), v128.or(splat(1), v128.and(x, i32x4.splat(0x80000000))));
    case UnaryKind.ToFloat: return f32x4.convert_i32x4_s(x);
    case UnaryKind.ToInt: return i32x4.trunc_sat_f32x4_s(x);
    case UnaryKind.Sin: return sinLanes(x);
    case UnaryKind.Cos: return cosLanes(x);
    default: // Softplus: max(x, 0) + log(1 + e^-|x|)
      return f32x4.add(
        f32x4.max(x, splat(0)),
        vlog1p(vexp(f32x4.neg(f32x4.abs(x)))),
      );
  }
}

/** args: kind, out, x, n, p, q */
// @ts-ignore: decorator
@inline
function map1(kind: i32, c: i32, chunks: i32): void {
  const o = address(1), a = address(2), n = int(3), e = flatEnd(n, c, chunks), p = float(4), q = float(5);
  for (let i = flatStart(n, c, chunks); i < e; i += 16) v128.store(o + i, apply1(kind, v128.load(a + i), p, q));
}

export function unary(c: i32, chunks: i32): void {
  switch (int(0)) {
    case UnaryKind.Affine: map1(UnaryKind.Affine, c, chunks); break;
    case UnaryKind.Exp: map1(UnaryKind.Exp, c, chunks); break;
    case UnaryKind.Log: map1(UnaryKind.Log, c, chunks); break;
    case UnaryKind.Sqrt: map1(UnaryKind.Sqrt, c, chunks); break;
    case UnaryKind.Abs: map1(UnaryKind.Abs, c, chunks); break;
    case UnaryKind.Clip: map1(UnaryKind.Clip, c, chunks); break;
    case UnaryKind.Tanh: map1(UnaryKind.Tanh, c, chunks); break;
    case UnaryKind.Sigmoid: map1(UnaryKind.Sigmoid, c, chunks); break;
    case UnaryKind.Relu: map1(UnaryKind.Relu, c, chunks); break;
    case UnaryKind.GeluTanh: map1(UnaryKind.GeluTanh, c, chunks); break;
    case UnaryKind.GeluErf: map1(UnaryKind.GeluErf, c, chunks); break;
    case UnaryKind.Silu: map1(UnaryKind.Silu, c, chunks); break;
    case UnaryKind.Reciprocal: map1(UnaryKind.Reciprocal, c, chunks); break;
    case UnaryKind.PowScalar: map1(UnaryKind.PowScalar, c, chunks); break;
    case UnaryKind.Sign: map1(UnaryKind.Sign, c, chunks); break;
    case UnaryKind.ToFloat: map1(UnaryKind.ToFloat, c, chunks); break;
    case UnaryKind.ToInt: map1(UnaryKind.ToInt, c, chunks); break;
    case UnaryKind.Sin: map1(UnaryKind.Sin, c, chunks); break;
    case UnaryKind.Cos: map1(UnaryKind.Cos, c, chunks); break;
    default: map1(UnaryKind.Softplus, c, chunks);
  }
}

/** The slope of each function, from its input x or, where that is cheaper, from its output (also called x here). */
// @ts-ignore: decorator
@inline
function slope(kind: i32, x: v128, p: f32, q: f32): v128 {
  switch (kind) {
    case UnaryKind.Affine: return splat(p);
    case UnaryKind.Exp: return x; // from the output
    case UnaryKind.Log: return f32x4.div(splat(1), x);
    case UnaryKind.Sqrt: return f32x4.div(splat(0.5), x); // from the output
    case UnaryKind.Abs: return apply1(UnaryKind.Sign, x, 0, 0);
    case UnaryKind.Clip:
      return v128.and(v128.and(f32x4.ge(x, splat(p)), f32x4.le(x, splat(q))), splat(1));
    case UnaryKind.Tanh: return nmadd(x, x, splat(1)); // from the output
    case UnaryKind.Sigmoid: return f32x4.mul(x, f32x4.sub(splat(1), x)); // from the output
    case UnaryKind.Relu: return v128.and(f32x4.gt(x, splat(0)), splat(1));
    case UnaryKind.GeluTanh: {
      const z = f32x4.mul(x, x);
      return geluTanhSlopeFrom(x, z, geluTanhGate(x, z));
    }
    case UnaryKind.GeluErf: return madd(x, normalDensity(x), vnormalCdf(x));
    case UnaryKind.Silu: {
      const s = vsigmoid(x);
      return madd(f32x4.mul(x, s), f32x4.sub(splat(1), s), s);
    }
    case UnaryKind.Reciprocal: return f32x4.neg(f32x4.mul(x, x)); // from the output
    case UnaryKind.PowScalar: return f32x4.mul(splat(p), powLanes(x, splat(p - 1)));
    case UnaryKind.Sin: return cosLanes(x);
    case UnaryKind.Cos: return f32x4.neg(sinLanes(x));
    default: return vsigmoid(x);
  }
}

/** dx = dy * slope(x), added to what dx holds if `add`. args: kind, dx, x, dy, n, p, q, add */
// @ts-ignore: decorator
@inline
function map1Backward(kind: i32, c: i32, chunks: i32): void {
  const o = address(1), a = address(2), g = address(3), n = int(4), e = flatEnd(n, c, chunks);
  const p = float(5), q = float(6), add = int(7);
  for (let i = flatStart(n, c, chunks); i < e; i += 16) {
    const d = f32x4.mul(v128.load(g + i), slope(kind, v128.load(a + i), p, q));
    v128.store(o + i, add ? f32x4.add(d, v128.load(o + i)) : d);
  }
}

export function unaryBackward(c: i32, chunks: i32): void {
  switch (int(0)) {
    case UnaryKind.Affine: map1Backward(UnaryKind.Affine, c, chunks); break;
    case UnaryKind.Exp: map1Backward(UnaryKind.Exp, c, chunks); break;
    case UnaryKind.Log: map1Backward(UnaryKind.Log, c, chunks); break;
    case UnaryKind.Sqrt: map1Backward(UnaryKind.Sqrt, c, chunks); break;
    case UnaryKind.Abs: map1Backward(UnaryKind.Abs, c, chunks); break;
    case UnaryKind.Clip: map1Backward(UnaryKind.Clip, c, chunks); break;
    case UnaryKind.Tanh: map1Backward(UnaryKind.Tanh, c, chunks); break;
    case UnaryKind.Sigmoid: map1Backward(UnaryKind.Sigmoid, c, chunks); break;
    case UnaryKind.Relu: map1Backward(UnaryKind.Relu, c, chunks); break;
    case UnaryKind.GeluTanh: map1Backward(UnaryKind.GeluTanh, c, chunks); break;
    case UnaryKind.GeluErf: map1Backward(UnaryKind.GeluErf, c, chunks); break;
    case UnaryKind.Silu: map1Backward(UnaryKind.Silu, c, chunks); break;
    case UnaryKind.Reciprocal: map1Backward(UnaryKind.Reciprocal, c, chunks); break;
    case UnaryKind.PowScalar: map1Backward(UnaryKind.PowScalar, c, chunks); break;
    case UnaryKind.Sin: map1Backward(UnaryKind.Sin, c, chunks); break;
    case UnaryKind.Cos: map1Backward(UnaryKind.Cos, c, chunks); break;
    default: map1Backward(UnaryKind.Softplus, c, chunks);
  }
}
