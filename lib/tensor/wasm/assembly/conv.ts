// Convolution as a matrix product over patches, and pooling. Images are [batch, channels, height, width].
import { address, int, start } from "./args";

/**
 * Patches of images as rows: out[n, oy, ox, (c, ky, kx)]; places outside the image are 0.
 * args: out, x, batch, C, H, W, KH, KW, OH, OW, strideY, strideX, padY, padX
 */
export function im2col(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), C = int(3), H = int(4), W = int(5), KH = int(6), KW = int(7);
  const OH = int(8), OW = int(9), sy = int(10), sx = int(11), py = int(12), px = int(13), width = C * KH * KW;
  const r1 = start(int(2) * OH, c + 1, chunks);
  for (let r = start(int(2) * OH, c, chunks); r < r1; r++) {
    const n = r / OH, oy = r % OH;
    for (let ox = 0; ox < OW; ox++) {
      let q = o + (usize(r * OW + ox) * usize(width) << 2);
      for (let ch = 0; ch < C; ch++) {
        const plane = x + (usize(n * C + ch) * usize(H * W) << 2);
        for (let ky = 0; ky < KH; ky++) {
          const iy = oy * sy + ky - py;
          for (let kx = 0; kx < KW; kx++, q += 4) {
            const ix = ox * sx + kx - px;
            store<f32>(q, iy >= 0 && iy < H && ix >= 0 && ix < W ? load<f32>(plane + (usize(iy * W + ix) << 2)) : 0);
          }
        }
      }
    }
  }
}

/** The reverse: adds each patch element to the pixel it came from; a thread owns whole images. args: dx, patches, then as im2col */
export function col2im(c: i32, chunks: i32): void {
  const dx = address(0), p = address(1), C = int(3), H = int(4), W = int(5), KH = int(6), KW = int(7);
  const OH = int(8), OW = int(9), sy = int(10), sx = int(11), py = int(12), px = int(13), width = C * KH * KW;
  const n1 = start(int(2), c + 1, chunks);
  for (let n = start(int(2), c, chunks); n < n1; n++) {
    memory.fill(dx + (usize(n * C) * usize(H * W) << 2), 0, usize(C * H * W) << 2);
    for (let r = 0; r < OH * OW; r++) {
      const oy = r / OW, ox = r % OW;
      let q = p + (usize(n * OH * OW + r) * usize(width) << 2);
      for (let ch = 0; ch < C; ch++) {
        const plane = dx + (usize(n * C + ch) * usize(H * W) << 2);
        for (let ky = 0; ky < KH; ky++) {
          const iy = oy * sy + ky - py;
          for (let kx = 0; kx < KW; kx++, q += 4) {
            const ix = ox * sx + kx - px;
            if (iy < 0 || iy >= H || ix < 0 || ix >= W) continue;
            const to = plane + (usize(iy * W + ix) << 2);
            store<f32>(to, load<f32>(to) + load<f32>(q));
          }
        }
      }
    }
  }
}

/** args: out, at (int32: where in the plane the maximum was), x, planes, H, W, KH, KW, OH, OW, strideY, strideX, padY, padX */
export function maxPool(c: i32, chunks: i32): void {
  const o = address(0), at = address(1), x = address(2), H = int(4), W = int(5), KH = int(6), KW = int(7);
  const OH = int(8), OW = int(9), sy = int(10), sx = int(11), py = int(12), px = int(13);
  const p1 = start(int(3), c + 1, chunks);
  for (let p = start(int(3), c, chunks); p < p1; p++) {
    const plane = x + (usize(p) * usize(H * W) << 2);
    for (let r = 0; r < OH * OW; r++) {
      const y0 = r / OW * sy - py, x0 = r % OW * sx - px;
      let best: f32 = -Infinity, k = -1;
      for (let iy = max(0, y0); iy < min(H, y0 + KH); iy++) {
        for (let ix = max(0, x0); ix < min(W, x0 + KW); ix++) {
          const v = load<f32>(plane + (usize(iy * W + ix) << 2));
          if (k < 0 || v > best || v != v) {
            best = v;
            k = iy * W + ix;
          }
        }
      }
      const to = usize(p * OH * OW + r) << 2;
      store<f32>(o + to, best);
      store<i32>(at + to, k);
    }
  }
}
/** args: dx, dy, at, planes, H * W, OH * OW */
export function maxPoolBackward(c: i32, chunks: i32): void {
  const dx = address(0), dy = address(1), at = address(2), size = int(4), out = int(5), p1 = start(int(3), c + 1, chunks);
  for (let p = start(int(3), c, chunks); p < p1; p++) {
    const plane = dx + (usize(p) * usize(size) << 2);
    memory.fill(plane, 0, usize(size) << 2);
    for (let r = 0; r < out; r++) {
      const i = usize(p * out + r) << 2, to = plane + (usize(load<i32>(at + i)) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(dy + i));
    }
  }
}

/** Averages over the whole window, padding counted as zeros. args: out, x, planes, H, W, KH, KW, OH, OW, strideY, strideX, padY, padX */
export function avgPool(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), H = int(3), W = int(4), KH = int(5), KW = int(6), OH = int(7), OW = int(8);
  const sy = int(9), sx = int(10), py = int(11), px = int(12), inv: f32 = 1 / f32(KH * KW);
  const p1 = start(int(2), c + 1, chunks);
  for (let p = start(int(2), c, chunks); p < p1; p++) {
    const plane = x + (usize(p) * usize(H * W) << 2);
    for (let r = 0; r < OH * OW; r++) {
      const y0 = r / OW * sy - py, x0 = r % OW * sx - px;
      let s: f32 = 0;
      for (let iy = max(0, y0); iy < min(H, y0 + KH); iy++) {
        for (let ix = max(0, x0); ix < min(W, x0 + KW); ix++) s += load<f32>(plane + (usize(iy * W + ix) << 2));
      }
      store<f32>(o + (usize(p * OH * OW + r) << 2), s * inv);
    }
  }
}
/** args: dx, dy, then as avgPool from planes on */
export function avgPoolBackward(c: i32, chunks: i32): void {
  const dx = address(0), dy = address(1), H = int(3), W = int(4), KH = int(5), KW = int(6), OH = int(7), OW = int(8);
  const sy = int(9), sx = int(10), py = int(11), px = int(12), inv: f32 = 1 / f32(KH * KW);
  const p1 = start(int(2), c + 1, chunks);
  for (let p = start(int(2), c, chunks); p < p1; p++) {
    const plane = dx + (usize(p) * usize(H * W) << 2);
    memory.fill(plane, 0, usize(H * W) << 2);
    for (let r = 0; r < OH * OW; r++) {
      const y0 = r / OW * sy - py, x0 = r % OW * sx - px, g = load<f32>(dy + (usize(p * OH * OW + r) << 2)) * inv;
      for (let iy = max(0, y0); iy < min(H, y0 + KH); iy++) {
        for (let ix = max(0, x0); ix < min(W, x0 + KW); ix++) {
          const to = plane + (usize(iy * W + ix) << 2);
          store<f32>(to, load<f32>(to) + g);
        }
      }
    }
  }
}
