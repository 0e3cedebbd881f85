/**
 * BitFit ([Ben Zaken et al. 2022](https://arxiv.org/abs/2106.10199)): only the biases train. Hugging
 * Face PEFT doesn't have it; its files are read by this library alone.
 *
 * @module
 */
import { PeftError } from "../errors.ts";
import { baseModules } from "../layer.ts";
import { type CommonPeftConfig, type Configured, definePeftMethod } from "../method.ts";
import { ReplacementPiece, trainableCopy } from "../pieces.ts";
import { matches, type TargetOptions } from "../targets.ts";

/** The options of {@linkcode bitFit}. */
export interface BitFitConfig extends CommonPeftConfig {
  /** Whose biases; all unless given. The paper also tries only queries and the feed-forward's first. */
  targetModules: TargetOptions["targetModules"];
}

/**
 * BitFit: copies of the biases train in their place.
 *
 * @example
 * ```ts
 * import { applyPeft, bitFit } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2 });
 * assertEquals(applyPeft(model, bitFit()).countParameters().trained, 12 + 4 + 16 + 4 + 3 * 4);
 * ```
 */
export const bitFit: (options?: Partial<BitFitConfig>) => Configured<BitFitConfig> =
  definePeftMethod<BitFitConfig>({
    title: "BitFit",
    peftType: "BITFIT",
    presets: { targetModules: null, modulesToSave: null },
    check: () => {},
    build({ model, config, saved }) {
      const pieces: ReplacementPiece[] = [];
      const { targetModules } = config;
      for (const [path, owner] of baseModules(model)) {
        if (saved.some((root) => path === root || path.startsWith(`${root}.`))) continue;
        if (targetModules !== null && !matches(path, targetModules)) continue;
        for (const [field, bias] of owner.ownParameters()) {
          if (field !== "bias") continue;
          const fileName = path === "" ? field : `${path}.${field}`;
          const own = trainableCopy(bias);
          pieces.push(new ReplacementPiece(path, owner, field, own, { fileName, inPlace: true }));
        }
      }
      if (pieces.length > 0) return { pieces };
      throw new PeftError(
        `BitFit trains biases but ${model.constructor.name} has none` +
          (targetModules === null
            ? "; try LayerNorm tuning or LoRA"
            : " in the targetModules given"),
      );
    },
  });
