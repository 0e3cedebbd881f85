// Copies blocks of the operands of a matrix product into "panels": strips of 5, 8 or 12 rows
// (columns, of the right operand), k by k, so that the inner loop of the product reads one number after another.

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

/**
 * Four values of k of a panel of 5 whose rows lie across k (`step` bytes from one k to the next): the
 * first four rows k by k, then the fifth row's values.
 */
// @ts-ignore: decorator
@inline
function quad5(q: usize, p: usize, step: usize): void {
  const p1 = p + step, p2 = p1 + step, p3 = p2 + step;
  v128.store(q, v128.load(p));
  v128.store(q, v128.load(p1), 16);
  v128.store(q, v128.load(p2), 32);
  v128.store(q, v128.load(p3), 48);
  let last = v128.load32_zero(p, 16);
  last = v128.load_lane<f32>(p1, last, 1, 16);
  last = v128.load_lane<f32>(p2, last, 2, 16);
  last = v128.load_lane<f32>(p3, last, 3, 16);
  v128.store(q, last, 64);
}

/** A panel of 5 that hangs over the edge, in the order of `pack5`: `w` rows, the others zero. */
function packEdge5(q: usize, p: usize, js: usize, ks: usize, w: i32, kc: i32): void {
  const whole = kc & ~3;
  for (let k = 0; k < whole; k++, p += ks) {
    const group = q + usize(k >> 2) * 80, at = usize(k & 3) << 2;
    for (let j = 0; j < 4; j++) {
      store<f32>(group + (at << 2) + (usize(j) << 2), j < w ? load<f32>(p + usize(j) * js) : 0);
    }
    store<f32>(group + 64 + at, w == 5 ? load<f32>(p + js * 4) : 0);
  }
  packEdge(q + usize(whole) * 20, p, js, ks, w, 5, kc - whole);
}

/**
 * Packs n rows into panels of 5. Element (j, k) is src[j * rs + k * ks], one stride being 1. Of each
 * four values of k, those of rows 0 to 3 come k by k, as four vectors, then those of row 4 as a fifth.
 */
export function pack5(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
  const js = usize(rs) << 2, step = usize(ks) << 2, panel = usize(kc) * 20, whole = kc & ~3;
  for (let j = 0; j < n; j += 5) {
    let p = src + usize(j) * js, k = 0;
    if (n - j < 5) {
      packEdge5(q, p, js, step, n - j, kc);
      return;
    }
    if (ks == 1) {
      for (; k < whole; k += 4, p += 16, q += 80) {
        transpose4(p, js, q, 16);
        v128.store(q, v128.load(p + js * 4), 64);
      }
    } else if (n - j < 15) {
      for (; k < whole; k += 4, p += step * 4, q += 80) quad5(q, p, step);
    } else {
      // Three panels, to use most of a cache line: rows a power of two apart evict one another.
      for (; k < whole; k += 4, p += step * 4, q += 80) {
        quad5(q, p, step);
        quad5(q + panel, p + 20, step);
        quad5(q + panel * 2, p + 40, step);
      }
      const rest = kc - whole;
      packEdge(q + panel, p + 20, js, step, 5, 5, rest);
      packEdge(q + panel * 2, p + 40, js, step, 5, 5, rest);
      packEdge(q, p, js, step, 5, 5, rest);
      q += usize(rest) * 20 + panel * 2;
      j += 10;
      continue;
    }
    packEdge(q, p, js, step, 5, 5, kc - whole);
    q += usize(kc - whole) * 20;
  }
}

/** Packs n rows or columns into panels of 8, in the same way. */
export function pack8(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
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

/** Packs n rows or columns into panels of 12, in the same way. */
export function pack12(q: usize, src: usize, rs: i32, ks: i32, n: i32, kc: i32): void {
  const js = usize(rs) << 2, step = usize(ks) << 2;
  for (let j = 0; j < n; j += 12) {
    let p = src + usize(j) * js, k = 0;
    if (n - j < 12) packEdge(q, p, js, step, n - j, 12, kc);
    else if (ks == 1) {
      for (; k + 4 <= kc; k += 4, p += 16, q += 192) {
        transpose4(p, js, q, 48);
        transpose4(p + js * 4, js, q + 16, 48);
        transpose4(p + js * 8, js, q + 32, 48);
      }
      packEdge(q, p, js, step, 12, 12, kc - k);
      q += usize(kc - k) * 48;
    } else {
      for (; k < kc; k++, p += step, q += 48) {
        v128.store(q, v128.load(p));
        v128.store(q, v128.load(p, 16), 16);
        v128.store(q, v128.load(p, 32), 32);
      }
    }
  }
}
