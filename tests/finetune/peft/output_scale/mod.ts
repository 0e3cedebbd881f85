import {
  type Affine,
  ANY_TARGET,
  type CommonPeftConfig,
  type Configured,
  definePeftMethod,
  findTargets,
  LayerAdapter,
  LayerPiece,
  type TargetOptions,
} from "@tunebook/finetune";
import { Linear } from "@tunebook/nn";
import { ones, type Tensor } from "@tunebook/tensor";

/** One factor for everything a layer gives: a method in a folder of its own. */
class OutputScale extends LayerAdapter {
  factor = ones([1], { requiresGrad: true });

  forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor {
    return inner(input).mul(this.factor);
  }

  merge({ weight, bias }: Affine): Affine {
    return { weight: weight.mul(this.factor), bias: bias?.mul(this.factor) };
  }
}

type OutputScaleConfig = CommonPeftConfig & TargetOptions;

/** Registers the method. */
export const outputScale: (
  options?: Partial<OutputScaleConfig>,
) => Configured<OutputScaleConfig> = definePeftMethod<OutputScaleConfig>({
  title: "output scaling",
  peftType: "OUTPUT_SCALE",
  presets: { ...ANY_TARGET, targetModules: "all-linear", modulesToSave: null },
  check: () => {},
  build({ model, name, config, saved }) {
    const targets = findTargets(model, config, {
      method: "output scaling",
      usual: {},
      saved,
      fits: (module) => module instanceof Linear,
      fitting: "linear layers",
    });
    return {
      pieces: Array.from(targets.keys(), (path) => {
        const adapter = new OutputScale();
        return new LayerPiece(model, path, name, adapter, [["factor", adapter.factor]]);
      }),
    };
  },
});
