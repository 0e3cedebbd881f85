/**
 * Bottleneck adapters ([Houlsby et al. 2019](https://arxiv.org/abs/1902.00751)): behind each half of a
 * block a small network with a narrow middle trains. Hugging Face PEFT doesn't have it; its files are
 * read by this library alone.
 *
 * @module
 */
import { type ActivationName, ACTIVATIONS, type Layer, Linear, normal } from "@tunebook/nn";
import { type Tensor, zeros } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import { type Affine, LayerAdapter } from "../layer.ts";
import { type CommonPeftConfig, type Configured, definePeftMethod } from "../method.ts";
import { isLinear, type LinearLike, sizesOf } from "../linear.ts";
import { LayerPiece } from "../pieces.ts";
import { ANY_TARGET, findTargets, type TargetOptions } from "../targets.ts";

/** The options of {@linkcode houlsby}. */
export interface BottleneckConfig extends CommonPeftConfig, TargetOptions {
  /** Width of the middle. */
  bottleneckSize: number;
  /** The function in the middle. */
  activation: ActivationName;
}

/** The layers that end the halves of a block. */
const USUAL = {
  gpt2: ["attn.c_proj", "mlp.c_proj"],
  bert: ["output.dense"],
  llama: ["o_proj", "down_proj"],
};

/** `y + up(activation(down(y)))` for what a layer gives, `y`. */
class BottleneckLayer extends LayerAdapter {
  /** `[dim]` → `[bottleneckSize]` */
  adapter_down: Layer;
  /** `[bottleneckSize]` → `[dim]` */
  adapter_up: Layer;

  constructor(dim: number, size: number, readonly activation: ActivationName) {
    super();
    // As in the paper nearly nothing at first; with zeros in one of the two, exactly nothing.
    const down = new Linear(dim, size, { weight: normal([size, dim], { deviation: 0.01 }) });
    const up = new Linear(size, dim, { weight: zeros([dim, size], { requiresGrad: true }) });
    for (const { bias } of [down, up]) bias!.data.fill(0);
    this.adapter_down = down;
    this.adapter_up = up;
  }

  forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor {
    const output = inner(input);
    const middle = ACTIVATIONS[this.activation](this.adapter_down.forward(output));
    return this.adapter_up.forwardOnto(output, middle);
  }

  /** No linear layer does what a non-linear function in the middle does. */
  merge(): Affine | undefined {
    return undefined;
  }
}

/**
 * Houlsby's adapters: a bottleneck behind attention and behind the feed-forward, in every block. Give
 * `targetModules` for other places: the feed-forward alone is Pfeiffer's choice
 * ([2020](https://arxiv.org/abs/2005.00247)).
 *
 * @example
 * ```ts
 * import { applyPeft, houlsby } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const peft = applyPeft(model, houlsby({ bottleneckSize: 3 }));
 * assertEquals(peft.countParameters().trained, 2 * 2 * (4 * 3 + 3 + 3 * 4 + 4));
 * ```
 */
export const houlsby: (options?: Partial<BottleneckConfig>) => Configured<BottleneckConfig> =
  definePeftMethod<BottleneckConfig>({
    title: "Houlsby's adapter",
    peftType: "BOTTLENECK",
    presets: { ...ANY_TARGET, bottleneckSize: 64, activation: "gelu", modulesToSave: null },
    check({ bottleneckSize, activation }) {
      if (!Number.isInteger(bottleneckSize) || bottleneckSize < 1) {
        throw new PeftError(
          `Expected bottleneckSize to be a whole number above 0 but found ${bottleneckSize}`,
        );
      }
      if (!(activation in ACTIVATIONS)) {
        throw new PeftError(
          `Expected activation to be one of ${Object.keys(ACTIVATIONS).join(", ")} but found ${
            JSON.stringify(activation)
          }`,
        );
      }
    },
    build({ model, name, config, saved }) {
      const targets = findTargets(model, config, {
        method: "Houlsby's adapter",
        usual: USUAL,
        saved,
        fits: isLinear,
        fitting: "linear layers",
      }) as Map<string, LinearLike>;
      return {
        pieces: Array.from(targets, ([path, layer]) => {
          const [dim] = sizesOf(layer);
          const adapter = new BottleneckLayer(dim, config.bottleneckSize, config.activation);
          return new LayerPiece(model, path, name, adapter, adapter.namedParameters());
        }),
      };
    },
  });
