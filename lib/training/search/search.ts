import { Random } from "@tunebook/tensor";
import { checkCount } from "../schedules/schedule.ts";
import { combinations, draw, type ParametersOf, type Space } from "./space.ts";
import {
  ranked,
  type Score,
  type SearchOptions,
  type SearchResult,
  summarize,
  type Trial,
  tryOne,
} from "./trial.ts";

/**
 * Tries every combination of settings. Right for one or two hyper-parameters; beyond that
 * {@linkcode randomSearch} finds as good ones in fewer trials.
 *
 * @typeParam S What is tried.
 * @param space A list of settings for each hyper-parameter.
 * @param score Trains and gives the score on validation data.
 * @param options What is better.
 * @returns The best, and all trials.
 * @throws {TypeError} If the space holds a range.
 * @throws {Error} If no trial gave a score.
 *
 * @example
 * ```ts
 * import { gridSearch } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const space = { learningRate: [0.1, 0.01], layers: [1, 2] } as const;
 * const { best, table } = await gridSearch(space, (p) => Math.abs(p.learningRate * p.layers - 0.2));
 * assertEquals(best.parameters, { learningRate: 0.1, layers: 2 });
 * assertEquals(table.length, 4);
 * ```
 */
export function gridSearch<const S extends Space>(
  space: S,
  score: Score<ParametersOf<S>>,
  options: SearchOptions<ParametersOf<S>> = {},
): Promise<SearchResult<ParametersOf<S>>> {
  return tryAll(combinations(space), score, options);
}

/**
 * Tries settings drawn at random: with the same number of trials it sees more values of the few
 * hyper-parameters that matter than a grid does
 * ([Bergstra & Bengio 2012](https://jmlr.org/papers/v13/bergstra12a.html)).
 *
 * @typeParam S What is tried.
 * @param space A list of settings, or a range, for each hyper-parameter.
 * @param score Trains and gives the score on validation data.
 * @param options How many `trials`; the `seed` of the draws (default 0); what is better.
 * @returns The best, and all trials.
 * @throws {RangeError} If a range or the number of trials makes no sense.
 * @throws {Error} If no trial gave a score.
 *
 * @example
 * ```ts
 * import { randomSearch } from "@tunebook/training";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const space = { learningRate: { low: 1e-5, high: 1, log: true } };
 * const { best } = await randomSearch(
 *   space,
 *   ({ learningRate }) => Math.abs(Math.log10(learningRate) + 2),
 *   { trials: 100 },
 * );
 * assertAlmostEquals(best.parameters.learningRate, 0.01, 0.005);
 * ```
 */
export async function randomSearch<const S extends Space>(
  space: S,
  score: Score<ParametersOf<S>>,
  options: SearchOptions<ParametersOf<S>> & { trials: number; seed?: number },
): Promise<SearchResult<ParametersOf<S>>> {
  return await tryAll(drawMany(space, options), score, options);
}

/** How {@linkcode successiveHalving} shares out the training. */
export interface HalvingOptions<P> extends SearchOptions<P> {
  /** How many sets the first round tries. */
  trials: number;
  /** How much training each gets in the first round, in epochs, steps or whatever `score` takes. */
  minBudget: number;
  /** How much those of the last round get. */
  maxBudget: number;
  /** One in so many goes on to the next round, with so many times the budget. Default: 3. */
  factor?: number;
  /** Seed of the draws. Default: 0. */
  seed?: number;
}

/**
 * Tries many settings for a short time, the best of them for longer, and so on: most of the
 * training goes to those that promise most
 * ([Jamieson & Talwalkar 2016](https://arxiv.org/abs/1502.07943)).
 *
 * A set that goes on is tried under the same number; a `score` that keeps a checkpoint for each
 * number can go on from it.
 *
 * @typeParam S What is tried.
 * @param space A list of settings, or a range, for each hyper-parameter.
 * @param score Trains for `budget` and gives the score on validation data.
 * @param options How many trials, for how long.
 * @returns The best of the last round, and all trials of all rounds.
 * @throws {RangeError} If a range, a count or a budget makes no sense.
 * @throws {Error} If no trial of the last round gave a score.
 *
 * @example
 * ```ts
 * import { successiveHalving } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const { trials } = await successiveHalving(
 *   { learningRate: { low: 0.001, high: 1, log: true } },
 *   ({ learningRate }, { budget }) => Math.abs(learningRate - 0.1) + 1 / budget,
 *   { trials: 9, minBudget: 1, maxBudget: 9 },
 * );
 * assertEquals(trials.map(({ budget }) => budget), [1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9]);
 * ```
 */
export async function successiveHalving<const S extends Space>(
  space: S,
  score: Score<ParametersOf<S>>,
  options: HalvingOptions<ParametersOf<S>>,
): Promise<SearchResult<ParametersOf<S>>> {
  const { minBudget, maxBudget, factor = 3, mode = "min" } = options;
  if (!(minBudget > 0 && minBudget <= maxBudget)) {
    throw new RangeError(
      `Expected 0 < minBudget ≤ maxBudget but found ${minBudget} and ${maxBudget}`,
    );
  }
  if (!(factor > 1)) throw new RangeError(`Expected factor to be above 1 but found ${factor}`);
  const all: Trial<ParametersOf<S>>[] = [];
  let sets = drawMany(space, options).map((parameters, number) => ({ number, parameters }));
  for (let budget = minBudget;; budget = Math.min(maxBudget, budget * factor)) {
    const round: Trial<ParametersOf<S>>[] = [];
    for (const set of sets) round.push(await tryOne(score, { ...set, budget }, options));
    all.push(...round);
    if (budget === maxBudget) return summarize(all, mode);
    sets = ranked(round, mode).slice(0, Math.max(1, Math.floor(sets.length / factor)));
  }
}

function drawMany<S extends Space>(
  space: S,
  { trials, seed = 0 }: { trials: number; seed?: number },
): ParametersOf<S>[] {
  checkCount("trials", trials, 1);
  const random = new Random(seed);
  return Array.from({ length: trials }, () => draw(space, random));
}

async function tryAll<P extends object>(
  sets: readonly P[],
  score: Score<P>,
  options: SearchOptions<P>,
): Promise<SearchResult<P>> {
  const trials: Trial<P>[] = [];
  for (const [number, parameters] of sets.entries()) {
    trials.push(await tryOne(score, { number, parameters, budget: 1 }, options));
  }
  return summarize(trials, options.mode ?? "min");
}
