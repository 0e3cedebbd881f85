/**
 * The base models that the course fine-tunes, pretrained by us: how they were made, and how to load
 * them. `deno task pretrain` makes them anew.
 *
 * @module
 */
export { bitsPerByte, type Judged, surprise } from "./gpt/bits_per_byte.ts";
export { type Document, documentsFor } from "./gpt/corpus.ts";
export { KneserNeyTrigram } from "./gpt/kneser_ney.ts";
export {
  baseGpt,
  type BaseGptOptions,
  baseTokenizer,
  baseTrainingLog,
  untrainedGpt,
} from "./gpt/load.ts";
export {
  type Pretrained,
  type PretrainOptions,
  pretrainText,
  RECIPE,
  type TrainingLog,
} from "./gpt/pretrain.ts";
export { PROMPTS, type Sample, sampleTexts } from "./gpt/samples.ts";
export { TokenWindows } from "./gpt/token_windows.ts";
export * from "./cnn/mod.ts";
