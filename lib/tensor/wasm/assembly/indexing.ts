// Moving elements: strided copies (permute, slice, concat, expand), gather and scatter, embedding.
// Elements are 4-byte words, so the same code serves float32 and int32.
import { address, int, start } from "./args";
import { storeTail } from "./simd";

/**
 * Copies a strided array to a strided array, or adds to it. The caller merges dimensions; the
 * innermost has step `from` and `to`. args: out, x, inner, to, from, outer, add, dims, then per
 * outer dimension (last first) its size, out's stride and x's stride, all in elements.
 */
export function strided(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), inner = int(2), to = int(3), from = int(4), outer = int(5), add = int(6);
  const dims = int(7), r1 = start(outer, c + 1, chunks);
  for (let r = start(outer, c, chunks); r < r1; r++) {
    let rest = r, oo = 0, xo = 0;
    for (let d = 0; d < dims; d++) {
      const size = int(8 + d * 3), k = rest % size;
      rest /= size;
      oo += k * int(9 + d * 3);
      xo += k * int(10 + d * 3);
    }
    let p = o + (usize(oo) << 2), q = x + (usize(xo) << 2);
    if (to == 1 && from == 1) {
      if (!add) memory.copy(p, q, usize(inner) << 2);
      else {
        let left = inner;
        for (; left >= 4; left -= 4, p += 16, q += 16) v128.store(p, f32x4.add(v128.load(p), v128.load(q)));
        if (left) storeTail(p, f32x4.add(v128.load(p), v128.load(q)), left);
      }
    } else {
      const ps = usize(to) << 2, qs = usize(from) << 2;
      if (add) {
        for (let i = 0; i < inner; i++, p += ps, q += qs) store<f32>(p, load<f32>(p) + load<f32>(q));
      } else {
        for (let i = 0; i < inner; i++, p += ps, q += qs) store<i32>(p, load<i32>(q));
      }
    }
  }
}

/** out[o, j, i] = x[o, index[o, j, i], i]. args: out, x, index, outer, n, count, inner */
export function gather(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), ix = address(2), n = int(4), count = int(5), inner = int(6);
  const r1 = start(int(3) * count, c + 1, chunks);
  for (let r = start(int(3) * count, c, chunks); r < r1; r++) {
    const b = usize(r) * usize(inner), k = r / count;
    for (let i = 0; i < inner; i++) {
      const at = (b + usize(i)) << 2, j = load<i32>(ix + at);
      store<i32>(o + at, load<i32>(x + ((usize(k * n + j) * usize(inner) + usize(i)) << 2)));
    }
  }
}

/** out[o, index[o, j, i], i] += x[o, j, i], in the order of j. args: out, x, index, outer, n, count, inner */
export function scatterAdd(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), ix = address(2), n = int(4), count = int(5), inner = int(6);
  const k1 = start(int(3), c + 1, chunks);
  for (let k = start(int(3), c, chunks); k < k1; k++) {
    for (let j = 0; j < count; j++) {
      const b = usize(k * count + j) * usize(inner);
      for (let i = 0; i < inner; i++) {
        const at = (b + usize(i)) << 2;
        const p = o + ((usize(k * n + load<i32>(ix + at)) * usize(inner) + usize(i)) << 2);
        store<f32>(p, load<f32>(p) + load<f32>(x + at));
      }
    }
  }
}

/** Copies row ids[r] of the table to row r. args: out, table, ids, rows, n */
export function embedding(c: i32, chunks: i32): void {
  const o = address(0), t = address(1), ids = address(2), b = usize(int(4)) << 2, r1 = start(int(3), c + 1, chunks);
  for (let r = start(int(3), c, chunks); r < r1; r++) {
    memory.copy(o + usize(r) * b, t + usize(load<i32>(ids + (usize(r) << 2))) * b, b);
  }
}

/** Adds row r of dy to row ids[r]. A thread owns columns, so rows that share an id don't race. args: dtable, dy, ids, rows, n */
export function embeddingBackward(c: i32, chunks: i32): void {
  const o = address(0), dy = address(1), ids = address(2), rows = int(3), n = int(4), strips = (n + 15) >> 4;
  const first = start(strips, c, chunks) << 4, last = min(n, start(strips, c + 1, chunks) << 4);
  for (let r = 0; r < rows; r++) {
    const to = o + (usize(load<i32>(ids + (usize(r) << 2))) * usize(n) << 2), from = dy + (usize(r) * usize(n) << 2);
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const at = usize(i) << 2;
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
    if (i < last) {
      const at = usize(i) << 2;
      storeTail(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)), last - i);
    }
  }
}
