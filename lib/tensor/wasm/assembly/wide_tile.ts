// The inner loop of the matrix product where V8 makes 256-bit vectors of pairs of 128-bit ones.
import { splat } from "./simd";
import { finish } from "./tiles";

/**
 * An 8 x 12 tile of C, for 256-bit vectors. WebAssembly has none, but V8's revectorizer
 * (flag --experimental-wasm-revectorize, x86-64 only) joins two 128-bit operations of one kind, here
 * always those on `l` and `h`, into one. It needs certain shapes:
 * - Two loads side by side would not be joined, since the check of the second's bounds comes between
 *   them. One load of 4 numbers of A that are then widened to 64 bits, the lower two and the upper
 *   two, is; a shuffle doubles each. So l is rows 0 and 1 and h rows 2 and 3, of two columns each.
 * - B's numbers come by pairs, spread by a shuffle that becomes a load which repeats 64 bits.
 * - It starts from certain instructions only, an addition of integers among them: hence `seed`,
 *   16 bytes written for nothing.
 * - Both loads of A come before those of B: 12 sums and 3 operands are all the registers there are.
 * - What leaves l and h must do so outside the loop; multiplying by alpha there sees to it.
 * Each number is the same sum in the same order as in the other tile, bit for bit. With the flag this
 * tile does 1.7 times as much in the same time; without it, less than two thirds.
 */
