import { type AnyConfigured, applyPeft, type Forwarding, type PeftModel } from "@tunebook/finetune";
import { freeze, type Selection, trainOnly } from "@tunebook/finetune";
import type { TextModel } from "@tunebook/models";
import type { AdamOptions, Callback, ParameterGroup } from "@tunebook/training";

/** A model that a method made ready to train. */
export interface Prepared {
  /** The model to call: the one given, or the one with adapters around it. */
  readonly model: Forwarding;
  /** The optimizer's groups. Default: all that trains, biases and norms without decay. */
  readonly groups?: (learningRate: number) => ParameterGroup<AdamOptions>[];
  /** What goes on during the run, such as thawing. */
  readonly callbacks?: (totalSteps: number) => Callback[];
}

/** A way of fine-tuning. */
export interface Method {
  /** Its key in results and on the command line, such as `lora`. */
  readonly name: string;
  /** Its name in tables and figures. */
  readonly title: string;
  /** Learning rates worth trying with a small model, the smallest first. */
  readonly learningRates: readonly number[];
  /** Says what trains. The head always does. */
  prepare(model: TextModel): Prepared;
}

/**
 * A method that trains parts of the model.
 *
 * @param method Its name, title and learning rates.
 * @param selections What trains, as `trainOnly` takes it.
 *
 * @example
 * ```ts
 * import { partMethod } from "@tunebook/experiments";
 * import { GptForSequenceClassification } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const norms = partMethod({ name: "norms", title: "norms", learningRates: [1e-3] }, "norms", "head");
 * const model = new GptForSequenceClassification({
 *   vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2,
 * });
 * norms.prepare(model);
 * assertEquals(model.countParameters().trained, 5 * 8 + 8);
 * ```
 */
export function partMethod(
  method: Omit<Method, "prepare">,
  ...selections: Selection[]
): Method {
  return {
    ...method,
    prepare(model) {
      trainOnly(model, ...selections);
      return { model };
    },
  };
}

/**
 * A method that trains everything but some parts.
 *
 * @param method Its name, title and learning rates.
 * @param selections What stays frozen, as `freeze` takes it.
 */
export function frozenMethod(
  method: Omit<Method, "prepare">,
  ...selections: Selection[]
): Method {
  return {
    ...method,
    prepare(model) {
      model.setRequiresGrad(true);
      freeze(model, ...selections);
      return { model };
    },
  };
}

/**
 * A method that puts something small beside the frozen model.
 *
 * @param method Its name, title and learning rates.
 * @param configured What `applyPeft` takes, such as `lora({ rank: 8 })`.
 */
export function peftMethod(method: Omit<Method, "prepare">, configured: AnyConfigured): Method {
  return { ...method, prepare: (model) => ({ model: applyPeft(model, configured) as PeftModel }) };
}
