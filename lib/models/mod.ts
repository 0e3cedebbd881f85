/**
 * Models: GPT-2's, BERT's and Llama's families and a small CNN, with heads for their tasks. Names of
 * modules and parameters are Hugging Face's, so that weights and adapters go both ways.
 *
 * @module
 */
export { Attention, type AttentionShape } from "./attention.ts";
export { BertAttention, BertOutput, BertSelfAttention } from "./bert/attention.ts";
export { BertBlock, BertEncoder, BertIntermediate } from "./bert/block.ts";
export { type BertConfig, bertConfigFormat } from "./bert/config.ts";
export { BertEmbeddings } from "./bert/embeddings.ts";
export {
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
  BertWithHead,
} from "./bert/heads.ts";
export {
  BertForMaskedLM,
  BertMaskedLanguageModelHead,
  BertPredictions,
  BertPredictionTransform,
} from "./bert/masked_language_model.ts";
export { Bert, BertFamily, type BertParts, BertPooler } from "./bert/model.ts";
export { BertForSentenceEmbedding } from "./bert/sentences.ts";
export { KeyValueCache } from "./cache.ts";
export type { CommonConfig } from "./config.ts";
export { ConfigError, ConfigFormat, type ConfigOptions } from "./config_format.ts";
export { GptAttention } from "./gpt/attention.ts";
export { GptBlock, GptFeedForward } from "./gpt/block.ts";
export { type GptConfig, gptConfigFormat } from "./gpt/config.ts";
export {
  GptForCausalLM,
  GptForQuestionAnswering,
  GptForSequenceClassification,
  GptForTokenClassification,
  GptWithHead,
} from "./gpt/heads.ts";
export { Gpt, GptFamily } from "./gpt/model.ts";
export type { AttendInputs, ModelInputs, Trace } from "./inputs.ts";
export { LlamaAttention } from "./llama/attention.ts";
export { LlamaBlock, LlamaFeedForward } from "./llama/block.ts";
export { type LlamaConfig, llamaConfigFormat } from "./llama/config.ts";
export {
  LlamaForCausalLM,
  LlamaForSequenceClassification,
  LlamaForTokenClassification,
  LlamaWithHead,
} from "./llama/heads.ts";
export { Llama, LlamaFamily } from "./llama/model.ts";
export { LlamaForQuestionAnswering } from "./llama/question_answering.ts";
export type { Rotation } from "./llama/rotary.ts";
export type { RotaryConfig, RotaryScaling } from "./llama/rotary_config.ts";
export { nextTokenLoss, type NextTokenLossOptions } from "./next_token_loss.ts";
export {
  type Anatomy,
  fillStored,
  type Identity,
  Model,
  type StoredMatch,
  type StoredPlace,
  type StoredValue,
  TextModel,
} from "./model.ts";
export { pool, type Pooling } from "./pooling.ts";
export { type FromConfigOptions, type ModelClass, modelFromConfig } from "./registry.ts";
export { type BestSpanOptions, bestSpans, type FoundSpan, spanLoss, type Spans } from "./spans.ts";
export { sample, type SamplingOptions } from "./sampling.ts";
export { generate, type GenerateOptions, type LanguageModel } from "./generate.ts";
export { generateText, type TextCodec } from "./generate_text.ts";
export {
  CnnBlock,
  SmallCnn,
  type SmallCnnConfig,
  smallCnnConfigFormat,
  SmallCnnFamily,
} from "./cnn/model.ts";
export { ROTATIONS, SmallCnnForImageClassification } from "./cnn/heads.ts";
