import { AdaptedLayer } from "./layer.ts";
import { PeftError } from "./errors.ts";
import type { AnyConfigured } from "./method.ts";
import { type Forwarding, PeftModel } from "./peft_model.ts";

/** How {@linkcode applyPeft} begins. */
export interface ApplyOptions {
  /**
   * The first adapter's name.
   *
   * @default {"default"}
   */
  name?: string;
}

/**
 * Freezes a model and puts an adapter on it, which trains in its place.
 *
 * @param configured A method with its options, such as `lora({ rank: 8 })`.
 * @returns The model with the adapter at work. The model you gave is the same one, with the adapter's
 * layers in it; the result's `forward` is the one to call.
 * @throws {PeftError} If the method doesn't fit the model; the message says what would.
 *
 * @example
 * ```ts
 * import { applyPeft, lora } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const peft = applyPeft(model, lora({ rank: 2 }));
 * assertEquals(
 *   peft.summary(),
 *   "trainable params: 64 || all params: 628 || trainable%: 10.1911",
 * );
 * ```
 */
export function applyPeft<M extends Forwarding>(
  model: M,
  configured: AnyConfigured,
  { name = "default" }: ApplyOptions = {},
): PeftModel<M> {
  refuseAdapted(model);
  const trainable = model.parameters().map((parameter) =>
    [parameter, parameter.requiresGrad] as const
  );
  try {
    const peft = new PeftModel(model);
    peft.addAdapter(name, configured);
    peft.setAdapter(name);
    return peft;
  } catch (error) {
    for (const [parameter, requiresGrad] of trainable) parameter.requiresGrad = requiresGrad;
    throw error;
  }
}

function refuseAdapted(model: Forwarding): void {
  const adapted = model instanceof PeftModel ||
    [...model.namedModules()].some(([, module]) => module instanceof AdaptedLayer);
  if (!adapted) return;
  throw new PeftError(
    "The model has adapters already: add a further one with addAdapter(name, …) of the model that " +
      "applyPeft gave, or take them off with unload() first",
  );
}
