import { type ActivationName, ACTIVATIONS } from "@tunebook/nn";

/** What every model's configuration has. */
export interface CommonConfig {
  /** The names of the classes, in the order of a classification head's outputs. */
  labels: string[];
  /** The token that fills short rows, if there is one. */
  padTokenId: number | null;
  /** What `config.json` says beyond what this library reads; written back as it was. */
  extra: Record<string, unknown>;
}

/** One entry of a configuration: what it is called in `config.json`, and how it is read. */
export interface ConfigField<T> {
  /** Its key in `config.json`. */
  readonly key: string;
  /** What it is where the file doesn't say. */
  readonly preset: T;
  /** Reads a value of the file; `undefined` if it is no such value. */
  read(value: unknown): T | undefined;
  /** What the file holds for a value; the value itself unless given. */
  write?(value: T): unknown;
  /** What a value must be, for the error. */
  readonly expected: string;
}

/** A whole number above zero. */
export function count(key: string, preset: number): ConfigField<number> {
  const read = (v: unknown) => Number.isSafeInteger(v) && v as number > 0 ? v as number : undefined;
  return { key, preset, read, expected: "a whole number above 0" };
}

/** A whole number above zero, or nothing: then another entry decides. */
export function optionalCount(key: string): ConfigField<number | null> {
  const { read, expected } = count(key, 1);
  return {
    key,
    preset: null,
    read: (v) => v === null ? null : read(v),
    expected: `${expected}, or null`,
  };
}

/** A token's id; of a list, the first. */
export function tokenId(key: string, preset: number | null = null): ConfigField<number | null> {
  const read = (v: unknown): number | null | undefined =>
    v === null || Number.isSafeInteger(v)
      ? v as number | null
      : Array.isArray(v) && Number.isSafeInteger(v[0])
      ? v[0]
      : undefined;
  return { key, preset, read, expected: "a token id or null" };
}

/** A number that isn't negative. */
export function amount(key: string, preset: number): ConfigField<number> {
  const read = (v: unknown) => typeof v === "number" && v >= 0 ? v : undefined;
  return { key, preset, read, expected: "a number that isn't negative" };
}

/** A probability. */
export function probability(key: string, preset: number): ConfigField<number> {
  // Some files say null for "as everywhere else", which is what the preset stands for.
  const read = (v: unknown) =>
    v === null ? preset : typeof v === "number" && v >= 0 && v <= 1 ? v : undefined;
  return { key, preset, read, expected: "a probability from 0 to 1" };
}

/** A probability, or nothing: then another entry decides. */
export function optionalProbability(key: string): ConfigField<number | null> {
  const { read, expected } = probability(key, 0);
  return {
    key,
    preset: null,
    read: (v) => v === null ? null : read(v),
    expected: `${expected}, or null`,
  };
}

/** Yes or no. */
export function flag(key: string, preset: boolean): ConfigField<boolean> {
  const read = (v: unknown) => typeof v === "boolean" ? v : undefined;
  return { key, preset, read, expected: "true or false" };
}

/** One of a few words. */
export function choice<T extends string>(
  key: string,
  preset: T,
  allowed: readonly T[],
): ConfigField<T> {
  const read = (v: unknown) => allowed.find((word) => word === v);
  return { key, preset, read, expected: `one of ${allowed.join(", ")}` };
}

/** What Hugging Face calls our non-linear functions; the first name of each is written. */
const ACTIVATION_NAMES: ReadonlyArray<readonly [string, ActivationName]> = [
  ["gelu_new", "geluTanh"],
  ["gelu_pytorch_tanh", "geluTanh"],
  ["gelu_fast", "geluTanh"],
  ["gelu", "gelu"],
  ["relu", "relu"],
  ["silu", "silu"],
  ["swish", "silu"],
  ["tanh", "tanh"],
  ["sigmoid", "sigmoid"],
];

/** A non-linear function, under the names that Hugging Face has for it. */
export function activation(key: string, preset: ActivationName): ConfigField<ActivationName> {
  return {
    key,
    preset,
    read: (v) =>
      ACTIVATION_NAMES.find(([theirs]) => theirs === v)?.[1] ??
        (Object.keys(ACTIVATIONS) as ActivationName[]).find((name) => name === v),
    write: (value) => ACTIVATION_NAMES.find(([, ours]) => ours === value)![0],
    expected: `one of ${ACTIVATION_NAMES.map(([theirs]) => theirs).join(", ")}`,
  };
}

/** The names of the classes: `id2label` in the file, an object from number to name. */
export const LABELS: ConfigField<string[]> = {
  key: "id2label",
  preset: ["LABEL_0", "LABEL_1"],
  read(value) {
    const labels = Array.isArray(value)
      ? value
      : typeof value === "object" && value !== null
      ? Array.from(Object.keys(value), (_, i) => (value as Record<string, unknown>)[i])
      : [];
    const named = labels.length > 0 && labels.every((label) => typeof label === "string");
    return named ? labels as string[] : undefined;
  },
  write: (labels) => Object.fromEntries(labels.map((label, i) => [i, label])),
  expected: 'an object such as {"0": "no", "1": "yes"} with a name for each class from 0 on',
};
