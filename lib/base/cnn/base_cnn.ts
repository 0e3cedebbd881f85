import { fromPretrained } from "@tunebook/hub";
import {
  modelFromConfig,
  SmallCnn,
  type SmallCnnFamily,
  SmallCnnForImageClassification,
} from "@tunebook/models";
import type { ImagePretraining } from "./recipe.ts";

/** How {@linkcode baseCnn} loads. */
export interface BaseCnnOptions<M> {
  /** The class: `SmallCnn` for the model without a head. */
  // deno-lint-ignore no-explicit-any -- as `fromPretrained` takes it
  as?: new (config: any) => M;
  /** Entries of the configuration to change; with `labels`, the head is a new one. */
  config?: Record<string, unknown>;
}

/**
 * Loads one of the two image models that come with the course, in evaluation.
 *
 * With `labels` in the configuration it gets a new head for these, drawn from the generator that
 * `manualSeed` seeds, even if there are as many as it was pretrained for.
 *
 * @typeParam M The class.
 * @param pretraining What it learned from: how pictures are turned, or what they show.
 * @param options Class and configuration.
 *
 * @example
 * ```ts
 * import { baseCnn } from "@tunebook/base";
 * import { assertEquals } from "@std/assert";
 *
 * const turns = await baseCnn("rotation");
 * assertEquals(turns.config.labels, ["0°", "90°", "180°", "270°"]);
 * const clothes = await baseCnn("classes", { config: { labels: ["T-shirt/top", "Pullover", "Shirt"] } });
 * assertEquals(clothes.classifier.parameters()[0]?.shape, [3, 256]);
 * ```
 */
export async function baseCnn<M extends SmallCnnFamily = SmallCnnForImageClassification>(
  pretraining: ImagePretraining,
  options: BaseCnnOptions<M> = {},
): Promise<M> {
  const folder = new URL(`../tunebook-cnn-${pretraining}/`, import.meta.url);
  const { as = SmallCnnForImageClassification as unknown as new () => M, config = {} } = options;
  if (!("labels" in config)) return await fromPretrained<M>(folder, { as, config });
  const body = await fromPretrained(folder, { as: SmallCnn });
  const model = modelFromConfig<M>(body.configJson(), { as, config });
  model.loadStoredState(body.storedState());
  return model.eval() as M;
}
