import type { Random } from "@tunebook/tensor";

/** What a hyper-parameter can be set to. */
export type Setting = number | string | boolean;

/** Numbers between two others. */
export interface Range {
  /** The smallest. */
  low: number;
  /** The largest. */
  high: number;
  /**
   * Whether each factor of ten is as likely as any other: right for learning rates and weight decay.
   * Default: false.
   */
  log?: boolean;
  /** Whether only whole numbers are drawn. Default: false. */
  integer?: boolean;
}

/** What is tried: for each hyper-parameter a list of settings or a range. */
export type Space = Readonly<Record<string, readonly Setting[] | Range>>;

/** A choice out of a {@linkcode Space}: a setting for each hyper-parameter. */
export type ParametersOf<S extends Space> = {
  [Name in keyof S]: S[Name] extends readonly (infer Value)[] ? Value : number;
};

/**
 * Draws one setting for each hyper-parameter.
 *
 * @throws {RangeError} If a list is empty or a range makes no sense.
 */
export function draw<S extends Space>(space: S, random: Random): ParametersOf<S> {
  return Object.fromEntries(
    Object.entries(space).map((
      [name, dimension],
    ) => [name, isList(dimension) ? pick(name, dimension, random) : between(dimension, random)]),
  ) as ParametersOf<S>;
}

/**
 * Every combination of settings; the last hyper-parameter changes fastest.
 *
 * @throws {TypeError} If there is a range, which has no end of settings, or nothing to combine.
 */
export function combinations<S extends Space>(space: S): ParametersOf<S>[] {
  let all: Record<string, Setting>[] = [{}];
  for (const [name, settings] of Object.entries(space)) {
    if (!isList(settings)) {
      throw new TypeError(
        `Expected a list of settings for ${name} but found a range; a grid can't try all of it, ` +
          "randomSearch draws from it",
      );
    }
    all = all.flatMap((one) => settings.map((setting) => ({ ...one, [name]: setting })));
  }
  if (all.length === 0) throw new TypeError("Expected settings for each hyper-parameter");
  return all as ParametersOf<S>[];
}

function isList(dimension: readonly Setting[] | Range): dimension is readonly Setting[] {
  return Array.isArray(dimension);
}

function pick(name: string, settings: readonly Setting[], random: Random): Setting {
  const setting = settings[random.integer(0, settings.length)];
  if (setting === undefined) throw new RangeError(`Expected settings for ${name} but found none`);
  return setting;
}

function between({ low, high, log = false, integer = false }: Range, random: Random): number {
  if (!(low <= high) || (log && !(low > 0))) {
    throw new RangeError(
      `Expected a range with ${log ? "0 < " : ""}low ≤ high but found ${low} to ${high}`,
    );
  }
  const share = random.next();
  // Whole numbers get equal shares of the range, which therefore ends one further up.
  const end = integer ? high + 1 : high;
  const value = log ? low * (end / low) ** share : low + share * (end - low);
  return integer ? Math.min(high, Math.floor(value)) : value;
}
