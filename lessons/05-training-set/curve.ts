/**
 * A law for learning curves.
 *
 * @module
 */

/** A power law: the error with n labels is `scale · n^(-power)`. */
export interface PowerLaw {
  /** The error with one label, if the law held so far down. */
  scale: number;
  /** How fast the error falls: with twice as many labels it is 2^(-power) of what it was. */
  power: number;
}

/** The law whose straight line in logarithms lies closest to the points, by least squares. */
export function fitPowerLaw(sizes: readonly number[], errors: readonly number[]): PowerLaw {
  const x = sizes.map(Math.log), y = errors.map(Math.log);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const slope = mean(x.map((one, i) => (one - mx) * (y[i]! - my))) /
    mean(x.map((one) => (one - mx) ** 2));
  return { scale: Math.exp(my - slope * mx), power: -slope };
}

/** The error that a law foresees. */
export function errorAt({ scale, power }: PowerLaw, size: number): number {
  return scale * size ** -power;
}
