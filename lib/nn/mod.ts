/**
 * Neural networks: layers with named parameters, how these begin, and losses.
 *
 * @module
 */
export * from "./init.ts";
export { type ActivationName, ACTIVATIONS } from "./activations.ts";
export { Activation } from "./layers/activation.ts";
export { Conv2d, type Conv2dOptions } from "./layers/conv2d.ts";
export { Dropout, type DropoutOptions } from "./layers/dropout.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { FeedForward, type FeedForwardOptions } from "./layers/feed_forward.ts";
export { LayerNorm, type NormOptions } from "./layers/layer_norm.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export {
  type AttentionInputs,
  AttentionPrefix,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./layers/multi_head_attention.ts";
export { RMSNorm } from "./layers/rms_norm.ts";
export { Sequential } from "./layers/sequential.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./layers/transformer_block.ts";
export { Layer } from "./layer.ts";
export { Module } from "./module.ts";
export { manualSeed } from "./random.ts";
export {
  type LoadOptions,
  type LoadReport,
  StateError,
  type StateValue,
  type StoredState,
} from "./state.ts";
export { binaryCrossEntropyWithLogits, crossEntropy, mse } from "@tunebook/tensor";
