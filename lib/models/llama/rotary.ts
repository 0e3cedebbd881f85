import { concat, type Tensor, tensor } from "@tunebook/tensor";
import type { RotaryConfig } from "./rotary_config.ts";

/** The cosines and sines by which the tokens of a text are turned, `[time, 1, headDim]` each. */
export interface Rotation {
  /** Of each token's angles. */
  readonly cos: Tensor;
  /** With a minus in the first half, which is taken from the second. */
  readonly sin: Tensor;
}

/**
 * How fast each pair of a head's numbers turns, in radians a position: from 1 down to nearly
 * 1/theta.
 *
 * @returns `headDim / 2` numbers.
 */
export function frequencies(headDim: number, { theta, scaling }: RotaryConfig): number[] {
  const plain = Array.from({ length: headDim / 2 }, (_, i) => theta ** (-2 * i / headDim));
  if (scaling === undefined) return plain;
  if (scaling.kind === "linear") return plain.map((f) => f / scaling.factor);
  const { factor, lowFrequency, highFrequency, originalPositions } = scaling;
  return plain.map((frequency) => {
    const turns = originalPositions * frequency / (2 * Math.PI);
    const share = (turns - lowFrequency) / (highFrequency - lowFrequency);
    const kept = Math.min(1, Math.max(0, share));
    return frequency * (kept + (1 - kept) / factor);
  });
}

/** The rotation of `time` positions from `start`. */
export function rotation(speeds: readonly number[], start: number, time: number): Rotation {
  const half = speeds.length, shape = [time, 1, 2 * half];
  const cos = new Float32Array(time * 2 * half), sin = new Float32Array(time * 2 * half);
  for (let t = 0; t < time; t++) {
    for (const [i, speed] of speeds.entries()) {
      const angle = (start + t) * speed, at = t * 2 * half + i;
      cos[at] = cos[at + half] = Math.cos(angle);
      sin[at + half] = Math.sin(angle);
      sin[at] = -sin[at + half]!;
    }
  }
  return { cos: tensor(cos, { shape }), sin: tensor(sin, { shape }) };
}

/**
 * Turns each pair of a head's numbers (one from each half) by an angle that grows with the position,
 * so that the product of a query and a key depends on their distance
 * ([Su et al. 2021](https://arxiv.org/abs/2104.09864)).
 *
 * @param x `[batch, time, heads * headDim]`
 */
export function rotate(x: Tensor, { cos, sin }: Rotation): Tensor {
  const [batch, time, width] = x.shape as [number, number, number];
  const headDim = cos.shape[2]!, half = headDim / 2;
  const heads = x.reshape(batch, time, width / headDim, headDim);
  const swapped = concat([heads.narrow(3, half, half), heads.narrow(3, 0, half)], 3);
  return heads.mul(cos).add(swapped.mul(sin)).reshape(batch, time, width);
}
