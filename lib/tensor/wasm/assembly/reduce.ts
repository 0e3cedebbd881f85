// Reductions. Every output element is summed by one thread in one order that depends on the shape
// alone, never on the number of threads: same input, same bits.
import { address, float, int, start } from "./args";
import { ReduceKind, SumBlock } from "./ops";
import { choose, hmax, hmin, hsum, lanes, loadTail, madd, splat, storeTail, vexp, vexpFast } from "./simd";

// @ts-ignore: decorator
@inline
function identity(kind: i32): v128 {
  if (kind == ReduceKind.Max) return splat(-Infinity);
  if (kind == ReduceKind.Min) return splat(Infinity);
  return splat(0);
}
// @ts-ignore: decorator
@inline
function combine(kind: i32, s: v128, x: v128): v128 {
  if (kind == ReduceKind.Max) return f32x4.max(s, x);
  if (kind == ReduceKind.Min) return f32x4.min(s, x);
  if (kind == ReduceKind.SumOfSquares) return madd(x, x, s);
  return f32x4.add(s, x);
}
// @ts-ignore: decorator
@inline
function across(kind: i32, v: v128): f32 {
  if (kind == ReduceKind.Max) return hmax(v);
  if (kind == ReduceKind.Min) return hmin(v);
  return hsum(v);
}

/**
 * One row of n floats. Four accumulators hide the adder's latency; they are emptied into a total
 * every 1024 elements, so that the rounding error doesn't grow with the length.
 */
// @ts-ignore: decorator
@inline
function row(kind: i32, p: usize, n: i32): f32 {
  // A sum of squares combines its partial sums by adding them.
  const join = kind == ReduceKind.SumOfSquares ? ReduceKind.Sum : kind, none = identity(kind);
  let total = none, left = n;
  while (left >= 16) {
    let a = none, b = none, c = none, d = none;
    for (const end = max(left - 1024, 0); left >= 16 && left > end; left -= 16, p += 64) {
      a = combine(kind, a, v128.load(p));
      b = combine(kind, b, v128.load(p, 16));
      c = combine(kind, c, v128.load(p, 32));
      d = combine(kind, d, v128.load(p, 48));
    }
    total = combine(join, total, combine(join, combine(join, a, b), combine(join, c, d)));
  }
  let rest = none;
  for (; left >= 4; left -= 4, p += 16) rest = combine(kind, rest, v128.load(p));
  if (left) rest = combine(kind, rest, loadTail(p, left, none));
  return across(kind, combine(join, total, rest));
}

// @ts-ignore: decorator
@inline
function rows(kind: i32, c: i32, chunks: i32): void {
  const o = address(1), x = address(2), n = int(4), scale = float(5), r1 = start(int(3), c + 1, chunks);
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    store<f32>(o + (usize(r) << 2), row(kind, x + (usize(r) * usize(n) << 2), n) * scale);
  }
}
/** args: kind, out, x, rows, n, scale */
export function reduceRows(c: i32, chunks: i32): void {
  switch (int(0)) {
    case ReduceKind.Sum: rows(ReduceKind.Sum, c, chunks); break;
    case ReduceKind.Max: rows(ReduceKind.Max, c, chunks); break;
    case ReduceKind.Min: rows(ReduceKind.Min, c, chunks); break;
    default: rows(ReduceKind.SumOfSquares, c, chunks);
  }
}

/** Sums blocks of `block` elements, the last shorter; the caller adds the partial sums in order. args: kind, out, x, n, block */
export function sumBlocks(c: i32, chunks: i32): void {
  const kind = int(0), o = address(1), x = address(2), n = int(3), block = int(4);
  const blocks = (n + block - 1) / block, b1 = start(blocks, c + 1, chunks);
  for (let b = start(blocks, c, chunks); b < b1; b++) {
    const p = x + (usize(b) * usize(block) << 2), m = min(block, n - b * block);
    const s = kind == ReduceKind.SumOfSquares ? row(ReduceKind.SumOfSquares, p, m) : row(ReduceKind.Sum, p, m);
    store<f32>(o + (usize(b) << 2), s);
  }
}

