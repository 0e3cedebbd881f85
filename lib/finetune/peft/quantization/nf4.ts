/**
 * The code book of NF4, "normal float 4": sixteen values such that equally many of a normal
 * distribution's fall to each, scaled to [-1, 1], one of them exactly zero
 * ([Dettmers et al. 2023](https://arxiv.org/abs/2305.14314), appendix E).
 */
export const NF4: readonly number[] = [
  -1,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1,
];

/** Where one code's values end and the next one's begin. */
const BORDERS = NF4.slice(1).map((value, i) => (value + NF4[i]!) / 2);

/** Numbers in four bits each. */
export interface Nf4Values {
  /** Two codes a byte, the first in the upper four bits. */
  readonly codes: Uint8Array;
  /** The largest magnitude of each block. */
  readonly scales: Float32Array;
}

/** How many bytes hold the codes of `count` numbers: whole words of four bytes. */
export function codeBytes(count: number): number {
  return 4 * Math.ceil(count / 8);
}

/**
 * Rounds numbers to NF4, block by block: each block is divided by its largest magnitude, and each
 * number becomes the nearest of the sixteen codes.
 *
 * @param values The numbers.
 * @param blockSize How many share a scale; even.
 * @param into Where to write.
 */
export function quantizeNf4(values: Float32Array, blockSize: number, into: Nf4Values): void {
  for (let block = 0; block * blockSize < values.length; block++) {
    const begin = block * blockSize, end = Math.min(begin + blockSize, values.length);
    let scale = 0;
    for (let i = begin; i < end; i++) scale = Math.max(scale, Math.abs(values[i]!));
    into.scales[block] = scale;
    for (let i = begin; i < end; i++) {
      const code = scale === 0 ? 7 : nearest(values[i]! / scale);
      const byte = i >> 1;
      into.codes[byte] = i % 2 === 0 ? code << 4 : into.codes[byte]! | code;
    }
  }
}

/** Turns codes back into numbers: the code's value times its block's scale. */
export function dequantizeNf4(
  { codes, scales }: Nf4Values,
  blockSize: number,
  into: Float32Array,
): void {
  const scaled = new Float32Array(16);
  for (let block = 0; block * blockSize < into.length; block++) {
    const begin = block * blockSize, end = Math.min(begin + blockSize, into.length);
    for (let code = 0; code < 16; code++) scaled[code] = NF4[code]! * scales[block]!;
    for (let i = begin; i < end; i += 2) {
      const byte = codes[i >> 1]!;
      into[i] = scaled[byte >> 4]!;
      if (i + 1 < end) into[i + 1] = scaled[byte & 15]!;
    }
  }
}

/** The nearest code, by halving. */
function nearest(value: number): number {
  let low = 0, high = 15;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > BORDERS[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}
