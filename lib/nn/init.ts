/**
 * How parameters begin: the initialisations of PyTorch, each drawing a new trainable tensor.
 *
 * A weight's shape is `[out, in]`, or `[out, in, height, width]` for a convolution. Its fan-in is
 * the number of inputs that reach one output, its fan-out the number of outputs one input reaches.
 * Inputs of variance 1 give outputs of variance 1 when the weights' variance is 1/fan-in, and
 * gradients keep theirs on the way back when it is 1/fan-out; a gain makes up for what the
 * non-linear function behind takes away.
 *
 * @module
 */
import type { Random, Tensor } from "@tunebook/tensor";
import { sharedRandom } from "./random.ts";

/** Where the numbers come from. */
export interface DrawOptions {
  /** By default the generator that `manualSeed` seeds. */
  random?: Random | undefined;
}

/** Bounds of {@linkcode uniform}. */
export interface UniformOptions extends DrawOptions {
  /** The lowest value; 0 unless given. */
  low?: number;
  /** No value reaches it; 1 unless given. */
  high?: number;
}

/**
 * Draws every element evenly from `[low, high)`.
 *
 * @example
 * ```ts
 * import { uniform } from "@tunebook/nn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(uniform([2, 3], { low: -1 }).shape, [2, 3]);
 * ```
 */
export function uniform(
  shape: readonly number[],
  { low = 0, high = 1, random = sharedRandom() }: UniformOptions = {},
): Tensor {
  return trainable(random.uniform(shape, low, high));
}

/** Mean and spread of {@linkcode normal}. */
export interface NormalOptions extends DrawOptions {
  /** 0 unless given. */
  mean?: number;
  /** The standard deviation; 1 unless given. */
  deviation?: number;
}

/** Draws every element from the normal distribution. */
export function normal(
  shape: readonly number[],
  { mean = 0, deviation = 1, random = sharedRandom() }: NormalOptions = {},
): Tensor {
  return trainable(random.normal(shape, mean, deviation));
}

/** Where {@linkcode truncatedNormal} ends. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** No value is below; -2 unless given. */
  low?: number;
  /** No value is above; 2 unless given. */
  high?: number;
}

/**
 * Draws from the normal distribution, again for every value outside `[low, high]`.
 *
 * @throws {RangeError} If the bounds leave nothing to draw.
 */
export function truncatedNormal(
  shape: readonly number[],
  { mean = 0, deviation = 1, low = -2, high = 2, random = sharedRandom() }: TruncatedNormalOptions =
    {},
): Tensor {
  if (!(low < high) || low > mean + 4 * deviation || high < mean - 4 * deviation) {
    throw new RangeError(
      `Expected bounds around the mean ${mean} but found [${low}, ${high}] with deviation ${deviation}`,
    );
  }
  const drawn = random.normal(shape, mean, deviation);
  const values = drawn.data as Float32Array;
  let spare: Iterator<number> = [].values();
  for (let i = 0; i < values.length; i++) {
    while (values[i]! < low || values[i]! > high) {
      let next = spare.next();
      if (next.done) {
        spare = Float32Array.from(random.normal([256], mean, deviation).data).values();
        next = spare.next();
      }
      values[i] = next.value;
    }
  }
  return trainable(drawn);
}

/** The functions {@linkcode gain} knows. */
export type GainFunction = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu";

/**
 * By how much weights before this function must be larger to keep the variance.
 *
 * @param slope Of `leakyRelu` below zero.
 */
export function gain(activation: GainFunction, slope = 0.01): number {
  switch (activation) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + slope ** 2));
    default:
      return 1;
  }
}

/** Options of the initialisations of Glorot & Bengio. */
export interface XavierOptions extends DrawOptions {
  /** See {@linkcode gain}; 1 unless given. */
  gain?: number;
}

/**
 * Evenly from ±gain √(6 / (fan-in + fan-out)), a compromise between the two directions
 * ([Glorot & Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
 *
 * @throws {RangeError} If the shape has fewer than two axes.
 */
export function xavierUniform(
  shape: readonly number[],
  { gain = 1, random }: XavierOptions = {},
): Tensor {
  const { fanIn, fanOut } = fans(shape);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform(shape, { low: -bound, high: bound, random });
}

/**
 * {@linkcode xavierUniform}'s variance from the normal distribution.
 *
 * @throws {RangeError} If the shape has fewer than two axes.
 */
export function xavierNormal(
  shape: readonly number[],
  { gain = 1, random }: XavierOptions = {},
): Tensor {
  const { fanIn, fanOut } = fans(shape);
  return normal(shape, { deviation: gain * Math.sqrt(2 / (fanIn + fanOut)), random });
}

/** Options of the initialisations of He et al. */
export interface KaimingOptions extends DrawOptions {
  /** Which direction keeps its variance; `in` unless given. */
  fan?: "in" | "out";
  /** The function behind the weights; `leakyRelu` unless given. */
  activation?: GainFunction;
  /** Of `leakyRelu` below zero; 0 unless given, which is ReLU. */
  slope?: number;
}

/**
 * Evenly from ±gain √(3 / fan), made for ReLU
 * ([He et al. 2015](https://arxiv.org/abs/1502.01852)).
 *
 * @throws {RangeError} If the shape has fewer than two axes.
 */
export function kaimingUniform(shape: readonly number[], options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation(shape, options);
  return uniform(shape, { low: -bound, high: bound, random: options.random });
}

/**
 * {@linkcode kaimingUniform}'s variance from the normal distribution.
 *
 * @throws {RangeError} If the shape has fewer than two axes.
 */
export function kaimingNormal(shape: readonly number[], options: KaimingOptions = {}): Tensor {
  return normal(shape, { deviation: kaimingDeviation(shape, options), random: options.random });
}

function kaimingDeviation(
  shape: readonly number[],
  { fan = "in", activation = "leakyRelu", slope = 0 }: KaimingOptions,
): number {
  const { fanIn, fanOut } = fans(shape);
  return gain(activation, slope) / Math.sqrt(fan === "in" ? fanIn : fanOut);
}

/**
 * How many inputs reach one output, and how many outputs one input reaches.
 *
 * @throws {RangeError} If the shape has fewer than two axes.
 */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new RangeError(
      `Expected a weight's shape such as [out, in] but found [${shape.join(", ")}]`,
    );
  }
  const area = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: inputs * area, fanOut: outputs * area };
}

function trainable(tensor: Tensor): Tensor {
  tensor.requiresGrad = true;
  return tensor;
}
