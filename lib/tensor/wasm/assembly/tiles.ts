// The inner loop of the matrix product: computes one small tile of C from rows of A and a packed panel
// of B, and keeps it in registers meanwhile.
//
// Twelve sums, two vectors of B and one number of A, repeated four times as it is loaded, are the fifteen
// registers there are (V8 keeps one of x86-64's sixteen). What that must hide is that V8 checks the bounds
// of every load: four values of k a turn, at fixed distances from the same addresses, make the checks and
// the loop cheap enough. A product of n = 256 reaches 95 % of the fastest possible loop that way; with one
// value of k a turn 91, with two 93. The alternative, to load four numbers of A at once and spread them by
// shuffles, leaves room for 5 x 8 only, reaches 91, and wants A packed.
import { splat } from "./simd";

/** c = r (+ bias) (+ what is `delta` bytes from c, if `acc`). */
// @ts-ignore: decorator
@inline
export function finish(c: usize, r: v128, acc: i32, delta: usize, bias: usize): void {
  if (bias) r = f32x4.add(r, v128.load(bias));
  if (acc) r = f32x4.add(r, v128.load(c + delta));
  v128.store(c, r);
}

/** A 6 x 8 tile of C over kc values of k; rows of A are `row` bytes apart. */
export function tile6x8(
  kc: i32, a: usize, row: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize,
): void {
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00, b0 = c00, b1 = c00, t = c00;
  let a1 = a + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row, a5 = a4 + row;
  const end = b + (usize(kc) << 5), whole = b + (usize(kc & ~3) << 5);
  while (b < whole) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a4);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a5);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    t = v128.load32_splat(a, 4);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a4, 4);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a5, 4);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    t = v128.load32_splat(a, 8);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a1, 8);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a2, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a3, 8);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a4, 8);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a5, 8);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    t = v128.load32_splat(a, 12);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a1, 12);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a2, 12);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a3, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a4, 12);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a5, 12);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    a4 += 16;
    a5 += 16;
    b += 128;
  }
  while (b < end) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a4);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a5);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
    b += 32;
  }
  put6x8(c, ldc, acc, delta, alpha, bias, c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51);
}

/** Writes a tile of sums to C, with all that C is besides. */
// @ts-ignore: decorator
@inline
export function put6x8(
  c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize, c00: v128, c01: v128, c10: v128, c11: v128,
  c20: v128, c21: v128, c30: v128, c31: v128, c40: v128, c41: v128, c50: v128, c51: v128,
): void {
  // Asking once is cheaper than at each vector, and so is asking for the most frequent cases only.
  if (alpha != 1) {
    const t = splat(alpha);
    c00 = f32x4.mul(c00, t);
    c01 = f32x4.mul(c01, t);
    c10 = f32x4.mul(c10, t);
    c11 = f32x4.mul(c11, t);
    c20 = f32x4.mul(c20, t);
    c21 = f32x4.mul(c21, t);
    c30 = f32x4.mul(c30, t);
    c31 = f32x4.mul(c31, t);
    c40 = f32x4.mul(c40, t);
    c41 = f32x4.mul(c41, t);
    c50 = f32x4.mul(c50, t);
    c51 = f32x4.mul(c51, t);
  }
  if (bias) {
    const b0 = v128.load(bias), b1 = v128.load(bias, 16);
    c00 = f32x4.add(c00, b0);
    c01 = f32x4.add(c01, b1);
    c10 = f32x4.add(c10, b0);
    c11 = f32x4.add(c11, b1);
    c20 = f32x4.add(c20, b0);
    c21 = f32x4.add(c21, b1);
    c30 = f32x4.add(c30, b0);
    c31 = f32x4.add(c31, b1);
    c40 = f32x4.add(c40, b0);
    c41 = f32x4.add(c41, b1);
    c50 = f32x4.add(c50, b0);
    c51 = f32x4.add(c51, b1);
  }
  if (acc) {
    let d = c + delta;
    c00 = f32x4.add(c00, v128.load(d));
    c01 = f32x4.add(c01, v128.load(d, 16));
    d += ldc;
    c10 = f32x4.add(c10, v128.load(d));
    c11 = f32x4.add(c11, v128.load(d, 16));
    d += ldc;
    c20 = f32x4.add(c20, v128.load(d));
    c21 = f32x4.add(c21, v128.load(d, 16));
    d += ldc;
    c30 = f32x4.add(c30, v128.load(d));
    c31 = f32x4.add(c31, v128.load(d, 16));
    d += ldc;
    c40 = f32x4.add(c40, v128.load(d));
    c41 = f32x4.add(c41, v128.load(d, 16));
    d += ldc;
    c50 = f32x4.add(c50, v128.load(d));
    c51 = f32x4.add(c51, v128.load(d, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += ldc;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += ldc;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

/** The valid part (mr x nr) of a tile, with rows of `row` bytes, that hangs over C's edge. */
export function flush(tile: usize, row: usize, c: usize, ldc: usize, mr: i32, nr: i32, acc: i32, delta: usize, alpha: f32, bias: usize): void {
  const al = splat(alpha);
  for (let i = 0; i < mr; i++, tile += row, c += ldc) {
    let j = 0;
    for (; j + 4 <= nr; j += 4) {
      const o = usize(j) << 2;
      finish(c + o, f32x4.mul(v128.load(tile + o), al), acc, delta, bias ? bias + o : 0);
    }
    for (; j < nr; j++) {
      const o = usize(j) << 2;
      let r = load<f32>(tile + o) * alpha;
      if (bias) r += load<f32>(bias + o);
      if (acc) r += load<f32>(c + o + delta);
      store<f32>(c + o, r);
    }
  }
}
