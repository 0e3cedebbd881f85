// Copies blocks of the operands of a matrix product into the order in which its inner loop reads them: B
// into "panels", strips of 8 or 12 columns, k by k, and A, unless its rows lie along k already, into rows.

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

/** Copies n of A's rows that lie across k (`ks` elements from one k to the next) into rows `row` bytes apart. */
export function packRows(q: usize, row: usize, src: usize, ks: i32, n: i32, kc: i32): void {
  const step = usize(ks) << 2, whole = n & ~3;
  let k = 0;
  for (; k + 8 <= kc; k += 8) {
    const p = src + usize(k) * step, half = step * 4;
    let to = q + (usize(k) << 2);
    for (let j = 0; j < whole; j += 4, to += row * 4) {
      const from = p + (usize(j) << 2);
      transpose4(from, step, to, row);
      transpose4(from + half, step, to + 16, row);
    }
    copyAcross(to, row, p + (usize(whole) << 2), step, n - whole, 8);
  }
  copyAcross(q + (usize(k) << 2), row, src + usize(k) * step, step, n, kc - k);
}

/** `packRows` one number at a time. */
function copyAcross(q: usize, row: usize, p: usize, step: usize, n: i32, kc: i32): void {
  for (let j = 0; j < n; j++, q += row, p += 4) {
    for (let k = 0; k < kc; k++) store<f32>(q + (usize(k) << 2), load<f32>(p + usize(k) * step));
  }
}

/** Packs n rows or columns into panels of 8. Element (j, k) is src[j * rs + k * ks], one stride being 1. */
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
