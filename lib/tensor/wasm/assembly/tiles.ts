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
function finish(c: usize, r: v128, acc: i32, delta: usize, bias: usize): void {
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

/**
 * An 8 x 8 tile of C, for 256-bit vectors. WebAssembly has none, but V8's revectorizer
 * (flag --experimental-wasm-revectorize, x86-64 only) joins two 128-bit operations of one kind, here
 * always those on `l` and `h`, into one. It needs certain shapes:
 * - Two loads side by side would not be joined, since the check of the second's bounds comes between
 *   them. One load of 4 numbers of A that are then widened to 64 bits, the lower two and the upper
 *   two, is; a shuffle doubles each. So l is rows 0 and 1 and h rows 2 and 3, of two columns each.
 * - B's numbers come by pairs, spread by a shuffle that becomes a load which repeats 64 bits.
 * - It starts from certain instructions only, an addition of integers among them: hence `seed`,
 *   16 bytes written for nothing.
 * - What leaves l and h must do so outside the loop; multiplying by alpha there sees to it.
 * Each number is the same sum in the same order as in the other tile, bit for bit. With the flag this
 * tile does 1.5 times as much in the same time; without it, two thirds.
 */
export function tile8x8(
  kc: i32, a: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize, seed: usize,
): void {
  let l00 = splat(0), l01 = l00, l02 = l00, l03 = l00, l10 = l00, l11 = l00, l12 = l00, l13 = l00;
  let h00 = l00, h01 = l00, h02 = l00, h03 = l00, h10 = l00, h11 = l00, h12 = l00, h13 = l00;
  let av = l00, bv = l00, e = l00, f = l00, t = l00;
  const end = b + (usize(kc & ~1) << 5);
  for (; b < end; a += 64, b += 64) {
    av = v128.load(a);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const p0 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), q0 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    av = v128.load(a, 16);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const p1 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), q1 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    bv = v128.load(b);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l00 = f32x4.relaxed_madd(p0, t, l00);
    h00 = f32x4.relaxed_madd(q0, t, h00);
    l10 = f32x4.relaxed_madd(p1, t, l10);
    h10 = f32x4.relaxed_madd(q1, t, h10);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l01 = f32x4.relaxed_madd(p0, t, l01);
    h01 = f32x4.relaxed_madd(q0, t, h01);
    l11 = f32x4.relaxed_madd(p1, t, l11);
    h11 = f32x4.relaxed_madd(q1, t, h11);
    bv = v128.load(b, 16);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l02 = f32x4.relaxed_madd(p0, t, l02);
    h02 = f32x4.relaxed_madd(q0, t, h02);
    l12 = f32x4.relaxed_madd(p1, t, l12);
    h12 = f32x4.relaxed_madd(q1, t, h12);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l03 = f32x4.relaxed_madd(p0, t, l03);
    h03 = f32x4.relaxed_madd(q0, t, h03);
    l13 = f32x4.relaxed_madd(p1, t, l13);
    h13 = f32x4.relaxed_madd(q1, t, h13);
    av = v128.load(a, 32);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const r0 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), s0 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    av = v128.load(a, 48);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const r1 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), s1 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    bv = v128.load(b, 32);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l00 = f32x4.relaxed_madd(r0, t, l00);
    h00 = f32x4.relaxed_madd(s0, t, h00);
    l10 = f32x4.relaxed_madd(r1, t, l10);
    h10 = f32x4.relaxed_madd(s1, t, h10);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l01 = f32x4.relaxed_madd(r0, t, l01);
    h01 = f32x4.relaxed_madd(s0, t, h01);
    l11 = f32x4.relaxed_madd(r1, t, l11);
    h11 = f32x4.relaxed_madd(s1, t, h11);
    bv = v128.load(b, 48);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l02 = f32x4.relaxed_madd(r0, t, l02);
    h02 = f32x4.relaxed_madd(s0, t, h02);
    l12 = f32x4.relaxed_madd(r1, t, l12);
    h12 = f32x4.relaxed_madd(s1, t, h12);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l03 = f32x4.relaxed_madd(r0, t, l03);
    h03 = f32x4.relaxed_madd(s0, t, h03);
    l13 = f32x4.relaxed_madd(r1, t, l13);
    h13 = f32x4.relaxed_madd(s1, t, h13);
  }
  if (kc & 1) {
    av = v128.load(a);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const p0 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), q0 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    av = v128.load(a, 16);
    e = i64x2.extend_low_i32x4_u(av);
    f = i64x2.extend_high_i32x4_u(av);
    const p1 = v128.shuffle<i32>(e, e, 0, 0, 2, 2), q1 = v128.shuffle<i32>(f, f, 0, 0, 2, 2);
    bv = v128.load(b);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l00 = f32x4.relaxed_madd(p0, t, l00);
    h00 = f32x4.relaxed_madd(q0, t, h00);
    l10 = f32x4.relaxed_madd(p1, t, l10);
    h10 = f32x4.relaxed_madd(q1, t, h10);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l01 = f32x4.relaxed_madd(p0, t, l01);
    h01 = f32x4.relaxed_madd(q0, t, h01);
    l11 = f32x4.relaxed_madd(p1, t, l11);
    h11 = f32x4.relaxed_madd(q1, t, h11);
    bv = v128.load(b, 16);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l02 = f32x4.relaxed_madd(p0, t, l02);
    h02 = f32x4.relaxed_madd(q0, t, h02);
    l12 = f32x4.relaxed_madd(p1, t, l12);
    h12 = f32x4.relaxed_madd(q1, t, h12);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l03 = f32x4.relaxed_madd(p0, t, l03);
    h03 = f32x4.relaxed_madd(q0, t, h03);
    l13 = f32x4.relaxed_madd(p1, t, l13);
    h13 = f32x4.relaxed_madd(q1, t, h13);
  }
  const al = splat(alpha);
  l00 = f32x4.mul(l00, al);
  h00 = f32x4.mul(h00, al);
  l01 = f32x4.mul(l01, al);
  h01 = f32x4.mul(h01, al);
  l02 = f32x4.mul(l02, al);
  h02 = f32x4.mul(h02, al);
  l03 = f32x4.mul(l03, al);
  h03 = f32x4.mul(h03, al);
  l10 = f32x4.mul(l10, al);
  h10 = f32x4.mul(h10, al);
  l11 = f32x4.mul(l11, al);
  h11 = f32x4.mul(h11, al);
  l12 = f32x4.mul(l12, al);
  h12 = f32x4.mul(h12, al);
  l13 = f32x4.mul(l13, al);
  h13 = f32x4.mul(h13, al);
  const t0 = v128.shuffle<f32>(l00, l01, 0, 1, 4, 5), u0 = v128.shuffle<f32>(h00, h01, 0, 1, 4, 5);
  const v0 = v128.shuffle<f32>(l00, l01, 2, 3, 6, 7), w0 = v128.shuffle<f32>(h00, h01, 2, 3, 6, 7);
  const t1 = v128.shuffle<f32>(l02, l03, 0, 1, 4, 5), u1 = v128.shuffle<f32>(h02, h03, 0, 1, 4, 5);
  const v1 = v128.shuffle<f32>(l02, l03, 2, 3, 6, 7), w1 = v128.shuffle<f32>(h02, h03, 2, 3, 6, 7);
  const t2 = v128.shuffle<f32>(l10, l11, 0, 1, 4, 5), u2 = v128.shuffle<f32>(h10, h11, 0, 1, 4, 5);
  const v2 = v128.shuffle<f32>(l10, l11, 2, 3, 6, 7), w2 = v128.shuffle<f32>(h10, h11, 2, 3, 6, 7);
  const t3 = v128.shuffle<f32>(l12, l13, 0, 1, 4, 5), u3 = v128.shuffle<f32>(h12, h13, 0, 1, 4, 5);
  const v3 = v128.shuffle<f32>(l12, l13, 2, 3, 6, 7), w3 = v128.shuffle<f32>(h12, h13, 2, 3, 6, 7);
  const all = v128.or(v128.or(v128.or(v128.or(v128.or(v128.or(v128.or(t0, t1), t2), t3), v0), v1), v2), v3);
  const too = v128.or(v128.or(v128.or(v128.or(v128.or(v128.or(v128.or(u0, u1), u2), u3), w0), w1), w2), w3);
  v128.store(seed, i32x4.add(all, too));
  const bias1: usize = bias ? bias + 16 : 0;
  finish(c, t0, acc, delta, bias);
  finish(c + 16, t1, acc, delta, bias1);
  c += ldc;
  finish(c, v0, acc, delta, bias);
  finish(c + 16, v1, acc, delta, bias1);
  c += ldc;
  finish(c, u0, acc, delta, bias);
  finish(c + 16, u1, acc, delta, bias1);
  c += ldc;
  finish(c, w0, acc, delta, bias);
  finish(c + 16, w1, acc, delta, bias1);
  c += ldc;
  finish(c, t2, acc, delta, bias);
  finish(c + 16, t3, acc, delta, bias1);
  c += ldc;
  finish(c, v2, acc, delta, bias);
  finish(c + 16, v3, acc, delta, bias1);
  c += ldc;
  finish(c, u2, acc, delta, bias);
  finish(c + 16, u3, acc, delta, bias1);
  c += ldc;
  finish(c, w2, acc, delta, bias);
  finish(c + 16, w3, acc, delta, bias1);
}

/** The valid part (mr x nr) of a tile that hangs over C's edge. */
export function flush(tile: usize, c: usize, ldc: usize, mr: i32, nr: i32, acc: i32, delta: usize, alpha: f32, bias: usize): void {
  const al = splat(alpha);
  for (let i = 0; i < mr; i++, tile += 32, c += ldc) {
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
