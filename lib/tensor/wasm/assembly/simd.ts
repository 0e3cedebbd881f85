// Four floats at a time: loads and stores of partial vectors, horizontal sums, and the functions
// the CPU has no instruction for. Polynomials are those of the Cephes library (Moshier), accurate
// to about 2 units in the last place.

// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** a * b + c in one rounding where the CPU can (relaxed SIMD). */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** c - a * b. */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_nmadd(a, b, c);
}

// @ts-ignore: decorator
@inline
export function hsum(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

// @ts-ignore: decorator
@inline
export function hmax(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

// @ts-ignore: decorator
@inline
export function hmin(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** All ones in the first `n` lanes (0 to 4), zero in the others. */
// @ts-ignore: decorator
@inline
export function lanes(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

/** Loads 4 floats of which only the first `n` count; the others become `rest`. Buffers are padded, so reading past a row is safe. */
// @ts-ignore: decorator
@inline
export function loadTail(p: usize, n: i32, rest: v128): v128 {
  return v128.bitselect(v128.load(p), rest, lanes(n));
}

/** Stores the first `n` (1 to 3) lanes, leaving the next row's elements alone. */
export function storeTail(p: usize, v: v128, n: i32): void {
  v128.store_lane<f32>(p, v, 0);
  if (n > 1) v128.store_lane<f32>(p + 4, v, 1);
  if (n > 2) v128.store_lane<f32>(p + 8, v, 2);
}

/** mask ? a : b, bit by bit. */
// @ts-ignore: decorator
@inline
export function choose(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** e^x. Split x = n ln 2 + r; 2^n is applied in two halves so that results reach inf and denormals. */
// @ts-ignore: decorator
@inline
export function vexp(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-105)); // this operand order lets NaN through
  const n = f32x4.nearest(f32x4.mul(x, splat(1.44269504)));
  const r = nmadd(n, splat(-2.12194440e-4), nmadd(n, splat(0.693359375), x));
  let p = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  p = madd(p, r, splat(5.0000001201e-1));
  const y = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  const e = i32x4.relaxed_trunc_f32x4_s(n), half = i32x4.shr_s(e, 1), bias = i32x4.splat(127);
  const lo = i32x4.shl(i32x4.add(half, bias), 23);
  const hi = i32x4.shl(i32x4.add(i32x4.sub(e, half), bias), 23);
  return f32x4.mul(f32x4.mul(y, lo), hi);
}

/**
 * Constants in memory. V8 makes a vector constant anew at each use, by three instructions; a load from
 * a known address is one, and needs no check of its bounds. Worth it only in the hottest functions.
 */
// @ts-ignore: decorator
@inline
export function constant(table: usize, i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

/** log2 e, the lowest exponent, 1.5 * 2^23, and the coefficients of 2^r. */
const EXP: usize = memory.data<f32>([
  1.44269504, -126, 12582912,
  1.535336188e-4, 1.339887440e-3, 9.618437357e-3, 5.550332471e-2, 2.402264791e-1, 6.931472029e-1, 1,
]);

/**
 * e^x for x up to 88, in half the work, for softmax and gates: 2^(x log2 e), the exponent added as an
 * integer. The relative error is 1e-7 |x|; results below the normal range become 0.
 */
// @ts-ignore: decorator
@inline
export function vexpFast(x: v128): v128 {
  const t = f32x4.mul(x, constant(EXP, 0)), lowest = constant(EXP, 1), rounder = constant(EXP, 2);
  const u = f32x4.pmax(t, lowest); // this operand order lets NaN through
  // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
  const shifted = f32x4.add(u, rounder), r = f32x4.sub(u, f32x4.sub(shifted, rounder));
  let p = madd(constant(EXP, 3), r, constant(EXP, 4));
  p = madd(p, r, constant(EXP, 5));
  p = madd(p, r, constant(EXP, 6));
  p = madd(p, r, constant(EXP, 7));
  p = madd(p, r, constant(EXP, 8));
  p = madd(p, r, constant(EXP, 9));
  const y = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(y, f32x4.lt(t, lowest));
}

/** Natural logarithm: 0 gives -inf, negative numbers NaN, denormals are scaled up first. */
export function vlog(x: v128): v128 {
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = choose(tiny, f32x4.mul(x, splat(8388608)), x);
  let e = i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126));
  e = i32x4.sub(e, v128.and(tiny, i32x4.splat(23)));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)); // [0.5, 1)
  const low = f32x4.lt(m, splat(0.707106781));
  e = i32x4.add(e, low); // low is -1 where true
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), splat(1));
  const z = f32x4.mul(m, m), n = f32x4.convert_i32x4_s(e);
  let p = madd(splat(7.0376836292e-2), m, splat(-1.1514610310e-1));
  p = madd(p, m, splat(1.1676998740e-1));
  p = madd(p, m, splat(-1.2420140846e-1));
  p = madd(p, m, splat(1.4249322787e-1));
  p = madd(p, m, splat(-1.6668057665e-1));
  p = madd(p, m, splat(2.0000714765e-1));
  p = madd(p, m, splat(-2.4999993993e-1));
  p = madd(p, m, splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(n, splat(-2.12194440e-4), y);
  y = nmadd(z, splat(0.5), y);
  y = madd(n, splat(0.693359375), f32x4.add(m, y));
  y = choose(f32x4.eq(x, splat(Infinity)), x, y);
  y = choose(f32x4.eq(x, splat(0)), splat(-Infinity), y);
  return choose(f32x4.ge(x, splat(0)), y, splat(NaN));
}

