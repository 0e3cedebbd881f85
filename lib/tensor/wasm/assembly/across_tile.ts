// The 6 x 8 tile of tiles.ts for an A whose rows lie across k, as in the gradient of a weight. The six
// numbers of one k are neighbours then, and reading them where they are saves copying A into rows, as
// long as the lines, `step` bytes apart, don't evict one another from the cache: a product of
// 128 x 128 x 1024 gains 5 %. Four values of k a turn here too; with one, a training step gained nothing.
import { splat } from "./simd";
import { put6x8 } from "./tiles";

/** A 6 x 8 tile of C over kc values of k; element (row, k) of A is at a + 4 row + step k. */
export function across6x8(
  kc: i32, a: usize, step: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize,
): void {
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00, b0 = c00, b1 = c00, t = c00;
  const end = b + (usize(kc) << 5), whole = b + (usize(kc & ~3) << 5);
  while (b < whole) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += step;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += step;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += step;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += step;
    b += 128;
  }
  while (b < end) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.relaxed_madd(t, b0, c00);
    c01 = f32x4.relaxed_madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(t, b0, c10);
    c11 = f32x4.relaxed_madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(t, b0, c20);
    c21 = f32x4.relaxed_madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(t, b0, c30);
    c31 = f32x4.relaxed_madd(t, b1, c31);
    t = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(t, b0, c40);
    c41 = f32x4.relaxed_madd(t, b1, c41);
    t = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(t, b0, c50);
    c51 = f32x4.relaxed_madd(t, b1, c51);
    a += step;
    b += 32;
  }
  put6x8(c, ldc, acc, delta, alpha, bias, c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51);
}
