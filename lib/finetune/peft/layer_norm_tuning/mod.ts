/**
 * LayerNorm tuning ([Zhao et al. 2023](https://arxiv.org/abs/2312.11420)): only the norms' weights and
 * biases train.
 *
 * @module
 */
import { LayerNorm, RMSNorm } from "@tunebook/nn";
import { type CommonPeftConfig, type Configured, definePeftMethod } from "../method.ts";
import { ReplacementPiece, trainableCopy } from "../pieces.ts";
import { ANY_TARGET, findTargets, type TargetOptions } from "../targets.ts";

/** The options of {@linkcode layerNormTuning}. */
export type LayerNormTuningConfig =
  & CommonPeftConfig
  & Pick<TargetOptions, "targetModules" | "excludeModules">;

/** What PEFT takes for each family; it has none for BERT. */
const USUAL = {
  gpt2: ["ln_1", "ln_2", "ln_f"],
  bert: ["LayerNorm"],
  llama: ["input_layernorm", "post_attention_layernorm", "norm"],
};

/**
 * LayerNorm tuning: copies of the norms' parameters train in their place.
 *
 * @example
 * ```ts
 * import { applyPeft, layerNormTuning } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * assertEquals(applyPeft(model, layerNormTuning()).countParameters().trained, 5 * (4 + 4));
 * ```
 */
export const layerNormTuning: (
  options?: Partial<LayerNormTuningConfig>,
) => Configured<LayerNormTuningConfig> = definePeftMethod<LayerNormTuningConfig>({
  title: "LayerNorm tuning",
  peftType: "LN_TUNING",
  presets: { targetModules: null, excludeModules: null, modulesToSave: null },
  check: () => {},
  build({ model, config, saved }) {
    const targets = findTargets(model, { ...ANY_TARGET, ...config }, {
      method: "LayerNorm tuning",
      usual: USUAL,
      saved,
      fits: (module) => module instanceof LayerNorm || module instanceof RMSNorm,
      fitting: "norms",
    });
    const pieces = [...targets].flatMap(([path, norm]) =>
      Array.from(norm.ownParameters(), ([field, parameter]) => {
        const fileName = `${path}.ln_tuning_layers.${field}`;
        return new ReplacementPiece(path, norm, field, trainableCopy(parameter), { fileName });
      })
    );
    const chosen = [...new Set([...targets.keys()].map((path) => path.split(".").at(-1)!))];
    const named = config.targetModules ?? chosen;
    return { pieces, resolved: { target_modules: named instanceof RegExp ? named.source : named } };
  },
});
