// Matrix product, packed and register-blocked (Goto & van de Geijn 2008).
//
// The operands are cut into blocks that fit the caches and copied ("packed") into the order in which
// the inner loop reads them, so that loop only ever loads the next few bytes. It keeps a 5 x 8 tile
// of C in 10 registers: enough independent sums to keep two multiply-adders of 4 cycles' latency
// busy. A textbook kernel loads each element of A with a splat; V8 checks the bounds of every load,
// which makes loads the bottleneck, so this one loads 4 elements of A at once and broadcasts them by
// shuffle. Two values of k a turn share the loop's own costs. Measured, in per cent of the fastest
// possible loop: 6 x 8 with splats 75, 4 x 8 with shuffles 84, 5 x 8 with shuffles 82, and 93 with two
// values of k a turn; 6 x 8 with shuffles runs out of registers.
//
// Every element of C is summed over k in the same order however the work is split, so the number of
// threads doesn't change a bit.
import { address, BLAS, float, int, SCRATCH } from "./args";
import { geluTanhGate, geluTanhSlopeFrom, normalDensity } from "./elementwise";
import { madd, splat, storeTail, vnormalCdf } from "./simd";

// @ts-ignore: decorator
@external("env", "sgemm")
declare function sgemm(
  ta: i32, tb: i32, m: i32, n: i32, k: i32, alpha: f32,
  a: usize, lda: i32, b: usize, ldb: i32, beta: f32, c: usize, ldc: i32,
): void;

const KC: i32 = 256, MC: i32 = 130, NC: i32 = 512, MR: i32 = 5, NR: i32 = 8;
const PANEL_B: usize = 130 * 256 * 4 + 4096, TILE: usize = PANEL_B + 512 * 256 * 4 + 4096;
/** Bytes of scratch a thread needs. */
export const SCRATCH_BYTES: i32 = 1 << 20;

/** Four rows of `p`, read along k and written transposed: element (k, row) to q + k * step. */
// @ts-ignore: decorator
@inline
function transpose4(p: usize, row: usize, q: usize, step: usize): void {
  const a = v128.load(p), b = v128.load(p + row), c = v128.load(p + row * 2), e = v128.load(p + row * 3);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const ce = v128.shuffle<f32>(c, e, 0, 4, 1, 5), CE = v128.shuffle<f32>(c, e, 2, 6, 3, 7);
  v128.store(q, v128.shuffle<f64>(ab, ce, 0, 2));
  v128.store(q + step, v128.shuffle<f64>(ab, ce, 1, 3));
  v128.store(q + step * 2, v128.shuffle<f64>(AB, CE, 0, 2));
  v128.store(q + step * 3, v128.shuffle<f64>(AB, CE, 1, 3));
}

/** A panel that hangs over the edge: `w` of `W` rows, the others zero. Element (j, k) is at p + j * js + k * ks. */
function packEdge(q: usize, p: usize, js: usize, ks: usize, w: i32, W: i32, kc: i32): void {
  for (let k = 0; k < kc; k++, p += ks) {
    for (let j = 0; j < W; j++, q += 4) store<f32>(q, j < w ? load<f32>(p + usize(j) * js) : 0);
  }
}

