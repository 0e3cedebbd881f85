import type { Tensor } from "@tunebook/tensor";

/** A value to load: a tensor, or numbers with a shape as `SafetensorsFile.read` gives them. */
export type StateValue = Tensor | {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Float64Array;
};

/** Names and values, such as a `Map` or what `stateDict` returns. */
export type StoredState = Iterable<readonly [string, StateValue]>;

/** How to load. */
export interface LoadOptions {
  /**
   * Whether the names must be exactly the module's.
   *
   * @default {true}
   */
  strict?: boolean;
}

/** Which names had no partner. */
export interface LoadReport {
  /** Of the module, absent from the state. */
  missing: string[];
  /** Of the state, unknown to the module. */
  unexpected: string[];
}

/** A state that doesn't fit its module. */
export class StateError extends Error {
  /** The class of the error. */
  override name = "StateError";
}

/** Copies `state` into `own`; see `Module.loadStateDict`. */
export function loadState(
  owner: string,
  own: ReadonlyMap<string, Tensor>,
  state: StoredState,
  { strict = true }: LoadOptions,
): LoadReport {
  const values = new Map(state);
  const loaded = new Set<Tensor>();
  const misfits: string[] = [];
  for (const [name, target] of own) {
    const value = values.get(name);
    if (value === undefined) continue;
    loaded.add(target);
    if (value.shape.join() !== target.shape.join()) {
      misfits.push(`${name}: expected ${print(target.shape)} but found ${print(value.shape)}`);
    }
  }
  // A tied parameter is there when any of its names is.
  const missing = [...own].filter(([, target]) => !loaded.has(target)).map(([name]) => name);
  const unexpected = [...values.keys()].filter((name) => !own.has(name));
  const problems = misfits.length > 0 ? [list("shapes that differ", misfits)] : [];
  if (strict && missing.length > 0) problems.push(list("missing", missing));
  if (strict && unexpected.length > 0) problems.push(list("unexpected", unexpected));
  if (problems.length > 0) {
    const hint = strict && misfits.length === 0
      ? "; { strict: false } loads what fits"
      : "; nothing was loaded";
    throw new StateError(`The state doesn't fit ${owner}: ${problems.join("; ")}${hint}`);
  }
  for (const [name, value] of values) {
    own.get(name)?.data.set(value.data);
  }
  return { missing, unexpected };
}

function print(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function list(what: string, items: readonly string[]): string {
  const shown = items.slice(0, 10).join(", ");
  return `${what} (${items.length}): ${shown}${items.length > 10 ? ", …" : ""}`;
}
