// Matrix product, packed and register-blocked (Goto & van de Geijn 2008).
//
// The operands are cut into blocks that fit the caches and copied ("packed") into the order in which
// the inner loop reads them, so that loop only ever loads the next few bytes. What one run of the inner
// loop computes is a tile of C: 6 x 8 (tiles.ts), or 8 x 12 with 256-bit vectors (wide_tile.ts). The
// former reads A's rows where they are, if they lie along k, and if they lie across it but near each other
// (across_tile.ts): on cold data, copying took a tenth of the time.
//
// Every element of C is summed over k in the same order however the work is split, so the number of
// threads doesn't change a bit.
import { across6x8 } from "./across_tile";
import { address, BLAS, float, int, SCRATCH, WIDE } from "./args";
import { geluTanhGate, geluTanhSlopeFrom, normalDensity } from "./elementwise";
import { SumBlock } from "./ops";
import { pack12, pack8, packRows } from "./packing";
import { madd, splat, storeTail, vnormalCdf } from "./simd";
import { flush, tile6x8 } from "./tiles";
import { tile8x12 } from "./wide_tile";

// @ts-ignore: decorator
@external("env", "sgemm")
declare function sgemm(
  ta: i32, tb: i32, m: i32, n: i32, k: i32, alpha: f32,
  a: usize, lda: i32, b: usize, ldb: i32, beta: f32, c: usize, ldc: i32,
): void;

/** Sizes of the blocks, at most: values of k, rows of A, columns of B. */
export const KC: i32 = SumBlock.K;
const MC: i32 = 120, NC: i32 = 384;
/** The most elements from one k to the next of an A that is read where it is though its rows lie across k. */
const NEAR: i32 = 512;
/** Bytes of a matrix packed once for several products (`packB`). */
export const PACKED: i32 = 1 << 18;
/** Between rows in the scratch, so that they don't evict one another from the cache. */
const GAP: usize = 64;
// A thread's scratch: a block of A, then one of B or two packed matrices, a tile, and the rows of no whole tile.
const PANEL_B: usize = MC * (KC * 4 + GAP) + 4096, TILE: usize = PANEL_B + (PACKED << 1) + 4096;
const EDGE: usize = TILE + 4096;
/** Bytes of scratch a thread needs. */
export const SCRATCH_BYTES: i32 = 1 << 20;

/** Rows of a tile. */
// @ts-ignore: decorator
@inline
function tileRows(): i32 {
  return load<i32>(WIDE) ? 8 : 6;
}
/** Columns of a tile. */
// @ts-ignore: decorator
@inline
export function tileColumns(): i32 {
  return load<i32>(WIDE) ? 12 : 8;
}

/**
 * C[M, N] = alpha op(A) op(B) (+ bias per column) (+ the matrix `delta` bytes from C, if `acc`; a
 * delta of 0 adds to C itself). One thread; `scratch` is its own. With an `activation`, that of C goes
 * `activated` bytes from C, block by block while a block is in the cache.
 * If op(B) was `packed` (by `packB`; K up to KC, N up to NC), its panels are `stride` bytes apart.
 */