/**
 * Sums over the middle dimension of [outer, n, inner]; of the last of `outer` there are `rest` rows
 * instead of n. args: out, x, outer, n, inner, scale, add, rest
 */
export function reduceColumns(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), outer = int(2), all = int(3), inner = int(4), add = int(6), rest = int(7);
  const scale = splat(float(5)), strip = (inner + 15) >> 4, jobs = outer * strip, stride = usize(inner) << 2;
  const j1 = start(jobs, c + 1, chunks);
  for (let j = start(jobs, c, chunks); j < j1; j++) {
    const k = j / strip, c0 = (j % strip) << 4, width = min(16, inner - c0), n = k == outer - 1 ? rest : all;
    const out = o + (usize(k) * usize(inner) + usize(c0) << 2);
    let p = x + (usize(k) * usize(all) * usize(inner) + usize(c0) << 2);
    if (width == 16) {
      let s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let r = 0; r < n;) { // in blocks, for the rounding error
        let t0 = splat(0), t1 = t0, t2 = t0, t3 = t0;
        for (const end = min(n, r + SumBlock.Rows); r < end; r++, p += stride) {
          t0 = f32x4.add(t0, v128.load(p));
          t1 = f32x4.add(t1, v128.load(p, 16));
          t2 = f32x4.add(t2, v128.load(p, 32));
          t3 = f32x4.add(t3, v128.load(p, 48));
        }
        s0 = f32x4.add(s0, t0);
        s1 = f32x4.add(s1, t1);
        s2 = f32x4.add(s2, t2);
        s3 = f32x4.add(s3, t3);
      }
      if (add) {
        v128.store(out, madd(s0, scale, v128.load(out)));
        v128.store(out, madd(s1, scale, v128.load(out, 16)), 16);
        v128.store(out, madd(s2, scale, v128.load(out, 32)), 32);
        v128.store(out, madd(s3, scale, v128.load(out, 48)), 48);
      } else {
        v128.store(out, f32x4.mul(s0, scale));
        v128.store(out, f32x4.mul(s1, scale), 16);
        v128.store(out, f32x4.mul(s2, scale), 32);
        v128.store(out, f32x4.mul(s3, scale), 48);
      }
    } else {
      for (let i = 0; i < width; i += 4) {
        let s = splat(0), q = p + (usize(i) << 2);
        for (let r = 0; r < n;) {
          let t = splat(0);
          for (const end = min(n, r + SumBlock.Rows); r < end; r++, q += stride) t = f32x4.add(t, v128.load(q));
          s = f32x4.add(s, t);
        }
        const to = out + (usize(i) << 2), live = min(4, width - i);
        s = add ? madd(s, scale, v128.load(to)) : f32x4.mul(s, scale);
        if (live == 4) v128.store(to, s);
        else storeTail(to, s, live);
      }
    }
  }
}

/** Index of each row's largest element (the first, if several). args: out (int32), x, rows, n */
export function argMaxRows(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), n = int(3), r1 = start(int(2), c + 1, chunks);
  for (let r = start(int(2), c, chunks); r < r1; r++) {
    const p = x + (usize(r) * usize(n) << 2);
    let best = load<f32>(p), at = 0;
    for (let i = 1; i < n; i++) {
      const v = load<f32>(p + (usize(i) << 2));
      if (v > best || (v != v && best == best)) {
        best = v;
        at = i;
      }
    }
    store<i32>(o + (usize(r) << 2), at);
  }
}

