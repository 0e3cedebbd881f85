import { NonFiniteError } from "@tunebook/training";
import { isBetter } from "./fit/best.ts";
import type { FitOptions, FitResult } from "./fit/options.ts";
import { methodNamed } from "./methods/registry.ts";

/** What one learning rate gave on validation data: the mean over the seeds. */
export interface RateTrial {
  /** The rate. */
  learningRate: number;
  /** The mean of the best validation scores; `null` if training broke down in a run. */
  validationScore: number | null;
  /** The mean of the losses there; `null` if training broke down in a run. */
  validationLoss: number | null;
}

/** A learning rate, and what it was chosen from. */
export interface TunedRate {
  /** The rate with the best score, of equal ones that with the lowest loss. */
  learningRate: number;
  /** All that were tried, the smallest first. */
  trials: RateTrial[];
  /** Whether the best is the smallest or largest that was tried: a better one may lie beyond. */
  atEdge: "smallest" | "largest" | null;
}

/** How {@linkcode tuneRate} looks for a learning rate. */
export interface RateSearch {
  /** The rates to try. Default: the method's own. */
  learningRates?: readonly number[];
  /** The seeds that each is tried with. */
  tuningSeeds: readonly number[];
  /**
   * How many further rates may be tried, each a factor of 3 beyond, as long as the best one is the
   * smallest or largest. Default: 1.
   */
  extensions?: number;
}

/**
 * Looks for a method's learning rate by what it gives on validation data. A rate at which training
 * breaks down is the worst; the test part is never looked at.
 *
 * @param tryRate Trains with a rate and a seed, without measuring on the test part; `null`, or a
 * `NonFiniteError`, if that breaks down.
 * @returns The best rate, and all trials.
 * @throws {Error} If training broke down at every rate.
 *
 * @example
 * ```ts
 * import { tuneRate } from "@tunebook/experiments";
 * import { assertEquals } from "@std/assert";
 *
 * const tried = (rate: number) => ({ validationScore: 1 - Math.abs(rate - 3), validationLoss: 1 });
 * const { learningRate, trials, atEdge } = await tuneRate(
 *   (rate) => Promise.resolve({ best: tried(rate) }),
 *   { learningRates: [0.1, 1], tuningSeeds: [0], extensions: 2 },
 * );
 * assertEquals([learningRate, trials.length, atEdge], [3, 4, null]);
 * ```
 */
export async function tuneRate(
  tryRate: (learningRate: number, seed: number) => Promise<{ best: Watched } | null>,
  { learningRates = [], tuningSeeds, extensions = 1 }: RateSearch,
): Promise<TunedRate> {
  if (learningRates.length === 0 || tuningSeeds.length === 0) {
    throw new RangeError(
      `Expected learning rates to try and seeds to try them with but found ` +
        `${learningRates.length} and ${tuningSeeds.length}`,
    );
  }
  const trials: RateTrial[] = [];
  const trial = async (rate: number) => {
    trials.push(await tryOne(tryRate, rate, tuningSeeds));
    trials.sort((a, b) => a.learningRate - b.learningRate);
  };
  for (const rate of learningRates) await trial(rate);
  for (let left = extensions; left > 0; left--) {
    const { learningRate, atEdge } = choose(trials);
    if (atEdge === null) break;
    await trial(
      Number((atEdge === "largest" ? learningRate * 3 : learningRate / 3).toPrecision(2)),
    );
  }
  return choose(trials);
}

/** What a search goes by. */
export type Watched = Pick<FitResult["best"], "validationScore" | "validationLoss">;

async function tryOne(
  tryRate: (learningRate: number, seed: number) => Promise<{ best: Watched } | null>,
  learningRate: number,
  seeds: readonly number[],
): Promise<RateTrial> {
  const found: Watched[] = [];
  for (const seed of seeds) {
    const result = await orBroken(() => tryRate(learningRate, seed));
    if (result === null) return { learningRate, validationScore: null, validationLoss: null };
    found.push(result.best);
  }
  const mean = (of: keyof Watched) => found.reduce((sum, one) => sum + one[of], 0) / found.length;
  return {
    learningRate,
    validationScore: mean("validationScore"),
    validationLoss: mean("validationLoss"),
  };
}

/** What a run gives, or `null` if training broke down in it: also a result. */
export async function orBroken<Result>(run: () => Promise<Result>): Promise<Result | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NonFiniteError) return null;
    throw error;
  }
}

function choose(trials: readonly RateTrial[]): TunedRate {
  const whole = trials.filter((trial): trial is RateTrial & Watched =>
    trial.validationScore !== null
  );
  if (whole.length === 0) {
    throw new Error(
      `Training broke down at every learning rate (${
        trials.map(({ learningRate }) => learningRate).join(", ")
      }); try lower ones`,
    );
  }
  const best = whole.reduce((a, b) => isBetter(b, a) ? b : a);
  const at = trials.indexOf(best);
  const atEdge = at === trials.length - 1 ? "largest" : at === 0 ? "smallest" : null;
  return { learningRate: best.learningRate, trials: [...trials], atEdge };
}

/** What {@linkcode tune} is given beside what each run is. */
export interface TuneOptions extends Partial<RateSearch> {
  /** The seeds of the runs at the rate chosen. */
  seeds: readonly number[];
  /** Told after each run, of the search too. */
  onRun?: (result: FitResult) => void;
}

/** A method at its own learning rate. */
export interface Tuned extends TunedRate {
  /** The runs at that rate, one a seed, with their test scores. */
  runs: FitResult[];
}

/**
 * Finds a method's learning rate on validation data, then runs every seed with it.
 *
 * @param fit `fitClassifier`, `fitTokens`, `fitSpans` or `fitTask`.
 * @param options Those of the run without rate and seed; the `seeds`; `tuningSeeds` to look for the
 * rate with (default: the first of `seeds`).
 * @returns The rate, what it was chosen from, and the runs.
 * @throws {Error} If training broke down at every rate.
 */
export async function tune<Options extends FitOptions>(
  fit: (options: Options) => Promise<FitResult>,
  options: Omit<Options, "learningRate" | "seed"> & TuneOptions,
): Promise<Tuned> {
  const { seeds, onRun, learningRates, tuningSeeds = seeds.slice(0, 1), extensions, ...rest } =
    options;
  const run = async (more: Partial<FitOptions>) => {
    const result = await fit({ ...rest, ...more } as unknown as Options);
    onRun?.(result);
    return result;
  };
  const chosen = await tuneRate(
    (learningRate, seed) => run({ learningRate, seed, test: false }),
    {
      learningRates: learningRates ??
        methodNamed(rest.method as FitOptions["method"]).learningRates,
      tuningSeeds,
      ...(extensions === undefined ? {} : { extensions }),
    },
  );
  const { learningRate } = chosen, runs: FitResult[] = [];
  for (const seed of seeds) runs.push(await run({ learningRate, seed }));
  return { ...chosen, runs };
}
