import {
  bitFit,
  houlsby,
  ia3,
  layerNormTuning,
  lora,
  loraPlusGroups,
  type PeftModel,
  prefixTuning,
  promptTuning,
  quantize,
} from "@tunebook/finetune";
import { frozenMethod, type Method, partMethod, peftMethod } from "./method.ts";

/** The last blocks, what comes behind them and the head train. */
export function lastBlocks(count: number): Method {
  return {
    name: count === 1 ? "lastBlock" : `lastBlocks${count}`,
    title: count === 1 ? "last block" : `last ${count} blocks`,
    learningRates: [3e-4, 1e-3, 3e-3],
    prepare(model) {
      const behind = model.anatomy.final.length > 0 ? ["final"] : [];
      const selected = [{ lastBlocks: count }, ...behind, "head"];
      return partMethod(this, ...selected).prepare(model);
    },
  };
}

/** What the kinds of LoRA have in common. */
const LORA = { rank: 8, loraAlpha: 16 };
const onAttention = peftMethod(
  { name: "lora", title: "LoRA, attention", learningRates: [1e-3, 3e-3, 1e-2] },
  lora(LORA),
);

const loraPlus: Method = {
  name: "loraPlus",
  title: "LoRA+, attention",
  learningRates: [3e-4, 1e-3, 3e-3], // A's and the head's; B's is 16 times that
  prepare(model) {
    const prepared = onAttention.prepare(model), peft = prepared.model as PeftModel;
    return {
      ...prepared,
      groups: (learningRate) => loraPlusGroups(peft, { learningRate, weightDecay: 0.01 }),
    };
  },
};

const qlora: Method = {
  name: "qlora",
  title: "QLoRA, attention",
  learningRates: onAttention.learningRates,
  prepare(model) {
    quantize(model, { embeddings: true });
    return onAttention.prepare(model);
  },
};

/** The ready methods by their names. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    partMethod({ name: "full", title: "full", learningRates: [1e-4, 3e-4, 1e-3] }, "all"),
    partMethod(
      { name: "head", title: "head only", learningRates: [1e-3, 3e-3, 1e-2, 3e-2] },
      "head",
    ),
    lastBlocks(1),
    lastBlocks(2),
    frozenMethod(
      { name: "frozenEmbeddings", title: "embeddings frozen", learningRates: [1e-4, 3e-4, 1e-3] },
      "embeddings",
    ),
    onAttention,
    peftMethod(
      { name: "loraAll", title: "LoRA, all linear", learningRates: [3e-4, 1e-3, 3e-3] },
      lora({ ...LORA, targetModules: "all-linear" }),
    ),
    peftMethod(
      { name: "rslora", title: "rsLoRA, attention", learningRates: [1e-3, 3e-3, 1e-2] },
      lora({ ...LORA, useRslora: true }),
    ),
    peftMethod(
      { name: "dora", title: "DoRA, attention", learningRates: [1e-3, 3e-3, 1e-2] },
      lora({ ...LORA, useDora: true }),
    ),
    loraPlus,
    qlora,
    peftMethod(
      { name: "prefix", title: "prefix tuning", learningRates: [3e-3, 1e-2, 3e-2, 1e-1] },
      prefixTuning(),
    ),
    peftMethod(
      { name: "prompt", title: "prompt tuning", learningRates: [1e-2, 3e-2, 1e-1, 3e-1] },
      promptTuning({ promptTuningInit: "SAMPLE_VOCAB" }),
    ),
    peftMethod({ name: "ia3", title: "IA³", learningRates: [3e-3, 1e-2, 3e-2] }, ia3()),
    peftMethod(
      { name: "houlsby", title: "Houlsby's adapters", learningRates: [3e-4, 1e-3, 3e-3] },
      houlsby(),
    ),
    peftMethod({ name: "bitFit", title: "BitFit", learningRates: [1e-3, 3e-3, 1e-2] }, bitFit()),
    peftMethod(
      { name: "layerNorm", title: "LayerNorm tuning", learningRates: [1e-3, 3e-3, 1e-2] },
      layerNormTuning(),
    ),
  ].map((method) => [method.name, method]),
);

/**
 * A method: one of {@linkcode METHODS} by its name, or one of your own.
 *
 * @throws {RangeError} If there is none of that name; it lists those there are.
 */
export function methodNamed(method: string | Method): Method {
  if (typeof method !== "string") return method;
  const found = METHODS.get(method);
  if (found) return found;
  throw new RangeError(
    `Expected a method of the names ${[...METHODS.keys()].join(", ")} but found ` +
      JSON.stringify(method),
  );
}
