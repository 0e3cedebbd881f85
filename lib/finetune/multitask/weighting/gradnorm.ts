import { full, type Tensor, zeros } from "@tunebook/tensor";
import { addScaled, carry, dot, type Gradient, gradientOf } from "./gradients.ts";
import { type LossesOfStep, Weighting } from "./weighting.ts";

/** The numbers of {@linkcode GradNormWeighting}. */
export interface GradNormOptions {
  /**
   * How strongly tasks that lag behind are favoured; 0 makes all gradients equally long.
   *
   * @default {1.5}
   */
  alpha?: number;
}

/** No weight falls below it: at 0 a task would be lost for good. */
const FLOOR = 1e-3;

/**
 * GradNorm: weights under which the tasks' gradients have about the same length, longer for tasks
 * that lag behind ([Chen et al. 2018](https://arxiv.org/abs/1711.02257), algorithm 1).
 *
 * With `Gᵢ = ‖∇ wᵢ Lᵢ‖` over the last shared block, their mean `Ḡ`, and how far each loss has come,
 * `rᵢ = (Lᵢ / Lᵢ(0)) / mean of the same`, the weights train on `Σ |Gᵢ − Ḡ rᵢ^α|`, where `Ḡ rᵢ^α` is
 * taken as given. Before each step they are scaled so that they add up to the number of tasks.
 *
 * The weights want a larger rate than the model and no decay:
 * `learner.parameterGroups({ learningRate: 5e-5, weightingRate: 1e-2 })`.
 */
export class GradNormWeighting extends Weighting {
  /** Each step compares all tasks. */
  override readonly needsEveryTask = true;
  /** `[tasks]`, as the optimizer left them; {@linkcode GradNormWeighting.current} scales them. */
  taskWeights: Tensor;
  /** The losses of the first step, `[tasks]`; 0 before it. */
  readonly firstLosses: Tensor;
  readonly #alpha: number;

  /**
   * Begins with equal weights.
   *
   * @throws {RangeError} If alpha isn't a number of at least 0.
   */
  constructor(tasks: readonly string[], { alpha = 1.5 }: GradNormOptions = {}) {
    super(tasks);
    if (!(alpha >= 0 && alpha < Infinity)) {
      throw new RangeError(`Expected alpha to be a number of at least 0 but found ${alpha}`);
    }
    this.#alpha = alpha;
    this.taskWeights = full([tasks.length], 1, { requiresGrad: true });
    this.firstLosses = this.buffer(zeros([tasks.length]));
  }

  /** `Σ wᵢ Lᵢ`, with the gradients of the model and of the weights */
  combine({ losses, parameters, lastShared }: LossesOfStep): Tensor {
    const weights = this.#scale();
    const last = new Set(lastShared);
    const sum: Gradient = [], values: number[] = [], lengths: number[] = [];
    for (const { task, compute } of losses) {
      const { loss, gradient } = gradientOf(compute, parameters);
      const place = this.placeOf(task);
      const shared = gradient.map((one, p) => last.has(parameters[p]!) ? one : undefined);
      values[place] = loss;
      lengths[place] = Math.sqrt(dot(shared, shared));
      addScaled(sum, gradient, weights[place]!);
    }
    if (this.firstLosses.data[0] === 0) this.firstLosses.data.set(values);
    const value = values.reduce((total, loss, i) => total + weights[i]! * loss, 0);
    const own = this.#gradient(weights, values, lengths);
    return carry(value, [...parameters, this.taskWeights], padded(sum, parameters.length, own));
  }

  /** The weights, scaled to add up to the number of tasks. */
  current(): Record<string, number> {
    return this.named(this.#scaled());
  }

  /** The gradient of `Σ |Gᵢ − Ḡ rᵢ^α|` with respect to the weights: `Gᵢ` is `wᵢ` times a length. */
  #gradient(weights: Float32Array, losses: number[], lengths: number[]): Float32Array {
    const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    const norms = lengths.map((length, i) => weights[i]! * length);
    const ratios = losses.map((loss, i) => loss / this.firstLosses.data[i]!);
    const meanNorm = mean(norms), meanRatio = mean(ratios);
    return Float32Array.from(norms, (norm, i) => {
      const target = meanNorm * (ratios[i]! / meanRatio) ** this.#alpha;
      return Math.sign(norm - target) * lengths[i]!;
    });
  }

  #scale(): Float32Array {
    this.taskWeights.data.set(this.#scaled());
    return this.taskWeights.data.slice() as Float32Array;
  }

  #scaled(): Float32Array {
    const positive = this.taskWeights.data.map((one) => Math.max(one, FLOOR)) as Float32Array;
    const total = positive.reduce((a, b) => a + b, 0);
    return positive.map((one) => this.tasks.length * one / total);
  }
}

/** A gradient of `length` parameters, and that of one more behind them. */
function padded(gradient: Gradient, length: number, last: Float32Array): Gradient {
  return [...Array.from({ length }, (_, p) => gradient[p]), last];
}
