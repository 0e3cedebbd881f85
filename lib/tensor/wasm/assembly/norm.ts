// Layer normalisation (Ba et al. 2016) and RMS normalisation (Zhang & Sennrich 2019) over the last
// dimension. RMS normalisation is the same code with the mean left at zero and no bias.
import { address, float, int, start } from "./args";
import { hsum, loadTail, madd, splat, storeTail } from "./simd";

/** args: out, x, weight, bias (0: none), mean (0: RMS), rstd, rows, n, eps */
export function norm(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), w = address(2), bias = address(3), mean = address(4), rstd = address(5);
  const n = int(7), eps = float(8), inv: f32 = 1 / f32(n), r1 = start(int(6), c + 1, chunks);
  const e = usize(n & ~3) << 2, left = n & 3;
  for (let r = start(int(6), c, chunks); r < r1; r++) {
    const p = x + (usize(r) * usize(n) << 2), q = o + (usize(r) * usize(n) << 2), at = usize(r) << 2;
    let m: f32 = 0;
    if (mean) {
      let s = splat(0), i: usize = 0;
      for (; i < e; i += 16) s = f32x4.add(s, v128.load(p + i));
      if (left) s = f32x4.add(s, loadTail(p + i, left, splat(0)));
      m = hsum(s) * inv;
      store<f32>(mean + at, m);
    }
    const mv = splat(m);
    let s = splat(0), i: usize = 0;
    for (; i < e; i += 16) {
      const t = f32x4.sub(v128.load(p + i), mv);
      s = madd(t, t, s);
    }
    if (left) {
      const t = f32x4.sub(loadTail(p + i, left, mv), mv);
      s = madd(t, t, s);
    }
    const k: f32 = 1 / sqrt<f32>(hsum(s) * inv + eps), kv = splat(k);
    store<f32>(rstd + at, k);
    for (i = 0; i < e + (left ? 16 : 0); i += 16) {
      let y = f32x4.mul(f32x4.sub(v128.load(p + i), mv), kv);
      if (w) y = f32x4.mul(y, v128.load(w + i));
      if (bias) y = f32x4.add(y, v128.load(bias + i));
      if (i < e) v128.store(q + i, y);
      else storeTail(q + i, y, left);
    }
  }
}

/**
 * With h the normalised row and g = dy * weight: dx = rstd (g - mean(g) - h mean(g h)); RMS drops
 * mean(g). `add` is a gradient that already reached x (or 0), saving a pass over memory.
 * args: dx, dy, x, weight, mean, rstd, rows, n, add
 */
export function normBackwardInput(c: i32, chunks: i32): void {
  const dx = address(0), dy = address(1), x = address(2), w = address(3), mean = address(4), rstd = address(5);
  const n = int(7), add = address(8), inv: f32 = 1 / f32(n), r1 = start(int(6), c + 1, chunks);
  const e = usize(n & ~3) << 2, left = n & 3, end = e + (left ? 16 : 0), zero = splat(0);
  for (let r = start(int(6), c, chunks); r < r1; r++) {
    const b = usize(r) * usize(n) << 2, at = usize(r) << 2;
    const m = splat(mean ? load<f32>(mean + at) : 0), k = splat(load<f32>(rstd + at));
    let s1 = zero, s2 = zero;
    for (let i: usize = 0; i < end; i += 16) {
      let g = i < e ? v128.load(dy + b + i) : loadTail(dy + b + i, left, zero);
      if (w) g = f32x4.mul(g, i < e ? v128.load(w + i) : loadTail(w + i, left, zero));
      const h = f32x4.mul(f32x4.sub(i < e ? v128.load(x + b + i) : loadTail(x + b + i, left, m), m), k);
      s1 = f32x4.add(s1, g);
      s2 = madd(g, h, s2);
    }
    const a = splat(mean ? hsum(s1) * inv : 0), q = splat(hsum(s2) * inv);
    for (let i: usize = 0; i < end; i += 16) {
      let g = v128.load(dy + b + i);
      if (w) g = f32x4.mul(g, v128.load(w + i));
      const h = f32x4.mul(f32x4.sub(v128.load(x + b + i), m), k);
      let d = f32x4.mul(k, f32x4.sub(f32x4.sub(g, a), f32x4.mul(h, q)));
      if (add) d = f32x4.add(d, v128.load(add + b + i));
      if (i < e) v128.store(dx + b + i, d);
      else storeTail(dx + b + i, d, left);
    }
  }
}