/** log(1 + e) for e >= 0: log(u) e / (u - 1) with u = 1 + e takes back u's rounding (Goldberg 1991). */
// @ts-ignore: decorator
@inline
export function vlog1p(e: v128): v128 {
  const u = f32x4.add(splat(1), e), d = f32x4.sub(u, splat(1));
  const y = f32x4.mul(vlog(u), f32x4.div(e, d));
  return choose(f32x4.eq(d, splat(0)), e, choose(f32x4.eq(u, splat(Infinity)), e, y));
}

/** Logistic function, written with e^-|x| so that neither tail cancels or overflows. */
// @ts-ignore: decorator
@inline
export function vsigmoid(x: v128): v128 {
  const e = vexp(f32x4.neg(f32x4.abs(x))), r = f32x4.div(splat(1), f32x4.add(splat(1), e));
  return choose(f32x4.lt(x, splat(0)), f32x4.mul(e, r), r);
}

/** tanh: an odd polynomial near zero (where 1 - 2/(e^2x + 1) would cancel), the formula elsewhere. */
// @ts-ignore: decorator
@inline
export function vtanh(x: v128): v128 {
  const a = f32x4.abs(x), z = f32x4.mul(x, x);
  let p = madd(splat(-5.70498872745e-3), z, splat(2.06390887954e-2));
  p = madd(p, z, splat(-5.37397155531e-2));
  p = madd(p, z, splat(1.33314422036e-1));
  p = madd(p, z, splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), x, x);
  const e = vexp(f32x4.add(a, a));
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(e, splat(1))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return choose(f32x4.lt(a, splat(0.625)), near, signed);
}

/** erfc(a) for a >= 0: e^(-a²)/a times a polynomial in 1/a² beyond 1, 1 - erf(a) below. */
// @ts-ignore: decorator
@inline
export function verfcPositive(a: v128): v128 {
  const z = f32x4.mul(a, a);
  let s = madd(splat(7.853861353153693e-5), z, splat(-8.010193625184903e-4));
  s = madd(s, z, splat(5.188327685732524e-3));
  s = madd(s, z, splat(-2.685381193529856e-2));
  s = madd(s, z, splat(1.128358514861418e-1));
  s = madd(s, z, splat(-3.761262582423300e-1));
  s = madd(s, z, splat(1.128379165726710));
  const small = nmadd(s, a, splat(1));
  const q = f32x4.div(splat(1), f32x4.pmax(a, splat(0.5))), y = f32x4.mul(q, q);
  let p = madd(splat(2.326819970068386e-2), y, splat(-1.387039388740657e-1));
  p = madd(p, y, splat(3.687424674597105e-1));
  p = madd(p, y, splat(-5.824733027278666e-1));
  p = madd(p, y, splat(6.210004621745983e-1));
  p = madd(p, y, splat(-4.944515323274145e-1));
  p = madd(p, y, splat(3.404879937665872e-1));
  p = madd(p, y, splat(-2.741127028184656e-1));
  p = madd(p, y, splat(5.638259427386472e-1));
  let r = madd(splat(-1.047766399936249e1), y, splat(1.297719955372516e1));
  r = madd(r, y, splat(-7.495518717768503));
  r = madd(r, y, splat(2.921019019210786));
  r = madd(r, y, splat(-1.015265279202700));
  r = madd(r, y, splat(4.218463358204948e-1));
  r = madd(r, y, splat(-2.820767439740514e-1));
  r = madd(r, y, splat(5.641895067754075e-1));
  const large = f32x4.mul(
    f32x4.mul(vexpFast(f32x4.neg(z)), q),
    choose(f32x4.lt(a, splat(2)), p, r),
  );
  return choose(f32x4.lt(a, splat(1)), small, large);
}

/** The standard normal's distribution function, 0.5 erfc(-x / sqrt 2). */
// @ts-ignore: decorator
@inline
export function vnormalCdf(x: v128): v128 {
  const t = f32x4.mul(verfcPositive(f32x4.mul(f32x4.abs(x), splat(0.70710678))), splat(0.5));
  return choose(f32x4.lt(x, splat(0)), t, f32x4.sub(splat(1), t));
}
