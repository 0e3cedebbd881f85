import type { Tensor } from "@tunebook/tensor";
import { type LossesOfStep, sumOf, Weighting } from "./weighting.ts";

/** Every loss counts as it is: the sum. What the others have to beat. */
export class EqualWeighting extends Weighting {
  /** The sum of the losses. */
  combine(step: LossesOfStep): Tensor {
    return sumOf(step, (loss) => loss);
  }

  /** All 1. */
  current(): Record<string, number> {
    return this.named(this.tasks.map(() => 1));
  }
}
