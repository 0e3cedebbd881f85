/**
 * Fine-tuning with few parameters, as Hugging Face PEFT does it, and in its file format.
 *
 * @module
 */
export { Adapter } from "./adapter.ts";
export { type ApplyOptions, applyPeft } from "./apply.ts";
export { PeftError } from "./errors.ts";
export { AdaptedLayer, type Affine, baseModules, LayerAdapter } from "./layer.ts";
export {
  type AdapterFiles,
  encodeAdapter,
  loadAdapter,
  type LoadAdapterOptions,
  saveAdapter,
  type SaveAdapterOptions,
} from "./files.ts";
export * from "./lora/mod.ts";
export {
  type AnyConfigured,
  type BuildContext,
  type Built,
  type CombineContext,
  type CommonPeftConfig,
  type Configured,
  definePeftMethod,
  type Forward,
  type PeftMethod,
} from "./method.ts";
export { type Forwarding, PeftModel, type SetAdapterOptions } from "./peft_model.ts";
export { bitFit, type BitFitConfig } from "./bitfit/mod.ts";
export { type BottleneckConfig, houlsby } from "./bottleneck/mod.ts";
export { ia3, type Ia3Config } from "./ia3/mod.ts";
export { layerNormTuning, type LayerNormTuningConfig } from "./layer_norm_tuning/mod.ts";
export { prefixTuning, type PrefixTuningConfig } from "./prefix_tuning/mod.ts";
export { promptTuning, type PromptTuningConfig } from "./prompt_tuning/mod.ts";
export {
  dequantize,
  dequantizeInt8,
  dequantizeNf4,
  Int8Embedding,
  Int8Head,
  type Int8Rows,
  NF4,
  Nf4Linear,
  type Nf4Values,
  quantize,
  quantizeInt8,
  quantizeNf4,
  type QuantizeOptions,
  type QuantizeReport,
} from "./quantization/mod.ts";
export {
  LayerPiece,
  type Piece,
  type ReplacementOptions,
  ReplacementPiece,
  trainableCopy,
} from "./pieces.ts";
export {
  ANY_TARGET,
  findTargets,
  type TargetOptions,
  type TargetSearch,
  type UsualTargets,
} from "./targets.ts";
