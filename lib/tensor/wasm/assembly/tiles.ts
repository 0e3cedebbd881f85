// The inner loops of the matrix product: each computes one small tile of C from two packed panels,
// and keeps it in registers meanwhile.
//
// A textbook kernel loads each element of A with a splat; V8 checks the bounds of every load, which
// makes loads the bottleneck, so these load 4 elements of A at once and spread them by shuffles. They
// do four values of k a turn: that shares the loop's own costs, and the fifth row's four elements
// come by one load too, since they lie side by side (packing.ts). Ten sums are enough to keep two
// multiply-adders of 4 cycles' latency busy. Measured for 128-bit vectors, in per cent of the fastest
// possible loop: 6 x 8 with splats 75, 4 x 8 with shuffles 84, 5 x 8 with shuffles 82, and 93 with two
// values of k a turn; 6 x 8 with shuffles runs out of registers. Of a whole product of n = 256, four
// values a turn instead of two make 92 to 93 % of 89 to 90.
import { splat } from "./simd";

/** c = r (+ bias) (+ what is `delta` bytes from c, if `acc`). */
// @ts-ignore: decorator
@inline
export function finish(c: usize, r: v128, acc: i32, delta: usize, bias: usize): void {
  if (bias) r = f32x4.add(r, v128.load(bias));
  if (acc) r = f32x4.add(r, v128.load(c + delta));
  v128.store(c, r);
}

/** A 5 x 8 tile of C over kc values of k; `a` is in the order of `pack5`. */
export function tile5x8(kc: i32, a: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize): void {
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00, b0 = c00, b1 = c00, av = c00, e = c00, t = c00;
  const end = b + (usize(kc) << 5), whole = b + (usize(kc & ~3) << 5);
  for (; b < whole; a += 80, b += 128) {
    e = v128.load(a, 64);
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    av = v128.load(a);
    t = v128.shuffle<i32>(av, av, 0, 0, 0, 0);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.shuffle<i32>(av, av, 1, 1, 1, 1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.shuffle<i32>(av, av, 2, 2, 2, 2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.shuffle<i32>(av, av, 3, 3, 3, 3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.shuffle<i32>(e, e, 0, 0, 0, 0);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    av = v128.load(a, 16);
    t = v128.shuffle<i32>(av, av, 0, 0, 0, 0);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.shuffle<i32>(av, av, 1, 1, 1, 1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.shuffle<i32>(av, av, 2, 2, 2, 2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.shuffle<i32>(av, av, 3, 3, 3, 3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.shuffle<i32>(e, e, 1, 1, 1, 1);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    av = v128.load(a, 32);
    t = v128.shuffle<i32>(av, av, 0, 0, 0, 0);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.shuffle<i32>(av, av, 1, 1, 1, 1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.shuffle<i32>(av, av, 2, 2, 2, 2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.shuffle<i32>(av, av, 3, 3, 3, 3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.shuffle<i32>(e, e, 2, 2, 2, 2);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    av = v128.load(a, 48);
    t = v128.shuffle<i32>(av, av, 0, 0, 0, 0);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.shuffle<i32>(av, av, 1, 1, 1, 1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.shuffle<i32>(av, av, 2, 2, 2, 2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.shuffle<i32>(av, av, 3, 3, 3, 3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.shuffle<i32>(e, e, 3, 3, 3, 3);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
  }
  for (; b < end; a += 20, b += 32) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    av = v128.load(a);
    t = v128.shuffle<i32>(av, av, 0, 0, 0, 0);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.shuffle<i32>(av, av, 1, 1, 1, 1);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.shuffle<i32>(av, av, 2, 2, 2, 2);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.shuffle<i32>(av, av, 3, 3, 3, 3);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
  }
  // Asking once is cheaper than at each vector, and so is asking for the most frequent cases only.
  if (alpha != 1) {
    t = splat(alpha);
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
  }
  if (bias) {
    b0 = v128.load(bias);
    b1 = v128.load(bias, 16);
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