export function gemm(
  ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, C: usize, ldc: i32,
  acc: i32, delta: usize, alpha: f32, bias: usize, scratch: usize,
  activation: i32, activated: usize, keepSlope: i32, packed: usize = 0, stride: usize = 0,
): void {
  const ars = ta ? 1 : lda, aks = ta ? lda : 1, brs = tb ? ldb : 1, bks = tb ? 1 : ldb, lc = usize(ldc) << 2;
  const pb = packed ? packed : scratch + PANEL_B, tile = scratch + TILE, seed = tile + 384, edge = scratch + EDGE;
  const wide = load<i32>(WIDE);
  const across = !wide && aks > 1 && aks <= NEAR;
  const MR = tileRows(), NR = tileColumns(), rows = MC / MR * MR, columns = NC / NR * NR;
  for (let n0 = 0; n0 < N; n0 += columns) {
    const nc = min(columns, N - n0);
    for (let k0 = 0; k0 == 0 || k0 < K; k0 += KC) { // once even if K is 0: C must be written
      const kc = min(KC, K - k0), ac = k0 ? 1 : acc, de: usize = k0 ? 0 : delta, bi: usize = k0 ? 0 : bias;
      const right = B + ((usize(n0) * usize(brs) + usize(k0) * usize(bks)) << 2);
      const panel = packed ? stride : usize(NR * kc) << 2;
      if (!packed) packPanels(pb, right, brs, bks, nc, kc);
      for (let m0 = 0; m0 < M; m0 += rows) {
        const mc = min(rows, M - m0), left = A + ((usize(m0) * usize(ars) + usize(k0) * usize(aks)) << 2);
        // A's row i begins at at + i * row; but wide ones are in panels.
        let at = scratch, row = usize(kc) << 2, ragged = 0;
        if (wide) pack8(scratch, left, ars, aks, mc, kc);
        else if (across) at = left, row = 4;
        else if (aks != 1) packRows(scratch, row += GAP, left, aks, mc, kc);
        else {
          at = left;
          row = usize(lda) << 2;
          ragged = mc % MR;
          for (let i = 0; i < ragged; i++) {
            memory.copy(edge + usize(i) * (KC << 2), at + usize(mc - ragged + i) * row, usize(kc) << 2);
          }
        }
        for (let j = 0; j < nc; j += NR) {
          const nr = min(NR, nc - j), bp = pb + usize(j / NR) * panel, bj: usize = bi ? bi + (usize(n0 + j) << 2) : 0;
          for (let i = 0; i < mc; i += MR) {
            const mr = min(MR, mc - i), c = C + usize(m0 + i) * lc + (usize(n0 + j) << 2);
            let ap = at + usize(i) * row, step = across ? usize(aks) << 2 : row;
            if (ragged != 0 && mr < MR) ap = edge, step = KC << 2;
            if (mr == MR && nr == NR) {
              if (wide) tile8x12(kc, ap, bp, c, lc, ac, de, alpha, bj, seed);
              else if (across) across6x8(kc, ap, step, bp, c, lc, ac, de, alpha, bj);
              else tile6x8(kc, ap, step, bp, c, lc, ac, de, alpha, bj);
            } else {
              const width: usize = wide ? 48 : 32;
              if (wide) tile8x12(kc, ap, bp, tile, width, 0, 0, 1, 0, seed);
              else if (across) across6x8(kc, ap, step, bp, tile, width, 0, 0, 1, 0);
              else tile6x8(kc, ap, step, bp, tile, width, 0, 0, 1, 0);
              flush(tile, width, c, lc, mr, nr, ac, de, alpha, bj);
            }
          }
        }
        if (activation != 0 && k0 + KC >= K) {
          const c = C + usize(m0) * lc + (usize(n0) << 2);
          activate(activation, c, c + activated, mc, nc, ldc, keepSlope);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function packPanels(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
  if (load<i32>(WIDE)) pack12(q, src, rs, ks, n, kc);
  else pack8(q, src, rs, ks, n, kc);
}

/** Where a thread's scratch has room for two packed matrices. */
export function packedB(scratch: usize): usize {
  return scratch + PANEL_B;
}

/** Packs op(B)[K, N] for several products with it, and says how many bytes apart its panels are. */
export function packB(q: usize, tb: i32, N: i32, K: i32, B: usize, ldb: i32): usize {
  packPanels(q, B, tb ? ldb : 1, tb ? 1 : ldb, N, K);
  return usize(tileColumns() * K) << 2;
}

/** Below so many multiply-adds a call of the BLAS costs more than it saves. */
const BLAS_MIN: i32 = 24576;

/** `gemm`, by the BLAS where there is one and the product is worth the call. */
export function multiply(
  ta: i32, tb: i32, M: i32, N: i32, K: i32, A: usize, lda: i32, B: usize, ldb: i32, C: usize, ldc: i32,
  acc: i32, delta: usize, alpha: f32, bias: usize, scratch: usize,
  activation: i32 = 0, activated: usize = 0, keepSlope: i32 = 0, packed: usize = 0, stride: usize = 0,
): void {
  if (load<i32>(BLAS) && i64(M) * i64(N) * i64(K) >= BLAS_MIN) {
    blas(ta, tb, M, N, K, A, lda, B, ldb, C, ldc, acc, delta, alpha, bias);
    if (activation) activate(activation, C, C + activated, M, N, ldc, keepSlope);
  } else {
    gemm(
      ta, tb, M, N, K, A, lda, B, ldb, C, ldc, acc, delta, alpha, bias, scratch,
      activation, activated, keepSlope, packed, stride,
    );
  }
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
 * activated (where the activation of C goes), splitM, splitN, slope (1: C becomes the activation's slope),
 * lastK (K of the batch's last product)
 */
export function gemmJobs(c: i32, chunks: i32, thread: i32): void {
  const ta = int(0), tb = int(1), M = int(2), N = int(3), lda = int(6), ldb = int(9), ldc = int(12);
  const splitM = int(21), splitN = int(22), batch = c / (splitM * splitN), part = c % (splitM * splitN);
  const i = part / splitN, j = part % splitN, K = batch == int(14) - 1 ? int(24) : int(4);
  // Blocks start at multiples of the tile so that only the last one has ragged edges.
  const MR = tileRows(), NR = tileColumns();
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
  multiply(
    ta, tb, m1 - m0, n1 - n0, K, A, lda, B, ldb, C, ldc, acc, delta, float(17), bias, scratch,
    int(19), address(20) - address(11), int(23),
  );
}

/**
 * Applies the activation to a block of C that is still in the cache. For a backward pass the block itself
 * becomes the slope: both need the same exponential, which is most of the work.
 */
function activate(kind: i32, at: usize, to: usize, m: i32, n: i32, ld: i32, keepSlope: i32): void {
  if (keepSlope) {
    if (kind == 1) activateWith(1, at, to, m, n, ld, 1);
    else if (kind == 2) activateWith(2, at, to, m, n, ld, 1);
    else activateWith(3, at, to, m, n, ld, 1);
  } else if (kind == 1) activateWith(1, at, to, m, n, ld, 0);
  else if (kind == 2) activateWith(2, at, to, m, n, ld, 0);
  else activateWith(3, at, to, m, n, ld, 0);
}
// @ts-ignore: decorator
@inline
function activateWith(kind: i32, at: usize, to: usize, m: i32, n: i32, ld: i32, keepSlope: i32): void {
  for (let i = 0; i < m; i++) {
    const row = usize(i) * usize(ld) << 2;
    for (let j = 0; j < n; j += 4) {
      const o = row + (usize(j) << 2), x = v128.load(at + o);
      let y = f32x4.max(x, splat(0)), slope = y;
      if (kind == 1) {
        const z = f32x4.mul(x, x), s = geluTanhGate(x, z);
        y = f32x4.mul(x, s);
        if (keepSlope) slope = geluTanhSlopeFrom(x, z, s);
      } else if (kind == 2) {
        const s = vnormalCdf(x);
        y = f32x4.mul(x, s);
        if (keepSlope) slope = madd(x, normalDensity(x), s);
      } else if (keepSlope) slope = v128.and(f32x4.gt(x, splat(0)), splat(1));
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