/**
 * dweight = sum over rows of dy h, dbias = sum of dy, both overwritten or added to. A thread owns 16
 * columns at a time, a cache line, so that no line is fetched twice.
 * args: dweight (0: none), dbias (0: none), dy, x, mean, rstd, rows, n, addWeight, addBias
 */
export function normBackwardWeight(c: i32, chunks: i32): void {
  const n = int(7), strips = (n + 15) >> 4, s1 = start(strips, c + 1, chunks);
  for (let s = start(strips, c, chunks); s < s1; s++) {
    const first = s << 4, width = min(16, n - first);
    if (width == 16) weightStrip(usize(first) << 2);
    else for (let i = 0; i < width; i += 4) weightColumns(usize(first + i) << 2, min(4, width - i));
  }
}
/** 16 columns from byte offset `i` of a row. */
function weightStrip(i: usize): void {
  const dw = address(0), db = address(1), dy = address(2), x = address(3), mean = address(4), rstd = address(5);
  const rows = int(6), step = usize(int(7)) << 2, addW = int(8), addB = int(9);
  let w0 = splat(0), w1 = w0, w2 = w0, w3 = w0, b0 = w0, b1 = w0, b2 = w0, b3 = w0, p = i;
  for (let r = 0; r < rows; r++, p += step) {
    const at = usize(r) << 2, m = splat(mean ? load<f32>(mean + at) : 0), k = splat(load<f32>(rstd + at));
    let g = v128.load(dy + p);
    w0 = madd(g, f32x4.mul(f32x4.sub(v128.load(x + p), m), k), w0);
    b0 = f32x4.add(b0, g);
    g = v128.load(dy + p, 16);
    w1 = madd(g, f32x4.mul(f32x4.sub(v128.load(x + p, 16), m), k), w1);
    b1 = f32x4.add(b1, g);
    g = v128.load(dy + p, 32);
    w2 = madd(g, f32x4.mul(f32x4.sub(v128.load(x + p, 32), m), k), w2);
    b2 = f32x4.add(b2, g);
    g = v128.load(dy + p, 48);
    w3 = madd(g, f32x4.mul(f32x4.sub(v128.load(x + p, 48), m), k), w3);
    b3 = f32x4.add(b3, g);
  }
  if (dw) {
    put(dw + i, w0, 4, addW);
    put(dw + i + 16, w1, 4, addW);
    put(dw + i + 32, w2, 4, addW);
    put(dw + i + 48, w3, 4, addW);
  }
  if (db) {
    put(db + i, b0, 4, addB);
    put(db + i + 16, b1, 4, addB);
    put(db + i + 32, b2, 4, addB);
    put(db + i + 48, b3, 4, addB);
  }
}
/** Up to 4 columns, at the right edge. */
function weightColumns(i: usize, live: i32): void {
  const dw = address(0), db = address(1), dy = address(2), x = address(3), mean = address(4), rstd = address(5);
  const rows = int(6), step = usize(int(7)) << 2;
  let gw = splat(0), gb = splat(0), p = i;
  for (let r = 0; r < rows; r++, p += step) {
    const at = usize(r) << 2, g = v128.load(dy + p);
    const m = splat(mean ? load<f32>(mean + at) : 0), k = splat(load<f32>(rstd + at));
    gw = madd(g, f32x4.mul(f32x4.sub(v128.load(x + p), m), k), gw);
    gb = f32x4.add(gb, g);
  }
  if (dw) put(dw + i, gw, live, int(8));
  if (db) put(db + i, gb, live, int(9));
}
// @ts-ignore: decorator
@inline
function put(p: usize, v: v128, live: i32, add: i32): void {
  if (add) v = f32x4.add(v, v128.load(p));
  if (live == 4) v128.store(p, v);
  else storeTail(p, v, live);
}
