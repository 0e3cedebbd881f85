/**
 * LoRA ([Hu et al. 2021](https://arxiv.org/abs/2106.09685)): beside a frozen weight W a product of two
 * small matrices trains, `W + scaling · B A`. With rsLoRA
 * ([Kalajdzievski 2023](https://arxiv.org/abs/2312.03732)), DoRA
 * ([Liu et al. 2024](https://arxiv.org/abs/2402.09353)) and the rates of LoRA+
 * ([Hayou et al. 2024](https://arxiv.org/abs/2402.12354)).
 *
 * @module
 */
import { Model } from "@tunebook/models";
import { Linear } from "@tunebook/nn";
import { isLinear, type LinearLike, sizesOf } from "../linear.ts";
import { type BuildContext, type Built, type Configured, definePeftMethod } from "../method.ts";
import { PeftError } from "../errors.ts";
import { baseModules } from "../layer.ts";
import { LayerPiece, type Piece, ReplacementPiece, trainableCopy } from "../pieces.ts";
import { findTargets } from "../targets.ts";
import { combineLora } from "./combine.ts";
import { byPattern, checkLora, LORA_PRESETS, type LoraConfig } from "./config.ts";
import { DoraLayer, LoraLayer } from "./layer.ts";

export type { LoraConfig } from "./config.ts";
export { type LoraPlusGroup, loraPlusGroups, type LoraPlusOptions } from "./lora_plus.ts";

/** What PEFT takes for each family. */
const USUAL = { gpt2: ["c_attn"], bert: ["query", "value"], llama: ["q_proj", "v_proj"] };

/**
 * LoRA: a product of two small matrices beside each target layer.
 *
 * @param options What is left out is PEFT's preset: rank 8, alpha 8, the family's usual targets.
 *
 * @example Everything linear, with rsLoRA's scaling
 * ```ts
 * import { applyPeft, lora } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({
 *   vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2, dropout: 0,
 * });
 * const tokens = zeros([1, 3], { dtype: "int32" });
 * const before = model.forward(tokens).toArray();
 * const peft = applyPeft(model, lora({ rank: 2, targetModules: "all-linear", useRslora: true }));
 * assertEquals(peft.forward(tokens).toArray(), before); // B is zero at first
 * ```
 */
export const lora: (options?: Partial<LoraConfig>) => Configured<LoraConfig> = definePeftMethod<
  LoraConfig
>({
  title: "LoRA",
  peftType: "LORA",
  presets: LORA_PRESETS,
  keys: { rank: "r" },
  unsupported: [
    ...["lora_bias", "use_qalora", "use_bdlora", "layer_replication", "target_parameters"],
    ...["trainable_token_indices", "alora_invocation_tokens", "kasa_config", "monteclora_config"],
    ...["velora_config", "arrow_config", "megatron_config"],
  ],
  read(json) {
    const begin = json.init_lora_weights;
    if (typeof begin === "string" && begin !== "gaussian") {
      throw new PeftError(
        `Expected an adapter on the base's own weights but init_lora_weights is ${
          JSON.stringify(begin)
        }, which changes them; convert it in PEFT (save_pretrained with ` +
          "path_initial_model_for_weight_conversion)",
      );
    }
    return { ...json, init_lora_weights: begin !== false };
  },
  check: checkLora,
  build,
  combine: combineLora,
});

function build({ model, name, config, saved }: BuildContext<LoraConfig>): Built {
  const targets = findTargets(model, config, {
    method: "LoRA",
    usual: USUAL,
    saved,
    fits: isLinear,
    fitting: "linear layers",
  }) as Map<string, LinearLike>;
  const layers = [...targets].map(([path, layer]) =>
    [path, layer, optionsFor(path, layer, config)] as const
  );
  const pieces: Piece[] = layers.map(([path, layer, options]) => {
    const [outputs, inputs] = sizesOf(layer);
    const adapter = config.useDora
      ? new DoraLayer(exact(path, layer), options)
      : new LoraLayer(inputs, outputs, options);
    return new LayerPiece(model, path, name, adapter, [
      ["lora_A.weight", adapter.lora_A.weight],
      ["lora_B.weight", adapter.lora_B.weight],
      ...(adapter instanceof DoraLayer
        ? [["lora_magnitude_vector", adapter.lora_magnitude_vector] as const]
        : []),
    ]);
  });
  pieces.push(...biases(model, config.bias, targets, saved));
  const transposed = [...targets.keys()].some((path) =>
    model instanceof Model && model.isStoredTransposed(`${path}.weight`)
  );
  return {
    pieces,
    resolved: {
      target_modules: config.targetModules ?? [...new Set([...targets.keys()].map(lastName))],
      fan_in_fan_out: transposed,
    },
  };
}

/** @throws {PeftError} If the rank is above what the layer's weight can have. */
function optionsFor(path: string, layer: LinearLike, config: LoraConfig) {
  const rank = byPattern(config.rankPattern, path, config.rank);
  const alpha = byPattern(config.alphaPattern, path, config.loraAlpha);
  const most = Math.min(...sizesOf(layer));
  if (rank > most) {
    throw new PeftError(
      `Expected a rank of at most ${most} at ${path}, whose weight is [${
        sizesOf(layer).join(", ")
      }], but found ${rank}: more adds nothing`,
    );
  }
  return {
    rank,
    scaling: alpha / (config.useRslora ? Math.sqrt(rank) : rank),
    dropout: config.loraDropout,
    zeroAtFirst: config.initLoraWeights,
  };
}

/** @throws {PeftError} If the layer is quantised. */
function exact(path: string, layer: LinearLike): Linear {
  if (layer instanceof Linear) return layer;
  throw new PeftError(
    `DoRA needs the lengths of the weight's rows, but ${path} is quantised: use plain LoRA`,
  );
}

/** Copies of the biases that train too. */
function biases(
  model: BuildContext<LoraConfig>["model"],
  which: LoraConfig["bias"],
  targets: ReadonlyMap<string, LinearLike>,
  saved: readonly string[],
): Piece[] {
  if (which === "none") return [];
  const pieces: Piece[] = [];
  for (const [path, owner] of baseModules(model)) {
    const isSaved = saved.some((root) => path === root || path.startsWith(`${root}.`));
    if (isSaved || (which === "lora_only" && !targets.has(path))) continue;
    for (const [field, bias] of owner.ownParameters()) {
      if (field !== "bias") continue;
      const fileName = targets.has(path) ? `${path}.base_layer.bias` : `${path}.bias`;
      pieces.push(
        new ReplacementPiece(path, owner, field, trainableCopy(bias), { fileName, inPlace: true }),
      );
    }
  }
  return pieces;
}

function lastName(path: string): string {
  return path.split(".").at(-1)!;
}
