import { Model } from "@tunebook/models";
import { LayerNorm, type Module, RMSNorm } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";

/** The parts of a model that have a name of their own. */
export const PARTS = ["all", "embeddings", "blocks", "final", "head", "norms", "biases"] as const;

/** See {@linkcode Selection}. */
export type Part = typeof PARTS[number];

/**
 * Which parameters are meant:
 *
 * - a part: `"embeddings"`, `"blocks"`, `"final"` (what comes behind the last block, before the
 *   head), `"head"`, `"norms"`, `"biases"`, `"all"`;
 * - the name of a module or parameter, whole or from a dot on: `"c_attn"` means every module of that
 *   name, `"h.0.attn"` one, and `*` stands for anything: `"*.ln_1.weight"`;
 * - a regular expression, searched in the parameters' names;
 * - depth: the blocks nearest to the output or to the input.
 */
export type Selection =
  | Part
  // deno-lint-ignore ban-types -- keeps the parts visible where an editor completes the string
  | (string & {})
  | RegExp
  | { readonly lastBlocks: number }
  | { readonly firstBlocks: number };

/** A parameter under one of its names; one that two modules share has several. */
export interface NamedParameter {
  /** Its path. */
  readonly name: string;
  /** The parameter itself. */
  readonly parameter: Tensor;
  /** The module that holds it. */
  readonly owner: Module;
}

/** A selection that a model has nothing for. */
export class SelectionError extends Error {
  /** What kind of error it is. */
  override name = "SelectionError";
}

/** Every parameter under all of its names, in the order of the modules. */
export function everyName(model: Module): NamedParameter[] {
  const all: NamedParameter[] = [];
  for (const [path, owner] of model.namedModules()) {
    for (const [own, parameter] of owner.ownParameters()) {
      all.push({ name: path === "" ? own : `${path}.${own}`, parameter, owner });
    }
  }
  return all;
}

/**
 * The parameters that selections mean, each once.
 *
 * @throws {SelectionError} If one of them means nothing in this model; it lists what there is.
 *
 * @example
 * ```ts
 * import { select } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const names = select(model, [{ lastBlocks: 1 }]).map(({ name }) => name);
 * assertEquals(names.every((name) => name.startsWith("transformer.h.1.")), true);
 * ```
 */
export function select(model: Module, selections: readonly Selection[]): NamedParameter[] {
  const all = everyName(model);
  const found = new Map<Tensor, NamedParameter>();
  for (const selection of selections) {
    const matches = matcher(model, selection);
    const matched = all.filter(matches);
    if (matched.length === 0) throw nothing(model, selection, all);
    for (const one of matched) if (!found.has(one.parameter)) found.set(one.parameter, one);
  }
  return [...found.values()];
}

function matcher(model: Module, selection: Selection): (one: NamedParameter) => boolean {
  if (selection instanceof RegExp) return ({ name }) => name.search(selection) >= 0;
  if (typeof selection === "object") return below(blocksOf(model, selection));
  switch (selection) {
    case "all":
      return () => true;
    case "norms":
      return ({ owner }) => owner instanceof LayerNorm || owner instanceof RMSNorm;
    case "biases":
      return ({ name }) => /(^|\.)bias$/.test(name);
    case "embeddings":
    case "blocks":
    case "final":
    case "head":
      return below(anatomyOf(model, selection)[selection as keyof Model["anatomy"]]);
  }
  const escaped = selection.split("*").map((text) => text.replace(/[^\w]/g, "\\$&")).join(".*");
  const pattern = new RegExp(`^(.*\\.)?${escaped}(\\..*)?$`);
  return ({ name }) => pattern.test(name);
}

function below(paths: readonly string[]): (one: NamedParameter) => boolean {
  return ({ name }) => paths.some((path) => name.startsWith(`${path}.`));
}

function blocksOf(
  model: Module,
  depth: { readonly lastBlocks: number } | { readonly firstBlocks: number },
): string[] {
  const { blocks } = anatomyOf(model, JSON.stringify(depth));
  const [which, count] = Object.entries(depth)[0] as [string, number];
  if (!Number.isInteger(count) || count < 1 || count > blocks.length) {
    throw new SelectionError(
      `Expected ${which} to be from 1 to ${blocks.length}, the blocks of ${model.constructor.name}, ` +
        `but found ${count}`,
    );
  }
  return which === "lastBlocks" ? blocks.slice(-count) : blocks.slice(0, count);
}

/** Where a model's parts are; `what` is what asks for it. */
export function anatomyOf(model: Module, what: string): Model["anatomy"] {
  if (model instanceof Model) return model.anatomy;
  throw new SelectionError(
    `Expected a model that knows its parts, as those of @tunebook/models do, to find ${what} but ` +
      `found ${model.constructor.name}; give the names of modules instead: ${childrenOf(model)}`,
  );
}

function nothing(
  model: Module,
  selection: Selection,
  all: readonly NamedParameter[],
): SelectionError {
  const shown = selection instanceof RegExp ? String(selection) : JSON.stringify(selection);
  const last = new Set(all.map(({ name }) => name.split(".").at(-2)!).filter((n) => n));
  return new SelectionError(
    `Expected ${shown} to mean something in ${model.constructor.name} but nothing is called so; ` +
      `its modules are ${childrenOf(model)}, and further down ${[...last].join(", ")}; ` +
      `its parts are ${PARTS.join(", ")}`,
  );
}

function childrenOf(model: Module): string {
  return Array.from(model.children(), ([name]) => name).join(", ") || "none";
}
