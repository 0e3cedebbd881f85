import type { Tensor } from "@tunebook/tensor";
import { type LossesOfStep, sumOf, Weighting } from "./weighting.ts";

/** Every loss times a factor that you choose, and that stays: tune it on validation data. */
export class StaticWeighting extends Weighting {
  readonly #weights: Readonly<Record<string, number>>;

  /**
   * Weights by task.
   *
   * @throws {RangeError} If one isn't a number above 0.
   */
  constructor(weights: Readonly<Record<string, number>>) {
    super(Object.keys(weights));
    this.#weights = { ...weights };
    for (const [task, weight] of Object.entries(weights)) {
      if (weight > 0 && weight < Infinity) continue;
      throw new RangeError(
        `Expected weights above 0 but found ${weight} for ${JSON.stringify(task)}; leave a task ` +
          "out of the mixture if it shouldn't count",
      );
    }
  }

  /** `Σ wᵢ Lᵢ` */
  combine(step: LossesOfStep): Tensor {
    return sumOf(step, (loss, task) => loss.mul(this.#weights[this.tasks[this.placeOf(task)]!]!));
  }

  /** The weights given. */
  current(): Record<string, number> {
    return { ...this.#weights };
  }
}