export function tile8x12(
  kc: i32, a: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize, seed: usize,
): void {
  let l00 = splat(0), l01 = l00, l02 = l00, l03 = l00, l04 = l00, l05 = l00;
  let l10 = l00, l11 = l00, l12 = l00, l13 = l00, l14 = l00, l15 = l00;
  let h00 = l00, h01 = l00, h02 = l00, h03 = l00, h04 = l00, h05 = l00;
  let h10 = l00, h11 = l00, h12 = l00, h13 = l00, h14 = l00, h15 = l00;
  let bv = l00, t = l00;
  const end = b + usize(kc & ~1) * 48;
  for (; b < end; a += 64, b += 96) {
    const x0 = v128.load(a), X0 = v128.load(a + 16);
    const y0 = i64x2.extend_low_i32x4_u(x0), z0 = i64x2.extend_high_i32x4_u(x0);
    const p0 = v128.shuffle<i32>(y0, y0, 0, 0, 2, 2), q0 = v128.shuffle<i32>(z0, z0, 0, 0, 2, 2);
    const Y0 = i64x2.extend_low_i32x4_u(X0), Z0 = i64x2.extend_high_i32x4_u(X0);
    const p1 = v128.shuffle<i32>(Y0, Y0, 0, 0, 2, 2), q1 = v128.shuffle<i32>(Z0, Z0, 0, 0, 2, 2);
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
    bv = v128.load(b + 16);
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
    bv = v128.load(b + 32);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l04 = f32x4.relaxed_madd(p0, t, l04);
    h04 = f32x4.relaxed_madd(q0, t, h04);
    l14 = f32x4.relaxed_madd(p1, t, l14);
    h14 = f32x4.relaxed_madd(q1, t, h14);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l05 = f32x4.relaxed_madd(p0, t, l05);
    h05 = f32x4.relaxed_madd(q0, t, h05);
    l15 = f32x4.relaxed_madd(p1, t, l15);
    h15 = f32x4.relaxed_madd(q1, t, h15);
    const x1 = v128.load(a + 32), X1 = v128.load(a + 48);
    const y1 = i64x2.extend_low_i32x4_u(x1), z1 = i64x2.extend_high_i32x4_u(x1);
    const r0 = v128.shuffle<i32>(y1, y1, 0, 0, 2, 2), s0 = v128.shuffle<i32>(z1, z1, 0, 0, 2, 2);
    const Y1 = i64x2.extend_low_i32x4_u(X1), Z1 = i64x2.extend_high_i32x4_u(X1);
    const r1 = v128.shuffle<i32>(Y1, Y1, 0, 0, 2, 2), s1 = v128.shuffle<i32>(Z1, Z1, 0, 0, 2, 2);
    bv = v128.load(b + 48);
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
    bv = v128.load(b + 64);
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
    bv = v128.load(b + 80);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l04 = f32x4.relaxed_madd(r0, t, l04);
    h04 = f32x4.relaxed_madd(s0, t, h04);
    l14 = f32x4.relaxed_madd(r1, t, l14);
    h14 = f32x4.relaxed_madd(s1, t, h14);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l05 = f32x4.relaxed_madd(r0, t, l05);
    h05 = f32x4.relaxed_madd(s0, t, h05);
    l15 = f32x4.relaxed_madd(r1, t, l15);
    h15 = f32x4.relaxed_madd(s1, t, h15);
  }
  if (kc & 1) {
    const x2 = v128.load(a), X2 = v128.load(a + 16);
    const y2 = i64x2.extend_low_i32x4_u(x2), z2 = i64x2.extend_high_i32x4_u(x2);
    const p0 = v128.shuffle<i32>(y2, y2, 0, 0, 2, 2), q0 = v128.shuffle<i32>(z2, z2, 0, 0, 2, 2);
    const Y2 = i64x2.extend_low_i32x4_u(X2), Z2 = i64x2.extend_high_i32x4_u(X2);
    const p1 = v128.shuffle<i32>(Y2, Y2, 0, 0, 2, 2), q1 = v128.shuffle<i32>(Z2, Z2, 0, 0, 2, 2);
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
    bv = v128.load(b + 16);
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
    bv = v128.load(b + 32);
    t = v128.shuffle<i64>(bv, bv, 0, 0);
    l04 = f32x4.relaxed_madd(p0, t, l04);
    h04 = f32x4.relaxed_madd(q0, t, h04);
    l14 = f32x4.relaxed_madd(p1, t, l14);
    h14 = f32x4.relaxed_madd(q1, t, h14);
    t = v128.shuffle<i64>(bv, bv, 1, 1);
    l05 = f32x4.relaxed_madd(p0, t, l05);
    h05 = f32x4.relaxed_madd(q0, t, h05);
    l15 = f32x4.relaxed_madd(p1, t, l15);
    h15 = f32x4.relaxed_madd(q1, t, h15);
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
  l04 = f32x4.mul(l04, al);
  h04 = f32x4.mul(h04, al);
  l05 = f32x4.mul(l05, al);
  h05 = f32x4.mul(h05, al);
  l10 = f32x4.mul(l10, al);
  h10 = f32x4.mul(h10, al);
  l11 = f32x4.mul(l11, al);
  h11 = f32x4.mul(h11, al);
  l12 = f32x4.mul(l12, al);
  h12 = f32x4.mul(h12, al);
  l13 = f32x4.mul(l13, al);
  h13 = f32x4.mul(h13, al);
  l14 = f32x4.mul(l14, al);
  h14 = f32x4.mul(h14, al);
  l15 = f32x4.mul(l15, al);
  h15 = f32x4.mul(h15, al);
  const t00 = v128.shuffle<f32>(l00, l01, 0, 1, 4, 5), u00 = v128.shuffle<f32>(h00, h01, 0, 1, 4, 5);
  const v00 = v128.shuffle<f32>(l00, l01, 2, 3, 6, 7), w00 = v128.shuffle<f32>(h00, h01, 2, 3, 6, 7);
  const t01 = v128.shuffle<f32>(l02, l03, 0, 1, 4, 5), u01 = v128.shuffle<f32>(h02, h03, 0, 1, 4, 5);
  const v01 = v128.shuffle<f32>(l02, l03, 2, 3, 6, 7), w01 = v128.shuffle<f32>(h02, h03, 2, 3, 6, 7);
  const t02 = v128.shuffle<f32>(l04, l05, 0, 1, 4, 5), u02 = v128.shuffle<f32>(h04, h05, 0, 1, 4, 5);
  const v02 = v128.shuffle<f32>(l04, l05, 2, 3, 6, 7), w02 = v128.shuffle<f32>(h04, h05, 2, 3, 6, 7);
  const t10 = v128.shuffle<f32>(l10, l11, 0, 1, 4, 5), u10 = v128.shuffle<f32>(h10, h11, 0, 1, 4, 5);
  const v10 = v128.shuffle<f32>(l10, l11, 2, 3, 6, 7), w10 = v128.shuffle<f32>(h10, h11, 2, 3, 6, 7);
  const t11 = v128.shuffle<f32>(l12, l13, 0, 1, 4, 5), u11 = v128.shuffle<f32>(h12, h13, 0, 1, 4, 5);
  const v11 = v128.shuffle<f32>(l12, l13, 2, 3, 6, 7), w11 = v128.shuffle<f32>(h12, h13, 2, 3, 6, 7);
  const t12 = v128.shuffle<f32>(l14, l15, 0, 1, 4, 5), u12 = v128.shuffle<f32>(h14, h15, 0, 1, 4, 5);
  const v12 = v128.shuffle<f32>(l14, l15, 2, 3, 6, 7), w12 = v128.shuffle<f32>(h14, h15, 2, 3, 6, 7);
  let all = v128.or(t00, t01);
  all = v128.or(all, t02);
  all = v128.or(all, t10);
  all = v128.or(all, t11);
  all = v128.or(all, t12);
  all = v128.or(all, v00);
  all = v128.or(all, v01);
  all = v128.or(all, v02);
  all = v128.or(all, v10);
  all = v128.or(all, v11);
  all = v128.or(all, v12);
  let too = v128.or(u00, u01);
  too = v128.or(too, u02);
  too = v128.or(too, u10);
  too = v128.or(too, u11);
  too = v128.or(too, u12);
  too = v128.or(too, w00);
  too = v128.or(too, w01);
  too = v128.or(too, w02);
  too = v128.or(too, w10);
  too = v128.or(too, w11);
  too = v128.or(too, w12);
  v128.store(seed, i32x4.add(all, too));
  const bias1: usize = bias ? bias + 16 : 0, bias2: usize = bias ? bias + 32 : 0;
  finish(c, t00, acc, delta, bias);
  finish(c + 16, t01, acc, delta, bias1);
  finish(c + 32, t02, acc, delta, bias2);
  c += ldc;
  finish(c, v00, acc, delta, bias);
  finish(c + 16, v01, acc, delta, bias1);
  finish(c + 32, v02, acc, delta, bias2);
  c += ldc;
  finish(c, u00, acc, delta, bias);
  finish(c + 16, u01, acc, delta, bias1);
  finish(c + 32, u02, acc, delta, bias2);
  c += ldc;
  finish(c, w00, acc, delta, bias);
  finish(c + 16, w01, acc, delta, bias1);
  finish(c + 32, w02, acc, delta, bias2);
  c += ldc;
  finish(c, t10, acc, delta, bias);
  finish(c + 16, t11, acc, delta, bias1);
  finish(c + 32, t12, acc, delta, bias2);
  c += ldc;
  finish(c, v10, acc, delta, bias);
  finish(c + 16, v11, acc, delta, bias1);
  finish(c + 32, v12, acc, delta, bias2);
  c += ldc;
  finish(c, u10, acc, delta, bias);
  finish(c + 16, u11, acc, delta, bias1);
  finish(c + 32, u12, acc, delta, bias2);
  c += ldc;
  finish(c, w10, acc, delta, bias);
  finish(c + 16, w11, acc, delta, bias1);
  finish(c + 32, w12, acc, delta, bias2);
}
