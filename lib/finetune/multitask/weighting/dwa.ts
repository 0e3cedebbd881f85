import { type Tensor, zeros } from "@tunebook/tensor";
import { type LossesOfStep, sumOf, Weighting } from "./weighting.ts";

/** The numbers of {@linkcode DwaWeighting}. */
export interface DwaOptions {
  /** Batches in an epoch, as the mixture says: a loss is compared with that of the epoch before. */
  batchesPerEpoch: number;
  /**
   * The higher, the more equal the weights.
   *
   * @default {2}
   */
  temperature?: number;
}

/**
 * Dynamic weight average: a task whose loss falls slowly counts more
 * ([Liu, Johns & Davison 2019](https://arxiv.org/abs/1803.10704), section 3.3). With `L(t)` a task's mean loss in
 * epoch t and K tasks,
 * `λₖ = K exp(wₖ / T) / Σᵢ exp(wᵢ / T)`, where `wₖ = Lₖ(t − 1) / Lₖ(t − 2)`; equal in the first two
 * epochs. Only ratios count: it doesn't see that one loss is on a larger scale than another.
 */
export class DwaWeighting extends Weighting {
  /** The losses of this epoch added up, how many there were, and the mean of the last two: `[4, tasks]`. */
  readonly memory: Tensor;
  /** Batches of this epoch so far. */
  readonly batches: Tensor;
  readonly #options: Required<DwaOptions>;

  /**
   * Begins with equal weights.
   *
   * @throws {RangeError} If a number makes no sense.
   */
  constructor(tasks: readonly string[], { batchesPerEpoch, temperature = 2 }: DwaOptions) {
    super(tasks);
    if (!Number.isInteger(batchesPerEpoch) || batchesPerEpoch < 1) {
      throw new RangeError(
        `Expected batchesPerEpoch to be a whole number above 0 but found ${batchesPerEpoch}`,
      );
    }
    if (!(temperature > 0)) {
      throw new RangeError(`Expected temperature to be above 0 but found ${temperature}`);
    }
    this.#options = { batchesPerEpoch, temperature };
    this.memory = this.buffer(zeros([4, tasks.length]));
    this.batches = this.buffer(zeros([1], { dtype: "int32" }));
  }

  /** `Σ λₖ Lₖ` */
  combine(step: LossesOfStep): Tensor {
    const weights = this.current();
    const sum = sumOf(step, (loss, task) => {
      const place = this.placeOf(task), [sums, counts] = this.#rows();
      sums[place]! += loss.item();
      counts[place]!++;
      return loss.mul(weights[task]!);
    });
    const { data } = this.batches;
    if (++data[0]! === this.#options.batchesPerEpoch) this.#endEpoch();
    return sum;
  }

  /** λ */
  current(): Record<string, number> {
    const [, , last, before] = this.#rows();
    const exponentials = this.tasks.map((_, k) => {
      // 0 stands for an epoch that hasn't been.
      const ratio = before[k]! > 0 ? last[k]! / before[k]! : 1;
      return Math.exp(ratio / this.#options.temperature);
    });
    const total = exponentials.reduce((a, b) => a + b, 0);
    return this.named(exponentials.map((one) => this.tasks.length * one / total));
  }

  /** A task that an epoch didn't have keeps what is known of it. */
  #endEpoch(): void {
    const [sums, counts, last, before] = this.#rows();
    for (const k of this.tasks.keys()) {
      if (counts[k]! === 0) continue;
      before[k] = last[k]!;
      last[k] = sums[k]! / counts[k]!;
    }
    sums.fill(0);
    counts.fill(0);
    this.batches.data[0] = 0;
  }

  /** Views of the rows of {@linkcode DwaWeighting.memory}; they move when memory grows. */
  #rows(): [sums: Float32Array, counts: Float32Array, last: Float32Array, before: Float32Array] {
    const k = this.tasks.length, data = this.memory.data as Float32Array;
    const row = (i: number) => data.subarray(i * k, (i + 1) * k);
    return [row(0), row(1), row(2), row(3)];
  }
}
