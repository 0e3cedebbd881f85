// Scaled dot-product attention (Vaswani et al. 2017), one job per sequence and key head: the scores,
// their softmax and the weighted sum stay in the cache, and a causal mask skips the work it hides.
import { address, BLAS, float, int, SCRATCH, start } from "./args";
import { KC, multiply, PACKED, packB, packedB, tileColumns } from "./gemm";
import { hsum, loadTail, madd, splat, vexpFast } from "./simd";

/** Rows of queries handled together: whole tiles, narrow (6) or wide (8). */
const BLOCK: i32 = 24;

/** Whether a head's matrices can be packed once for all blocks. A BLAS packs for itself. */
function packsOnce(T: i32, S: i32, dim: i32): bool {
  const longest = max(T, S);
  return load<i32>(BLAS) == 0 && max(longest, dim) <= KC && (longest + 12) * (dim + 12) << 2 <= PACKED;
}

/** C = alpha op(A) op(B), or added to C if `acc`; `packed` is op(B) packed once, or 0. */
// @ts-ignore: decorator
@inline
function product(
  ta: i32, tb: i32, m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32,
  acc: i32, alpha: f32, scratch: usize, packed: usize, stride: usize,
): void {
  multiply(ta, tb, m, n, k, a, lda, b, ldb, c, ldc, acc, 0, alpha, 0, scratch, 0, 0, 0, packed, stride);
}

/**
 * Softmax of the first `live` scores of a row of `ld`, a multiple of 4; the others become 0. Keys whose
 * mask is 0 are skipped, and a row with nothing to attend to becomes 0.
 */
function maskedSoftmax(p: usize, live: i32, ld: i32, mask: usize): void {
  if (mask) {
    for (let j = 0; j < live; j++) {
      if (load<f32>(mask + (usize(j) << 2)) == 0) store<f32>(p + (usize(j) << 2), -Infinity);
    }
  }
  // Filled up to whole vectors, the row needs no special case for its end.
  const used = usize((live + 3) & ~3) << 2, end = usize(ld) << 2;
  for (let i = usize(live) << 2; i < used; i += 4) store<f32>(p + i, -Infinity);
  // pmax is one instruction where max is nine. It overlooks NaN, which the sum then carries on.
  let m = splat(-Infinity), s = splat(0);
  for (let i: usize = 0; i < used; i += 16) m = f32x4.pmax(m, v128.load(p + i));
  m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  const top = f32x4.extract_lane(f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2)), 0), shift = splat(top == -Infinity ? 0 : top);
  for (let i: usize = 0; i < used; i += 16) {
    const y = vexpFast(f32x4.sub(v128.load(p + i), shift));
    s = f32x4.add(s, y);
    v128.store(p + i, y);
  }
  const k = splat(top == -Infinity ? 0 : 1 / hsum(s));
  for (let i: usize = 0; i < used; i += 16) v128.store(p + i, f32x4.mul(v128.load(p + i), k));
  for (let i = used; i < end; i += 16) v128.store(p + i, splat(0));
}

/**
 * q, o: [batch, .., queries, heads, dim] in any layout given by strides (in elements) of a batch, a
 * head and a row; k and v share another set. Query i sees keys up to i + (keys - queries) when causal.
 * args: q, k, v, o, p (0: probabilities not kept), mask (0: none; [batch, keys]), batch, heads,
 * keyHeads, queries, keys, dim, scale, causal, qBatch, qHead, qRow, kBatch, kHead, kRow, work
 */
export function attention(c: i32, chunks: i32, thread: i32): void {
  const heads = int(7), keyHeads = int(8), T = int(9), S = int(10), dim = int(11), scale = float(12), causal = int(13);
  const qr = int(16), kr = int(19), ld = (S + 3) & ~3, group = heads / keyHeads, jobs = int(6) * keyHeads;
  const scratch = usize(load<u32>(SCRATCH + (usize(thread) << 2)));
  const once = packsOnce(T, S, dim), pk: usize = once ? packedB(scratch) : 0, pv: usize = once ? pk + PACKED : 0;
  const j1 = start(jobs, c + 1, chunks);
  for (let j = start(jobs, c, chunks); j < j1; j++) {
    const b = j / keyHeads, kh = j % keyHeads, ko = (usize(b) * usize(int(17)) + usize(kh) * usize(int(18))) << 2;
    let sk: usize = 0, sv: usize = 0;
    if (once) {
      sk = packB(pk, 1, S, dim, address(1) + ko, kr);
      sv = packB(pv, 0, dim, S, address(2) + ko, kr);
    }
    const mask: usize = address(5) ? address(5) + (usize(b) * usize(S) << 2) : 0;
    for (let h = kh * group; h < (kh + 1) * group; h++) {
      const qo = (usize(b) * usize(int(14)) + usize(h) * usize(int(15))) << 2;
      const pj = address(4) ? address(4) + (usize(b * heads + h) * usize(T) * usize(ld) << 2) : 0;
      for (let i0 = 0; i0 < T; i0 += BLOCK) {
        const n = min(BLOCK, T - i0), row = qo + (usize(i0) * usize(qr) << 2);
        const p = pj ? pj + (usize(i0) * usize(ld) << 2) : address(20) + (usize(thread) * usize(BLOCK) * usize(ld) << 2);
        const e = causal ? max(0, min(S, i0 + n + S - T)) : S;
        if (e > 0) product(0, 1, n, e, dim, address(0) + row, qr, address(1) + ko, kr, p, ld, 0, scale, scratch, pk, sk);
        for (let i = 0; i < n; i++) {
          const live = causal ? max(0, min(S, i0 + i + 1 + S - T)) : S;
          maskedSoftmax(p + (usize(i) * usize(ld) << 2), live, ld, mask);
        }
        product(0, 0, n, dim, max(e, 1), p, ld, address(2) + ko, kr, address(3) + row, qr, 0, 1, scratch, pv, sv);
      }
    }
  }
}

