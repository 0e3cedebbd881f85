import { dropout, type Random, type Tensor } from "@tunebook/tensor";
import { Layer } from "../layer.ts";
import { sharedRandom } from "../random.ts";

/** How to build a {@linkcode Dropout}. */
export interface DropoutOptions {
  /** What decides; by default the one that `manualSeed` seeds. */
  random?: Random | undefined;
}

/**
 * While training, sets each element to zero with a probability and scales the others up so that
 * the mean stays ([Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)). In
 * evaluation it does nothing.
 *
 * @example
 * ```ts
 * import { Dropout } from "@tunebook/nn";
 * import { ones } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new Dropout(0.5);
 * assertEquals(layer.eval().forward(ones([3])).toArray(), [1, 1, 1]);
 * ```
 */
export class Dropout extends Layer {
  /** The probability of a zero. */
  readonly probability: number;
  readonly #random: Random | undefined;

  /**
   * A layer that drops with the given probability.
   *
   * @param probability From 0 (nothing) to 1 (everything).
   * @throws {RangeError} If it isn't in [0, 1].
   */
  constructor(probability: number, { random }: DropoutOptions = {}) {
    super();
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`Expected a probability from 0 to 1 but found ${probability}`);
    }
    this.probability = probability;
    this.#random = random;
  }

  /** Whether it does anything now. */
  get active(): boolean {
    return this.training && this.probability > 0;
  }

  /** `[...]` → `[...]` */
  forward(input: Tensor): Tensor {
    if (!this.active) return input;
    return dropout(input, this.probability, { random: this.#random ?? sharedRandom() });
  }

  /** Sizes and settings, as the summary prints them. */
  override describe(): string {
    return `${this.probability}`;
  }
}