/** Variance of each row in two passes (the mean first: no cancellation). args: out, mean, x, rows, n, divisor */
export function varRows(c: i32, chunks: i32): void {
  const o = address(0), m = address(1), x = address(2), n = int(4), inv: f32 = 1 / float(5);
  const r1 = start(int(3), c + 1, chunks);
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    const p = x + (usize(r) * usize(n) << 2), mean = row(ReduceKind.Sum, p, n) / f32(n), mv = splat(mean);
    let s = splat(0), i = 0;
    for (; i + 4 <= n; i += 4) {
      const t = f32x4.sub(v128.load(p + (usize(i) << 2)), mv);
      s = madd(t, t, s);
    }
    if (i < n) {
      const t = f32x4.sub(loadTail(p + (usize(i) << 2), n - i, mv), mv);
      s = madd(t, t, s);
    }
    store<f32>(o + (usize(r) << 2), hsum(s) * inv);
    store<f32>(m + (usize(r) << 2), mean);
  }
}

/** dx = dy * 2 (x - mean) / divisor. args: dx, dy, x, mean, rows, n, divisor */
export function varRowsBackward(c: i32, chunks: i32): void {
  const o = address(0), dy = address(1), x = address(2), m = address(3), n = int(5), f: f32 = 2 / float(6);
  const r1 = start(int(4), c + 1, chunks);
  for (let r = start(int(4), c, chunks); r < r1; r++) {
    const at = usize(r) << 2, mean = load<f32>(m + at), k = load<f32>(dy + at) * f, b = usize(r) * usize(n) << 2;
    for (let i: usize = 0; i < usize(n) << 2; i += 4) store<f32>(o + b + i, (load<f32>(x + b + i) - mean) * k);
  }
}

/** Running sums, from the end if `reverse`. args: out, x, rows, n, reverse */
export function cumSumRows(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), n = int(3), back = int(4), r1 = start(int(2), c + 1, chunks);
  for (let r = start(int(2), c, chunks); r < r1; r++) {
    const b = usize(r) * usize(n) << 2;
    let s: f64 = 0;
    for (let k = 0; k < n; k++) {
      const i = b + (usize(back ? n - 1 - k : k) << 2);
      s += f64(load<f32>(x + i));
      store<f32>(o + i, f32(s));
    }
  }
}

/** out[r, index[r]] = dy[r], zero elsewhere: the gradient of a maximum. args: out, dy, index, rows, n */
export function rowScatter(c: i32, chunks: i32): void {
  const o = address(0), dy = address(1), ix = address(2), n = int(4), r1 = start(int(3), c + 1, chunks);
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    const b = o + (usize(r) * usize(n) << 2);
    memory.fill(b, 0, usize(n) << 2);
    const at = usize(r) << 2;
    store<f32>(b + (usize(load<i32>(ix + at)) << 2), load<f32>(dy + at));
  }
}

/**
 * Largest of n floats. It overlooks NaN, which what is computed next carries on: pmax is one
 * instruction where max, which doesn't overlook it, is nine.
 */
function rowTop(p: usize, n: i32): f32 {
  const none = splat(-Infinity);
  let a = none, b = none, left = n;
  for (; left >= 8; left -= 8, p += 32) {
    a = f32x4.pmax(a, v128.load(p));
    b = f32x4.pmax(b, v128.load(p, 16));
  }
  for (; left >= 4; left -= 4, p += 16) a = f32x4.pmax(a, v128.load(p));
  if (left) b = f32x4.pmax(b, loadTail(p, left, none));
  return hmax(f32x4.pmax(a, b));
}

/** Writes e^(x - shift) to o (unless o is 0) and returns the sum. */
export function expRow(o: usize, p: usize, n: i32, shift: f32): f32 {
  const m = splat(shift), e = usize(n & ~3) << 2;
  let s = splat(0), i: usize = 0;
  if (o) {
    for (; i < e; i += 16) {
      const y = vexpFast(f32x4.sub(v128.load(p + i), m));
      s = f32x4.add(s, y);
      v128.store(o + i, y);
    }
  } else {
    for (; i < e; i += 16) s = f32x4.add(s, vexpFast(f32x4.sub(v128.load(p + i), m)));
  }
  if (n & 3) {
    const y = vexpFast(f32x4.sub(v128.load(p + i), m)), k = lanes(n & 3);
    s = f32x4.add(s, v128.and(y, k));
    if (o) storeTail(o + i, y, n & 3);
  }
  return hsum(s);
}

