import { NonFiniteError } from "../loop/non_finite.ts";
import type { Setting } from "./space.ts";

/** One set of hyper-parameters that was tried. */
export interface Trial<P> {
  /** The set's number, from 0; in successive halving a set that is tried again keeps it. */
  number: number;
  /** What was tried. */
  parameters: P;
  /** How much training it got: 1, or the budget of its round in successive halving. */
  budget: number;
  /** What came out on validation data; NaN if training broke down. */
  score: number;
  /** How long it took. */
  seconds: number;
}

/** What a search gives. */
export interface SearchResult<P> {
  /** The trial with the best score; of those with the largest budget. */
  best: Trial<P>;
  /** All trials in their order. */
  trials: Trial<P>[];
  /** The same as flat rows, to be shown, plotted by `parallelCoordinates` or written as CSV. */
  table: Record<string, Setting>[];
}

/** What every search takes. */
export interface SearchOptions<P> {
  /** Whether lower scores are better (a loss) or higher ones (accuracy). Default: `"min"`. */
  mode?: "min" | "max";
  /** Told of every trial, for a progress bar. */
  onTrial?: (trial: Trial<P>) => void;
  /** Cancels the search between two trials. */
  signal?: AbortSignal;
}

/**
 * Trains with some hyper-parameters and gives the score on validation data, never on test data: the
 * best of many scores is too good, by luck.
 */
export type Score<P> = (
  parameters: P,
  trial: { number: number; budget: number },
) => number | Promise<number>;

/** Tries one set. Training that breaks down is a result: a learning rate was too high. */
export async function tryOne<P>(
  score: Score<P>,
  { number, parameters, budget }: Pick<Trial<P>, "number" | "parameters" | "budget">,
  { onTrial, signal }: SearchOptions<P>,
): Promise<Trial<P>> {
  signal?.throwIfAborted();
  const began = performance.now();
  let found: number;
  try {
    found = await score(parameters, { number, budget });
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    found = NaN;
  }
  const seconds = (performance.now() - began) / 1000;
  const trial = { number, parameters, budget, score: found, seconds };
  onTrial?.(trial);
  return trial;
}

/** The trials from the best to the worst; those that broke down last. */
export function ranked<P>(trials: readonly Trial<P>[], mode: "min" | "max"): Trial<P>[] {
  const badness = ({ score }: Trial<P>) =>
    Number.isNaN(score) ? Infinity : mode === "min" ? score : -score;
  return trials.toSorted((a, b) => {
    const [x, y] = [badness(a), badness(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

/**
 * Sums up a search.
 *
 * @throws {Error} If no trial gave a score.
 */
export function summarize<P extends object>(
  trials: Trial<P>[],
  mode: "min" | "max",
): SearchResult<P> {
  const most = Math.max(...trials.map(({ budget }) => budget));
  const [best] = ranked(trials.filter(({ budget }) => budget === most), mode);
  if (best === undefined || Number.isNaN(best.score)) {
    throw new Error(
      `None of the ${trials.length} trials gave a score: training broke down in all; try lower ` +
        "learning rates",
    );
  }
  const table = trials.map(({ number, parameters, budget, score, seconds }) => ({
    trial: number,
    ...parameters,
    ...(trials.every((trial) => trial.budget === 1) ? {} : { budget }),
    score,
    seconds,
  }));
  return { best, trials, table };
}
