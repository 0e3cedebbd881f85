/** A table of numbers in eight bits each, and a scale for each row. */
export interface Int8Rows {
  /** −127 to 127, row by row. */
  readonly codes: Int8Array;
  /** The largest magnitude of each row. */
  readonly scales: Float32Array;
}

/**
 * Rounds a table to eight bits, row by row: each row is divided by its largest magnitude and each
 * number becomes the nearest of 255 even steps ([Dettmers et al.
 * 2022](https://arxiv.org/abs/2208.07339), section 2.1; bitsandbytes' `int8_vectorwise_quant`).
 *
 * @param values The numbers, `[rows, dim]`.
 * @param dim Length of a row.
 * @param into Where to write.
 */
export function quantizeInt8(values: Float32Array, dim: number, into: Int8Rows): void {
  for (let begin = 0, row = 0; begin < values.length; begin += dim, row++) {
    const end = begin + dim;
    let scale = 0;
    for (let i = begin; i < end; i++) scale = Math.max(scale, Math.abs(values[i]!));
    into.scales[row] = scale;
    const factor = scale === 0 ? 0 : 127 / scale;
    for (let i = begin; i < end; i++) into.codes[i] = Math.round(values[i]! * factor);
  }
}

/** Turns the codes of one row back into numbers: code / 127 times the row's scale. */
export function dequantizeInt8(
  { codes, scales }: Int8Rows,
  row: number,
  into: Float32Array,
): void {
  const begin = row * into.length, step = scales[row]! / 127;
  for (let i = 0; i < into.length; i++) into[i] = codes[begin + i]! * step;
}
