/**
 * Text to token ids and back: train a byte-level BPE, or read any Hugging Face `tokenizer.json`.
 *
 * @module
 */
export * from "./bytes.ts";
export * from "./pretokenize.ts";
export * from "./tokenizer.ts";
export * from "./tokenizer_json.ts";
export * from "./train_bpe.ts";
