/** How positions turn queries and keys; see {@linkcode Rotary}. */
export interface RotaryConfig {
  /** The slowest pair turns once in about 2π `theta` positions. */
  theta: number;
  /** How a model that was trained on short texts is stretched to longer ones; not at all without it. */
  scaling?: RotaryScaling;
}

/** Ways of stretching rotation. */
export type RotaryScaling =
  /** All pairs turn `factor` times slower. */
  | { kind: "linear"; factor: number }
  /** Slow pairs turn `factor` times slower, fast ones as before, those between partly: Llama 3.1. */
  | {
    kind: "llama3";
    factor: number;
    /** Pairs that turn less often than this in the original length are slow. */
    lowFrequency: number;
    /** Pairs that turn more often than this in the original length are fast. */
    highFrequency: number;
    /** The length of the texts it was trained on first, in tokens. */
    originalPositions: number;
  };

/** Reads `rope_parameters` of a `config.json`, or what {@linkcode RotaryConfig} allows. */
export function readRotary(value: unknown): RotaryConfig | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("theta" in value) return value as RotaryConfig;
  const given = value as Record<string, unknown>;
  const number = (key: string): number => typeof given[key] === "number" ? given[key] : NaN;
  const theta = number("rope_theta"), factor = number("factor");
  const type = given.rope_type ?? given.type ?? "default";
  const scaling: RotaryScaling | undefined = type === "linear"
    ? { kind: "linear", factor }
    : type === "llama3"
    ? {
      kind: "llama3",
      factor,
      lowFrequency: number("low_freq_factor"),
      highFrequency: number("high_freq_factor"),
      originalPositions: number("original_max_position_embeddings"),
    }
    : undefined;
  const numbers = [theta, ...Object.values(scaling ?? {}).filter((v) => v !== scaling?.kind)];
  if ((scaling === undefined && type !== "default") || numbers.includes(NaN)) return undefined;
  return scaling === undefined ? { theta } : { theta, scaling };
}

/** What `rope_parameters` says of a rotation. */
export function writeRotary({ theta, scaling }: RotaryConfig): Record<string, unknown> {
  if (scaling === undefined) return { rope_type: "default", rope_theta: theta };
  const json = { rope_type: scaling.kind, rope_theta: theta, factor: scaling.factor };
  if (scaling.kind === "linear") return json;
  return {
    ...json,
    low_freq_factor: scaling.lowFrequency,
    high_freq_factor: scaling.highFrequency,
    original_max_position_embeddings: scaling.originalPositions,
  };
}
