// Cross-entropy with class weights, label smoothing and an ignored class, fused with log-softmax.
import { address, float, int, start } from "./args";
import { logSumExpRow } from "./reduce";
import { madd, splat, storeTail, vexpFast } from "./simd";

/**
 * With L = log(sum(e^x)), target t, weights w, smoothing s and V classes:
 * loss = (1 - s) w_t (L - x_t) + s / V sum_c w_c (L - x_c); 0 for an ignored row.
 * args: loss, lse, x, targets, rows, V, ignore, smoothing, weight (0: all 1)
 */
export function crossEntropy(c: i32, chunks: i32): void {
  const o = address(0), lse = address(1), x = address(2), y = address(3), n = int(5), ignore = int(6);
  const smooth = float(7), w = address(8), r1 = start(int(4), c + 1, chunks);
  for (let r = start(int(4), c, chunks); r < r1; r++) {
    const at = usize(r) << 2, p = x + (usize(r) * usize(n) << 2), t = load<i32>(y + at);
    if (t == ignore) {
      store<f32>(o + at, 0);
      store<f32>(lse + at, 0);
      continue;
    }
    const l = logSumExpRow(p, n), k = usize(t) << 2;
    let loss: f32 = (1 - smooth) * (w ? load<f32>(w + k) : <f32>1) * (l - load<f32>(p + k));
    if (smooth > 0) {
      let s: f32 = 0;
      for (let i: usize = 0; i < usize(n) << 2; i += 4) s += (w ? load<f32>(w + i) : <f32>1) * (l - load<f32>(p + i));
      loss += smooth / f32(n) * s;
    }
    store<f32>(o + at, loss);
    store<f32>(lse + at, l);
  }
}

/**
 * dx_c = f ( ((1 - s) w_t + s W / V) p_c - s w_c / V - [c = t] (1 - s) w_t ), W the sum of the weights.
 * f = factor * dy (or dy[row]). args: dx, dy, dyStep, factor, lse, x, targets, rows, V, ignore, smoothing, weight, W
 */
export function crossEntropyBackward(c: i32, chunks: i32): void {
  const dx = address(0), dy = address(1), step = int(2), factor = float(3), lse = address(4), x = address(5);
  const y = address(6), n = int(8), ignore = int(9), smooth = float(10), w = address(11), total = float(12);
  const r1 = start(int(7), c + 1, chunks), e = usize(n & ~3) << 2, left = n & 3;
  for (let r = start(int(7), c, chunks); r < r1; r++) {
    const at = usize(r) << 2, b = usize(r) * usize(n) << 2, t = load<i32>(y + at);
    if (t == ignore) {
      memory.fill(dx + b, 0, usize(n) << 2);
      continue;
    }
    const f = factor * load<f32>(dy + (step ? at : 0)), k = usize(t) << 2;
    const own = f * (1 - smooth) * (w ? load<f32>(w + k) : <f32>1), even = f * smooth / f32(n);
    const a = splat(own + even * total), m = splat(load<f32>(lse + at)), s = splat(-even);
    for (let i: usize = 0; i < e + (left ? 16 : 0); i += 16) {
      const p = f32x4.mul(vexpFast(f32x4.sub(v128.load(x + b + i), m)), a);
      const d = smooth > 0 ? (w ? madd(s, v128.load(w + i), p) : f32x4.add(p, s)) : p;
      if (i < e) v128.store(dx + b + i, d);
      else storeTail(dx + b + i, d, left);
    }
    store<f32>(dx + b + k, load<f32>(dx + b + k) - own);
  }
}
