import { checkCount } from "../schedules/schedule.ts";

/** When to stop for want of improvement. */
export interface EarlyStoppingOptions {
  /** Evaluations without improvement that are borne; `Infinity` never stops. */
  patience: number;
  /** Whether lower scores are better (a loss) or higher ones (accuracy). Default: `"min"`. */
  mode?: "min" | "max";
  /** By how much a score must be better to count as improved. Default: 0. */
  minDelta?: number;
}

/** What a resumed run needs to go on. */
export interface EarlyStoppingState {
  /** The best score so far; absent before the first evaluation. */
  best?: number;
  /** Evaluations since. */
  waited: number;
}

/**
 * Says when a score has stopped improving. A model that goes on learning its training data by heart
 * gets worse on new data; the best one is some evaluations back.
 *
 * @example
 * ```ts
 * import { EarlyStopping } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const stopping = new EarlyStopping({ patience: 1 });
 * const verdicts = [0.9, 0.7, 0.8, 0.75].map((loss) => stopping.update(loss));
 * assertEquals(verdicts.map(({ improved }) => improved), [true, true, false, false]);
 * assertEquals(verdicts.map(({ stop }) => stop), [false, false, false, true]);
 * ```
 */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>;
  #best: number | undefined;
  #waited = 0;

  /**
   * A judge that has seen no score.
   *
   * @param options Patience, and what is better.
   * @throws {RangeError} If the patience is no integer of at least 0 (or `Infinity`), or `minDelta`
   *   no number of at least 0.
   */
  constructor({ patience, mode = "min", minDelta = 0 }: EarlyStoppingOptions) {
    if (patience !== Infinity) checkCount("patience", patience, 0);
    if (!(minDelta >= 0)) {
      throw new RangeError(`Expected minDelta to be a number of at least 0 but found ${minDelta}`);
    }
    this.#options = { patience, mode, minDelta };
  }

  /** The best score so far. */
  get best(): number | undefined {
    return this.#best;
  }

  /**
   * Takes the score of an evaluation.
   *
   * @param score The score; NaN never counts as improved.
   * @returns Whether it is the best so far, and whether patience has run out.
   */
  update(score: number): { improved: boolean; stop: boolean } {
    const { patience, mode, minDelta } = this.#options;
    const gain = this.#best === undefined
      ? Number.isNaN(score) ? -Infinity : Infinity
      : mode === "min"
      ? this.#best - score
      : score - this.#best;
    const improved = gain > minDelta;
    if (improved) {
      this.#best = score;
      this.#waited = 0;
    } else this.#waited++;
    return { improved, stop: this.#waited > patience };
  }

  /** What a resumed run needs to go on from here. */
  state(): EarlyStoppingState {
    return { ...(this.#best === undefined ? {} : { best: this.#best }), waited: this.#waited };
  }

  /** Goes on from where {@linkcode EarlyStopping.state} was taken. */
  restore(state: EarlyStoppingState): void {
    this.#best = state.best;
    this.#waited = state.waited;
  }
}
