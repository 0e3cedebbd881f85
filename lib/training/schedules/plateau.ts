import { checkCount } from "./schedule.ts";

/** When and how {@linkcode ReduceOnPlateau} lowers the rate. */
export interface PlateauOptions {
  /** Whether lower scores are better (a loss) or higher ones (accuracy). Default: `"min"`. */
  mode?: "min" | "max";
  /** What the rate is multiplied by. Default: 0.1. */
  factor?: number;
  /** Evaluations without improvement that are borne before the rate falls. Default: 10. */
  patience?: number;
  /** Share by which a score must be better to count as improved. Default: 1e-4. */
  threshold?: number;
  /** The smallest factor. Default: 0. */
  floor?: number;
}

/**
 * Lowers the learning rate when a score stops improving. PyTorch's `ReduceLROnPlateau` with its
 * relative threshold.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ReduceOnPlateau } from "@tunebook/training";
 *
 * const schedule = new ReduceOnPlateau({ patience: 1, factor: 0.5 });
 * const factors = [1, 0.9, 0.95, 0.95, 0.8].map((loss) => schedule.update(loss));
 * assertEquals(factors, [1, 1, 1, 0.5, 0.5]);
 * ```
 */
export class ReduceOnPlateau {
  readonly #options: Required<PlateauOptions>;
  #best: number;
  #waited = 0;
  #factor = 1;

  /**
   * A schedule that has seen no score yet.
   *
   * @param options When and how.
   * @throws {RangeError} If the factor isn't between 0 and 1, or the patience no integer ≥ 0.
   */
  constructor(options: PlateauOptions = {}) {
    const { mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, floor = 0 } = options;
    if (!(factor > 0 && factor < 1)) {
      throw new RangeError(`Expected factor to be between 0 and 1 but found ${factor}`);
    }
    checkCount("patience", patience, 0);
    this.#options = { mode, factor, patience, threshold, floor };
    this.#best = mode === "min" ? Infinity : -Infinity;
  }

  /** The factor by which the learning rate is multiplied now. */
  get factor(): number {
    return this.#factor;
  }

  /**
   * Takes the score of an evaluation.
   *
   * @param score The score; NaN never counts as improved.
   * @returns The factor from now on.
   */
  update(score: number): number {
    const { mode, factor, patience, threshold, floor } = this.#options;
    const improved = mode === "min"
      ? score < this.#best * (1 - threshold)
      : score > this.#best * (1 + threshold);
    if (improved) {
      this.#best = score;
      this.#waited = 0;
    } else if (++this.#waited > patience) {
      this.#factor = Math.max(floor, this.#factor * factor);
      this.#waited = 0;
    }
    return this.#factor;
  }

  /** What a resumed run needs to go on from here. */
  state(): { best: number; waited: number; factor: number } {
    return { best: this.#best, waited: this.#waited, factor: this.#factor };
  }

  /** Goes on from where {@linkcode ReduceOnPlateau.state} was taken. */
  restore(state: { best: number; waited: number; factor: number }): void {
    this.#best = state.best;
    this.#waited = state.waited;
    this.#factor = state.factor;
  }
}