/** Packs n rows of A into panels of 5, k by k. Element (j, k) is src[j * rs + k * ks], one stride being 1. */
function packA(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
  const js = usize(rs) << 2, step = usize(ks) << 2, panel = usize(kc) * 20;
  for (let j = 0; j < n; j += 5) {
    let p = src + usize(j) * js, k = 0;
    if (n - j < 5) {
      packEdge(q, p, js, step, n - j, 5, kc);
      return;
    }
    if (ks == 1) {
      for (; k + 4 <= kc; k += 4, p += 16, q += 80) {
        const last = p + js * 4;
        transpose4(p, js, q, 20);
        store<f32>(q + 16, load<f32>(last));
        store<f32>(q + 36, load<f32>(last, 4));
        store<f32>(q + 56, load<f32>(last, 8));
        store<f32>(q + 76, load<f32>(last, 12));
      }
      packEdge(q, p, js, step, 5, 5, kc - k);
      q += usize(kc - k) * 20;
    } else if (n - j < 15) {
      for (; k < kc; k++, p += step, q += 20) {
        v128.store(q, v128.load(p));
        store<f32>(q + 16, load<f32>(p, 16));
      }
    } else {
      // Three panels, to use most of a cache line: rows a power of two apart evict one another.
      for (; k < kc; k++, p += step, q += 20) {
        v128.store(q, v128.load(p));
        store<f32>(q + 16, load<f32>(p, 16));
        v128.store(q + panel, v128.load(p, 20));
        store<f32>(q + panel + 16, load<f32>(p, 36));
        v128.store(q + panel * 2, v128.load(p, 40));
        store<f32>(q + panel * 2 + 16, load<f32>(p, 56));
      }
      q += panel * 2;
      j += 10;
    }
  }
}

/** Packs n columns of B into panels of 8, in the same way. */
function packB(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
  const js = usize(rs) << 2, step = usize(ks) << 2, panel = usize(kc) << 5;
  for (let j = 0; j < n;) {
    let p = src + usize(j) * js, k = 0;
    if (n - j < 8) {
      packEdge(q, p, js, step, n - j, 8, kc);
      return;
    }
    if (ks == 1) {
      for (; k + 4 <= kc; k += 4, p += 16, q += 128) {
        transpose4(p, js, q, 32);
        transpose4(p + js * 4, js, q + 16, 32);
      }
      packEdge(q, p, js, step, 8, 8, kc - k);
      q += usize(kc - k) << 5;
      j += 8;
    } else if (n - j < 16) {
      for (; k < kc; k++, p += step, q += 32) {
        v128.store(q, v128.load(p));
        v128.store(q, v128.load(p, 16), 16);
      }
      j += 8;
    } else {
      // Two panels, so that whole cache lines are used.
      for (; k < kc; k++, p += step, q += 32) {
        v128.store(q, v128.load(p));
        v128.store(q, v128.load(p, 16), 16);
        v128.store(q + panel, v128.load(p, 32));
        v128.store(q + panel, v128.load(p, 48), 16);
      }
      q += panel;
      j += 16;
    }
  }
}

/** c = alpha * v (+ bias) (+ what is `delta` bytes from c, if `acc`). */
// @ts-ignore: decorator
@inline
function finish(c: usize, v: v128, alpha: v128, acc: i32, delta: usize, bias: usize): void {
  let r = f32x4.mul(v, alpha);
  if (bias) r = f32x4.add(r, v128.load(bias));
  if (acc) r = f32x4.add(r, v128.load(c + delta));
  v128.store(c, r);
}

/** The inner loop: a 5 x 8 tile of C over kc values of k, two at a time. */
function tile5x8(kc: i32, a: usize, b: usize, c: usize, ldc: usize, acc: i32, delta: usize, alpha: f32, bias: usize): void {
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
  finish(c, c00, al, acc, delta, bias);
  finish(c + 16, c01, al, acc, delta, bias1);
  c += ldc;
  finish(c, c10, al, acc, delta, bias);
  finish(c + 16, c11, al, acc, delta, bias1);
  c += ldc;
  finish(c, c20, al, acc, delta, bias);
  finish(c + 16, c21, al, acc, delta, bias1);
  c += ldc;
  finish(c, c30, al, acc, delta, bias);
  finish(c + 16, c31, al, acc, delta, bias1);
  c += ldc;
  finish(c, c40, al, acc, delta, bias);
  finish(c + 16, c41, al, acc, delta, bias1);
}

