/**
 * IA³ ([Liu et al. 2022](https://arxiv.org/abs/2205.05638)): one factor for each thing that attention's
 * keys and values and the feed-forward's hidden layer give.
 *
 * @module
 */
import { Model } from "@tunebook/models";
import { ones, type Tensor } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import { type Affine, LayerAdapter } from "../layer.ts";
import {
  type BuildContext,
  type Built,
  type CommonPeftConfig,
  type Configured,
  definePeftMethod,
} from "../method.ts";
import { isLinear, type LinearLike, sizesOf } from "../linear.ts";
import { LayerPiece } from "../pieces.ts";
import { ANY_TARGET, findTargets, matches, type TargetOptions } from "../targets.ts";

/** The options of {@linkcode ia3}. */
export interface Ia3Config
  extends CommonPeftConfig, Pick<TargetOptions, "targetModules" | "excludeModules"> {
  /** Which of the targets are scaled in what they are given, and not in what they give. */
  feedforwardModules: string | RegExp | string[] | null;
}

/** What PEFT takes for each family: the targets, and which of them are scaled in what they are given. */
const USUAL = {
  gpt2: ["c_attn", "mlp.c_proj"],
  bert: ["key", "value", "output.dense"],
  llama: ["k_proj", "v_proj", "down_proj"],
};
const USUAL_FEEDFORWARD = ["mlp.c_proj", "output.dense", "down_proj"];

/** A factor for each column of what a layer gives, or is given. */
class Ia3Layer extends LayerAdapter {
  /** `[outputs, 1]`, or `[1, inputs]` in the feed-forward; ones at first. */
  ia3_l: Tensor;

  constructor(layer: LinearLike, readonly isFeedforward: boolean) {
    super();
    const [outputs, inputs] = sizesOf(layer);
    this.ia3_l = ones(isFeedforward ? [1, inputs] : [outputs, 1], { requiresGrad: true });
  }

  forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor {
    const factors = this.ia3_l.flatten();
    return this.isFeedforward ? inner(input.mul(factors)) : inner(input).mul(factors);
  }

  merge({ weight, bias }: Affine): Affine {
    const scaled = weight.mul(this.ia3_l);
    return { weight: scaled, bias: this.isFeedforward ? bias : bias?.mul(this.ia3_l.flatten()) };
  }
}

/**
 * IA³: a factor that trains for each output of the target layers, or each input of the feed-forward's
 * second layer. It wants a large learning rate, about 3e-3 and more.
 *
 * @example
 * ```ts
 * import { applyPeft, ia3 } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * // 3 × 4 outputs of c_attn and 16 inputs of the feed-forward's second layer, twice.
 * assertEquals(applyPeft(model, ia3()).countParameters().trained, 2 * (12 + 16));
 * ```
 */
export const ia3: (options?: Partial<Ia3Config>) => Configured<Ia3Config> = definePeftMethod<
  Ia3Config
>({
  title: "IA³",
  peftType: "IA3",
  presets: {
    targetModules: null,
    excludeModules: null,
    feedforwardModules: null,
    modulesToSave: null,
  },
  check({ targetModules, feedforwardModules }) {
    if (!Array.isArray(targetModules) || !Array.isArray(feedforwardModules)) return;
    const other = feedforwardModules.find((name) => !targetModules.includes(name));
    if (other === undefined) return;
    throw new PeftError(
      `Expected feedforwardModules to be among targetModules (${
        targetModules.join(", ")
      }) but found ${other}`,
    );
  },
  build,
});

function build({ model, name, config, saved }: BuildContext<Ia3Config>): Built {
  const targets = findTargets(model, { ...ANY_TARGET, ...config }, {
    method: "IA³",
    usual: USUAL,
    saved,
    fits: isLinear,
    fitting: "linear layers",
  }) as Map<string, LinearLike>;
  const usual = config.targetModules === null ? USUAL_FEEDFORWARD : [];
  const feedforward = config.feedforwardModules ?? usual;
  const paths = [...targets.keys()];
  const targetNames = config.targetModules ?? USUAL[familyOf(model)];
  return {
    pieces: Array.from(targets, ([path, layer]) => {
      const adapter = new Ia3Layer(layer, matches(path, feedforward));
      return new LayerPiece(model, path, name, adapter, [["ia3_l", adapter.ia3_l]]);
    }),
    resolved: {
      target_modules: targetNames instanceof RegExp ? targetNames.source : targetNames,
      feedforward_modules: feedforward instanceof RegExp
        ? feedforward.source
        : typeof feedforward === "string"
        ? feedforward
        : feedforward.filter((one) => paths.some((path) => matches(path, [one]))),
      fan_in_fan_out: paths.some((path) =>
        model instanceof Model && model.isStoredTransposed(`${path}.weight`)
      ),
    },
  };
}

function familyOf(model: BuildContext<Ia3Config>["model"]): keyof typeof USUAL {
  return String((model as Model).configJson().model_type) as keyof typeof USUAL;
}