/** o = x * k for one row. */
// @ts-ignore: decorator
@inline
export function scaleRow(o: usize, n: i32, k: f32): void {
  const f = splat(k), e = usize(n & ~3) << 2;
  let i: usize = 0;
  for (; i < e; i += 16) v128.store(o + i, f32x4.mul(v128.load(o + i), f));
  if (n & 3) storeTail(o + i, f32x4.mul(v128.load(o + i), f), n & 3);
}

/** args: out, x, rows, n. A row of -inf gives NaN, as in PyTorch. */
export function softmaxRows(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), n = int(3), r1 = start(int(2), c + 1, chunks);
  for (let r = start(int(2), c, chunks); r < r1; r++) {
    const b = usize(r) * usize(n) << 2, s = expRow(o + b, x + b, n, rowTop(x + b, n));
    scaleRow(o + b, n, 1 / s);
  }
}

/**
 * Softmax: dx = y (dy - sum(dy y)). Log-softmax (log = 1): dx = dy - e^y sum(dy).
 * args: dx, dy, y, rows, n, log
 */
export function softmaxRowsBackward(c: i32, chunks: i32): void {
  const o = address(0), dy = address(1), y = address(2), n = int(4), log = int(5);
  const r1 = start(int(3), c + 1, chunks), e = usize(n & ~3) << 2, left = n & 3;
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    const b = usize(r) * usize(n) << 2;
    let s = splat(0), i: usize = 0;
    for (; i < e; i += 16) {
      const g = v128.load(dy + b + i);
      s = log ? f32x4.add(s, g) : madd(g, v128.load(y + b + i), s);
    }
    if (left) {
      const g = loadTail(dy + b + i, left, splat(0));
      s = log ? f32x4.add(s, g) : madd(g, loadTail(y + b + i, left, splat(0)), s);
    }
    const t = splat(hsum(s));
    for (i = 0; i < e + (left ? 16 : 0); i += 16) {
      const g = v128.load(dy + b + i), v = v128.load(y + b + i);
      const d = log ? f32x4.sub(g, f32x4.mul(vexp(v), t)) : f32x4.mul(v, f32x4.sub(g, t));
      if (i < e) v128.store(o + b + i, d);
      else storeTail(o + b + i, d, left);
    }
  }
}

/** log(sum(e^x)) of a row, shifted by its maximum; -inf for a row of -inf. */
export function logSumExpRow(p: usize, n: i32): f32 {
  const top = rowTop(p, n), shift: f32 = abs(top) == Infinity ? 0 : top;
  if (top == Infinity) return row(ReduceKind.Max, p, n); // NaN beside infinity is NaN
  return f32(Math.log(f64(expRow(0, p, n, shift)))) + shift;
}
/** args: out, x, rows, n */
export function logSumExpRows(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), n = int(3), r1 = start(int(2), c + 1, chunks);
  for (let r = start(int(2), c, chunks); r < r1; r++) {
    store<f32>(o + (usize(r) << 2), logSumExpRow(x + (usize(r) * usize(n) << 2), n));
  }
}

/**
 * out = x - shift[row], or with `exp` e^(x - shift[row]) * factor[row].
 * args: out, x, shift, rows, n, exp, factor
 */
export function expShiftRows(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), sh = address(2), n = int(4), exp = int(5), fa = address(6);
  const r1 = start(int(3), c + 1, chunks), e = usize(n & ~3) << 2, left = n & 3;
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    const b = usize(r) * usize(n) << 2, at = usize(r) << 2, m = splat(load<f32>(sh + at));
    const f = exp ? splat(load<f32>(fa + at)) : m;
    for (let i: usize = 0; i < e + (left ? 16 : 0); i += 16) {
      let v = f32x4.sub(v128.load(x + b + i), m);
      if (exp) v = choose(f32x4.eq(f, splat(0)), f, f32x4.mul(vexpFast(v), f));
      if (i < e) v128.store(o + b + i, v);
      else storeTail(o + b + i, v, left);
    }
  }
}