/** The valid part (mr x nr) of a tile that hangs over C's edge. */
function flush(tile: usize, c: usize, ldc: usize, mr: i32, nr: i32, acc: i32, delta: usize, alpha: f32, bias: usize): void {
  const al = splat(alpha);
  for (let i = 0; i < mr; i++, tile += 32, c += ldc) {
    let j = 0;
    for (; j + 4 <= nr; j += 4) {
      const o = usize(j) << 2;
      finish(c + o, v128.load(tile + o), al, acc, delta, bias ? bias + o : 0);
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

/**
 * C[M, N] = alpha op(A) op(B) (+ bias per column) (+ the matrix `delta` bytes from C, if `acc`; a
 * delta of 0 adds to C itself). One thread; `scratch` is its own.
 */
export function gemm(
  ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, C: usize, ldc: i32,
  acc: i32, delta: usize, alpha: f32, bias: usize, scratch: usize,
): void {
  const ars = ta ? 1 : lda, aks = ta ? lda : 1, brs = tb ? ldb : 1, bks = tb ? 1 : ldb, lc = usize(ldc) << 2;
  const pb = scratch + PANEL_B, tile = scratch + TILE;
  for (let n0 = 0; n0 < N; n0 += NC) {
    const nc = min(NC, N - n0);
    for (let k0 = 0; k0 == 0 || k0 < K; k0 += KC) { // once even if K is 0: C must be written
      const kc = min(KC, K - k0), ac = k0 ? 1 : acc, de: usize = k0 ? 0 : delta, bi: usize = k0 ? 0 : bias;
      packB(pb, B + ((usize(n0) * usize(brs) + usize(k0) * usize(bks)) << 2), brs, bks, nc, kc);
      for (let m0 = 0; m0 < M; m0 += MC) {
        const mc = min(MC, M - m0);
        packA(scratch, A + ((usize(m0) * usize(ars) + usize(k0) * usize(aks)) << 2), ars, aks, mc, kc);
        for (let j = 0; j < nc; j += NR) {
          const nr = min(NR, nc - j), bp = pb + (usize(j * kc) << 2), bj: usize = bi ? bi + (usize(n0 + j) << 2) : 0;
          for (let i = 0; i < mc; i += MR) {
            const mr = min(MR, mc - i), ap = scratch + (usize(i * kc) << 2);
            const c = C + usize(m0 + i) * lc + (usize(n0 + j) << 2);
            if (mr == MR && nr == NR) tile5x8(kc, ap, bp, c, lc, ac, de, alpha, bj);
            else {
              tile5x8(kc, ap, bp, tile, 32, 0, 0, 1, 0);
              flush(tile, c, lc, mr, nr, ac, de, alpha, bj);
            }
          }
        }
      }
    }
  }
}

/** Below so many multiply-adds a call of the BLAS costs more than it saves. */
const BLAS_MIN: i32 = 24576;

/** `gemm`, by the BLAS where there is one and the product is worth the call. */
export function multiply(
  ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, C: usize, ldc: i32,
  acc: i32, delta: usize, alpha: f32, bias: usize, scratch: usize,
): void {
  if (load<i32>(BLAS) && i64(M) * i64(N) * i64(K) >= BLAS_MIN) {
    blas(ta, tb, M, N, K, A, lda, B, ldb, C, ldc, acc, delta, alpha, bias);
  } else gemm(ta, tb, M, N, K, A, lda, B, ldb, C, ldc, acc, delta, alpha, bias, scratch);
}

/** Bias and the matrix to add are written to C first, since a BLAS can only add to C. */
function blas(
  ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, C: usize, ldc: i32,
  acc: i32, delta: usize, alpha: f32, bias: usize,
): void {
  if (bias != 0 || (acc != 0 && delta != 0)) {
    for (let i = 0; i < M; i++) {
      const row = C + (usize(i) * usize(ldc) << 2);
      for (let j = 0; j < N; j += 4) {
        const o = usize(j) << 2;
        let v = bias ? v128.load(bias + o) : splat(0);
        if (acc) v = f32x4.add(v, v128.load(row + o + delta));
        if (j + 4 <= N) v128.store(row + o, v);
        else storeTail(row + o, v, N - j);
      }
    }
  }
  sgemm(ta, tb, M, N, K, alpha, A, lda, B, ldb, bias != 0 || acc != 0 ? <f32>1 : <f32>0, C, ldc);
}

/**
 * A batch of products, each cut into `splitM` x `splitN` jobs.
 * args: ta, tb, M, N, K, A, lda, strideA, B, ldb, strideB, C, ldc, strideC, batch, acc, add (address of
 * the matrix to add, if acc), alpha, bias, activation (0 none, 1 GELU tanh, 2 GELU erf, 3 ReLU),
 * activated (where the activation of C goes), splitM, splitN, slope (1: C becomes the activation's slope)
 */
export function gemmJobs(c: i32, chunks: i32, thread: i32): void {
  const ta = int(0), tb = int(1), M = int(2), N = int(3), K = int(4), lda = int(6), ldb = int(9), ldc = int(12);
  const splitM = int(21), splitN = int(22), batch = c / (splitM * splitN), part = c % (splitM * splitN);
  const i = part / splitN, j = part % splitN;
  // Blocks start at multiples of the tile so that only the last one has ragged edges.
  const rowTiles = (M + MR - 1) / MR, colTiles = (N + NR - 1) / NR;
  const m0 = rowTiles * i / splitM * MR, m1 = min(M, rowTiles * (i + 1) / splitM * MR);
  const n0 = colTiles * j / splitN * NR, n1 = min(N, colTiles * (j + 1) / splitN * NR);
  if (m1 <= m0 || n1 <= n0) return;
  const A = address(5) + ((usize(batch) * usize(int(7)) + usize(m0) * usize(ta ? 1 : lda)) << 2);
  const B = address(8) + ((usize(batch) * usize(int(10)) + usize(n0) * usize(tb ? ldb : 1)) << 2);
  const offset = (usize(batch) * usize(int(13)) + usize(m0) * usize(ldc) + usize(n0)) << 2;
  const C = address(11) + offset, acc = int(15), delta = acc ? address(16) - address(11) : 0;
  const bias: usize = address(18) ? address(18) + (usize(n0) << 2) : 0;
  const scratch = usize(load<u32>(SCRATCH + (usize(thread) << 2)));
  multiply(ta, tb, m1 - m0, n1 - n0, K, A, lda, B, ldb, C, ldc, acc, delta, float(17), bias, scratch);
  const activation = int(19);
  if (activation) activate(activation, C, address(20) + offset, m1 - m0, n1 - n0, ldc, int(23));
}

/**
 * Applies the activation to a block that is still in the cache. For a backward pass the block itself
 * becomes the slope: both need the same exponential, which is most of the work.
 */
function activate(kind: i32, at: usize, to: usize, m: i32, n: i32, ld: i32, keepSlope: i32): void {
  if (kind == 1) activateWith(1, at, to, m, n, ld, keepSlope);
  else if (kind == 2) activateWith(2, at, to, m, n, ld, keepSlope);
  else activateWith(3, at, to, m, n, ld, keepSlope);
}
// @ts-ignore: decorator
@inline
function activateWith(kind: i32, at: usize, to: usize, m: i32, n: i32, ld: i32, keepSlope: i32): void {
  for (let i = 0; i < m; i++) {
    const row = usize(i) * usize(ld) << 2;
    for (let j = 0; j < n; j += 4) {
      const o = row + (usize(j) << 2), x = v128.load(at + o);
      let y = f32x4.max(x, splat(0)), slope = v128.and(f32x4.gt(x, splat(0)), splat(1));
      if (kind == 1) {
        const z = f32x4.mul(x, x);
        const s = geluTanhGate(x, z);
        y = f32x4.mul(x, s);
        slope = geluTanhSlopeFrom(x, z, s);
      } else if (kind == 2) {
        const s = vnormalCdf(x);
        y = f32x4.mul(x, s);
        slope = madd(x, normalDensity(x), s);
      }
      if (j + 4 <= n) {
        v128.store(to + o, y);
        if (keepSlope) v128.store(at + o, slope);
      } else {
        storeTail(to + o, y, n - j);
        if (keepSlope) storeTail(at + o, slope, n - j);
      }
    }
  }
}
