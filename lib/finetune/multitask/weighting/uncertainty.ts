import { type Tensor, zeros } from "@tunebook/tensor";
import { type LossesOfStep, sumOf, Weighting } from "./weighting.ts";

/**
 * Weights by how uncertain each task is, which trains along
 * ([Kendall, Gal & Cipolla 2018](https://arxiv.org/abs/1705.07115), section 3.2). For a
 * cross-entropy, as all heads here have it, the loss is `L / σ² + log σ`; what trains is
 * `s = log σ²`, so that it is `exp(−s) L + s / 2`. At the best s for a given loss, `exp(−s) = 1 / (2 L)`:
 * a loss on a scale ten times as large gets a weight ten times as small.
 *
 * The variances want a larger rate than the model and no decay:
 * `learner.parameterGroups({ learningRate: 5e-5, weightingRate: 1e-2 })`.
 */
export class UncertaintyWeighting extends Weighting {
  /** `s = log σ²` of each task, `[tasks]`; 0 at first. */
  logVariances: Tensor;

  /** Begins with equal weights. */
  constructor(tasks: readonly string[]) {
    super(tasks);
    this.logVariances = zeros([tasks.length], { requiresGrad: true });
  }

  /** `Σ exp(−sᵢ) Lᵢ + sᵢ / 2`, over the tasks of the step */
  combine(step: LossesOfStep): Tensor {
    return sumOf(step, (loss, task) => {
      const s = this.logVariances.select(0, this.placeOf(task));
      return loss.mul(s.neg().exp()).add(s.mul(0.5));
    });
  }

  /** `exp(−s)` */
  current(): Record<string, number> {
    return this.named(this.logVariances.data.map((s) => Math.exp(-s)));
  }
}
