// The optimizers' updates, in place and in one pass over memory.
import { address, double, flatEnd, flatStart, float, int } from "./args";
import { madd, nmadd, splat } from "./simd";

/**
 * g += decay p; m = momentum m + (1 - dampening) g (m = g on the first step); p -= rate (nesterov ? g + momentum m : m).
 * args: p, g, m (0: no momentum), n, rate, momentum, dampening, decay, nesterov, first
 */
export function sgd(c: i32, chunks: i32): void {
  const p = address(0), g = address(1), m = address(2), n = int(3), e = flatEnd(n, c, chunks);
  const rate = splat(float(4)), mom = splat(float(5)), keep = splat(1 - float(6)), decay = splat(float(7));
  const nesterov = int(8), first = int(9);
  for (let i = flatStart(n, c, chunks); i < e; i += 16) {
    const w = v128.load(p + i);
    let d = madd(decay, w, v128.load(g + i));
    if (m) {
      const v = first ? d : madd(mom, v128.load(m + i), f32x4.mul(keep, d));
      v128.store(m + i, v);
      d = nesterov ? madd(mom, v, d) : v;
    }
    v128.store(p + i, nmadd(rate, d, w));
  }
}

/**
 * Adam (Kingma & Ba 2015); decoupled decay is AdamW (Loshchilov & Hutter 2019).
 * args: p, g, m, v, n, rate, beta1, beta2, eps, decay (added to g), shrink (p's factor), correction1, sqrt(correction2)
 */
export function adam(c: i32, chunks: i32): void {
  const p = address(0), g = address(1), m = address(2), v = address(3), n = int(4), e = flatEnd(n, c, chunks);
  const b1 = splat(float(6)), b2 = splat(float(7)), c1 = splat(f32(1 - double(6))), c2 = splat(f32(1 - double(7)));
  const eps = splat(float(8)), decay = splat(float(9)), shrink = splat(float(10));
  const step = splat(f32(double(5) / double(11))), root = splat(f32(1 / double(12)));
  for (let i = flatStart(n, c, chunks); i < e; i += 16) {
    const w = v128.load(p + i), d = madd(decay, w, v128.load(g + i));
    const mi = madd(c1, d, f32x4.mul(b1, v128.load(m + i)));
    const vi = madd(c2, f32x4.mul(d, d), f32x4.mul(b2, v128.load(v + i)));
    v128.store(m + i, mi);
    v128.store(v + i, vi);
    const ratio = f32x4.div(mi, madd(f32x4.sqrt(vi), root, eps));
    v128.store(p + i, nmadd(step, ratio, f32x4.mul(w, shrink)));
  }
}
