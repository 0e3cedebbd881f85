import { Model } from "@tunebook/models";
import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { anatomyOf, everyName } from "./select.ts";

/** One place of a model, and the parameters that come out of it. */
export interface Place {
  /** `embeddings`, the path of a block, or `head`; in other modules the name of a child. */
  readonly name: string;
  /** The modules it is made of. */
  readonly paths: readonly string[];
  /** Each once in the whole model: what two places share belongs to the lower one. */
  readonly parameters: readonly Tensor[];
}

/**
 * A model's places from the input to the output: the embeddings, each block, and the head with what
 * comes behind the last block. Other modules have a place for each child.
 */
export function placesOf(model: Module): Place[] {
  const names: [name: string, paths: readonly string[]][] = model instanceof Model
    ? [
      ["embeddings", model.anatomy.embeddings],
      ...model.anatomy.blocks.map((path): [string, string[]] => [path, [path]]),
      ["head", [...model.anatomy.final, ...model.anatomy.head]],
    ]
    : Array.from(model.children(), ([name]): [string, string[]] => [name, [name]]);
  const all = everyName(model), seen = new Set<Tensor>();
  const places = [...names, ["other", [""]] as const].map(([name, paths]) => {
    const here = all.filter((one) =>
      !seen.has(one.parameter) && paths.some((path) => isAt(one.name, path))
    );
    const parameters = [...new Set(here.map(({ parameter }) => parameter))];
    for (const parameter of parameters) seen.add(parameter);
    return { name, paths, parameters };
  });
  return places.filter(({ name, parameters }) => name !== "other" || parameters.length > 0);
}

/** Whether a name is that of a path or of something below it. */
export function isAt(name: string, path: string): boolean {
  return path === "" || name === path || name.startsWith(`${path}.`);
}

/**
 * A model's places that have parameters, from the output to the input.
 *
 * @throws {SelectionError} If the model doesn't know its parts.
 */
export function depthStages(model: Module): Place[] {
  anatomyOf(model, "its depth");
  return placesOf(model).reverse().filter(({ parameters }) => parameters.length > 0);
}
