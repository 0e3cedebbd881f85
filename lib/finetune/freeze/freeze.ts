import type { Module } from "@tunebook/nn";
import { select, type Selection, SelectionError } from "./select.ts";

/**
 * Freezes parameters: no gradient is computed for them, the optimizer keeps nothing about them, and
 * the backward pass ends at the lowest one that still trains.
 *
 * @param selections What to freeze; everything unless given.
 * @returns The names of what is frozen now and wasn't before.
 * @throws {SelectionError} If a selection means nothing in this model.
 *
 * @example
 * ```ts
 * import { freeze } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * assertEquals(freeze(model, "embeddings"), ["wte.weight", "wpe.weight"]);
 * ```
 */
export function freeze(model: Module, ...selections: Selection[]): string[] {
  return set(model, selections, false);
}

/**
 * Thaws parameters, so that they train.
 *
 * @param selections What to thaw; everything unless given.
 * @returns The names of what trains now and didn't before.
 * @throws {SelectionError} If a selection means nothing in this model.
 */
export function unfreeze(model: Module, ...selections: Selection[]): string[] {
  return set(model, selections, true);
}

/**
 * Freezes everything but what is named: `trainOnly(model, { lastBlocks: 2 }, "final", "head")`.
 *
 * @returns The names of what trains.
 * @throws {SelectionError} If nothing is named, or a selection means nothing in this model.
 *
 * @example Linear probing: only the head trains
 * ```ts
 * import { trainOnly } from "@tunebook/finetune";
 * import { GptForSequenceClassification } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForSequenceClassification({
 *   vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2,
 * });
 * assertEquals(trainOnly(model, "head"), ["score.weight"]);
 * assertEquals(model.countParameters().trained, 8);
 * ```
 */
export function trainOnly(model: Module, ...selections: Selection[]): string[] {
  if (selections.length === 0) {
    throw new SelectionError(
      'Expected something to train but found nothing: name it, such as "head" or { lastBlocks: 1 }',
    );
  }
  // Looked up first: an error leaves the model as it was.
  const chosen = select(model, selections);
  model.setRequiresGrad(false);
  for (const { parameter } of chosen) parameter.requiresGrad = true;
  return chosen.map(({ name }) => name);
}

function set(model: Module, selections: readonly Selection[], value: boolean): string[] {
  const changed = select(model, selections.length === 0 ? ["all"] : selections)
    .filter(({ parameter }) => parameter.requiresGrad !== value);
  for (const { parameter } of changed) parameter.requiresGrad = value;
  return changed.map(({ name }) => name);
}