/**
 * dV = Pᵀ dO; dS = P (dO Vᵀ - rowsum(P dO Vᵀ)); dQ = scale dS K; dK = scale dSᵀ Q.
 * args: q, k, v, p, dO, dq, dk, dv, batch, heads, keyHeads, queries, keys, dim, scale, causal, qBatch,
 * qHead, qRow, kBatch, kHead, kRow, work
 */
export function attentionBackward(c: i32, chunks: i32, thread: i32): void {
  const heads = int(9), keyHeads = int(10), T = int(11), S = int(12), dim = int(13), scale = float(14), causal = int(15);
  const qr = int(18), kr = int(21), ld = (S + 3) & ~3, group = heads / keyHeads, jobs = int(8) * keyHeads;
  const scratch = usize(load<u32>(SCRATCH + (usize(thread) << 2)));
  const once = packsOnce(T, S, dim), p0: usize = once ? packedB(scratch) : 0, p1: usize = once ? p0 + PACKED : 0;
  const ds = address(22) + (usize(thread) * usize(T) * usize(ld) << 2), sv = splat(scale);
  let s0: usize = 0, s1: usize = 0; // strides of what is packed at p0 and p1
  const j1 = start(jobs, c + 1, chunks);
  for (let j = start(jobs, c, chunks); j < j1; j++) {
    const b = j / keyHeads, kh = j % keyHeads, ko = (usize(b) * usize(int(19)) + usize(kh) * usize(int(20))) << 2;
    for (let h = kh * group; h < (kh + 1) * group; h++) {
      const qo = (usize(b) * usize(int(16)) + usize(h) * usize(int(17))) << 2, more = h > kh * group ? 1 : 0;
      const pj = address(3) + (usize(b * heads + h) * usize(T) * usize(ld) << 2);
      if (once) {
        s0 = packB(p0, 1, S, dim, address(2) + ko, kr);
        s1 = packB(p1, 0, dim, S, address(1) + ko, kr);
      }
      for (let i0 = 0; i0 < T; i0 += BLOCK) {
        const n = min(BLOCK, T - i0), ro = qo + (usize(i0) * usize(qr) << 2), po = usize(i0) * usize(ld) << 2;
        const e = causal ? max(1, min(S, i0 + n + S - T)) : S, left = e & 3, eb = usize(e & ~3) << 2;
        product(0, 1, n, e, dim, address(4) + ro, qr, address(2) + ko, kr, ds + po, ld, 0, 1, scratch, p0, s0);
        for (let i = 0; i < n; i++) {
          const d = ds + po + (usize(i) * usize(ld) << 2), pp = pj + po + (usize(i) * usize(ld) << 2);
          let s = splat(0), x: usize = 0;
          for (; x < eb; x += 16) s = madd(v128.load(d + x), v128.load(pp + x), s);
          if (left) s = madd(loadTail(d + x, left, splat(0)), v128.load(pp + x), s);
          const t = splat(hsum(s));
          // Rows are padded to whole vectors: the last may run over `e`, and is cleared below.
          for (x = 0; x < usize(e) << 2; x += 16) {
            v128.store(d + x, f32x4.mul(f32x4.mul(v128.load(pp + x), sv), f32x4.sub(v128.load(d + x), t)));
          }
          x = usize(e) << 2;
          for (; x & 15; x += 4) store<f32>(d + x, 0);
          for (; x < usize(ld) << 2; x += 16) v128.store(d + x, splat(0));
        }
        product(0, 0, n, dim, e, ds + po, ld, address(1) + ko, kr, address(5) + ro, qr, 0, 1, scratch, p1, s1);
      }
      if (once) {
        s0 = packB(p0, 0, dim, T, address(4) + qo, qr);
        s1 = packB(p1, 0, dim, T, address(0) + qo, qr);
      }
      for (let c0 = 0; c0 < S; c0 += BLOCK) { // only rows that see column block c0 contribute
        const n = min(BLOCK, S - c0), first = causal ? max(0, min(T - 1, c0 - (S - T))) / BLOCK * BLOCK : 0;
        const at = ko + (usize(c0) * usize(kr) << 2), po = (usize(first) * usize(ld) + usize(c0)) << 2;
        const ro = qo + (usize(first) * usize(qr) << 2), skip = usize(first * tileColumns()) << 2;
        product(1, 0, n, dim, T - first, pj + po, ld, address(4) + ro, qr, address(7) + at, kr, more, 1, scratch, p0 ? p0 + skip : 0, s0);
        product(1, 0, n, dim, T - first, ds + po, ld, address(0) + ro, qr, address(6) + at, kr, more, 1, scratch, p1 ? p1 + skip : 0, s1);
      }
    }
  }
}
