// The inner loops of the matrix product: each computes one small tile of C from two packed panels,
// and keeps it in registers meanwhile.
//
// A textbook kernel loads each element of A with a splat; V8 checks the bounds of every load, which
// makes loads the bottleneck, so these load 4 elements of A at once and spread them by shuffles. They
// do two values of k a turn to share the loop's own costs. Ten sums are enough to keep two
// multiply-adders of 4 cycles' latency busy. Measured for 128-bit vectors, in per cent of the fastest
// possible loop: 6 x 8 with splats 75, 4 x 8 with shuffles 84, 5 x 8 with shuffles 82, and 93 with two
// values of k a turn; 6 x 8 with shuffles runs out of registers.
import { splat } from "./simd";

/** c = r (+ bias) (+ what is `delta` bytes from c, if `acc`). */
// @ts-ignore: decorator
@inline
export function finish(c: usize, r: v128, acc: i32, delta: usize, bias: usize): void {
  if (bias) r = f32x4.add(r, v128.load(bias));
  if (acc) r = f32x4.add(r, v128.load(c + delta));
  v128.store(c, r);
}

/** A 5 x 8 tile of C over kc values of k. */
export function tile5x8(kc: i32, a: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize): void {
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00, b0 = c00, b1 = c00, av = c00, t = c00;
  const end = b + (usize(kc & ~1) << 5);
  for (; b < end; a += 40, b += 64) {
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
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    av = v128.load(a, 20);
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
    t = v128.load32_splat(a, 36);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
  }
  if (kc & 1) {
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
  if (alpha == 1 && bias == 0 && acc == 0) { // most often, and asking once is cheaper than ten times
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
    return;
  }
  const al = splat(alpha), bias1: usize = bias ? bias + 16 : 0;
  finish(c, f32x4.mul(c00, al), acc, delta, bias);
  finish(c + 16, f32x4.mul(c01, al), acc, delta, bias1);
  c += ldc;
  finish(c, f32x4.mul(c10, al), acc, delta, bias);
  finish(c + 16, f32x4.mul(c11, al), acc, delta, bias1);
  c += ldc;
  finish(c, f32x4.mul(c20, al), acc, delta, bias);
  finish(c + 16, f32x4.mul(c21, al), acc, delta, bias1);
  c += ldc;
  finish(c, f32x4.mul(c30, al), acc, delta, bias);
  finish(c + 16, f32x4.mul(c31, al), acc, delta, bias1);
  c += ldc;
  finish(c, f32x4.mul(c40, al), acc, delta, bias);
  finish(c + 16, f32x4.mul(c41, al), acc, delta, bias1);
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
