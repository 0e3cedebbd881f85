import type { BpeModel } from "./train_bpe.ts";

/** One entry of `added_tokens` in a `tokenizer.json`. */
export interface AddedToken {
  /** The token's id. */
  id: number;
  /** The token as it stands in a text. */
  content: string;
  /** Whether it is a control token, which `decode` can leave out. */
  special: boolean;
}

/** The part of Hugging Face's `tokenizer.json` that we rely on; the rest is passed on as it is. */
export interface TokenizerJson {
  /** Tokens matched in the text before anything else. */
  added_tokens?: AddedToken[];
  /** The model: its type and vocabulary, and what else its type needs. */
  model: { type?: string; vocab: Record<string, number> | [string, number][] };
  /** Normalizer, pre-tokenizer, post-processor, decoder, truncation, padding. */
  [part: string]: unknown;
}

/**
 * Writes a byte-level BPE as Hugging Face's `tokenizer.json`, so that `tokenizers`, `transformers`
 * and Transformers.js read it and give the same ids.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toTokenizerJson, trainBpe } from "@tunebook/tokenizers";
 *
 * const json = toTokenizerJson(trainBpe(["low low"], { vocabSize: 260 }));
 * assertEquals(json.model.type, "BPE");
 * ```
 *
 * @param bpe What {@linkcode trainBpe} returned.
 * @returns The object to be written as JSON.
 */
export function toTokenizerJson(bpe: BpeModel): TokenizerJson {
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: bpe.specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(bpe.tokens.map((token, id) => [token, id])),
      merges: bpe.merges,
    } as TokenizerJson["model"],
  };
}

/**
 * Checks that a parsed file is a `tokenizer.json` that can be read at all.
 *
 * @param json What `JSON.parse` gave.
 * @param source Where it came from, for the error.
 * @returns The same object, typed.
 * @throws {TypeError} If it has no model with a vocabulary.
 */
export function asTokenizerJson(json: unknown, source: string): TokenizerJson {
  const model = (json as TokenizerJson | null)?.model;
  if (typeof model !== "object" || model === null || typeof model.vocab !== "object") {
    throw new TypeError(
      `Expected ${source} to be a Hugging Face tokenizer.json with a "model" that has a "vocab" ` +
        `but found ${describe(json)}. A model's older vocab.txt or merges.txt can't be read: ` +
        `save it with transformers' \`tokenizer.save_pretrained\` first`,
    );
  }
  return json as TokenizerJson;
}

function describe(json: unknown): string {
  if (json === null || typeof json !== "object") return JSON.stringify(json) ?? "nothing";
  return Array.isArray(json)
    ? "an array"
    : `an object with ${Object.keys(json).slice(0, 8).map((key) => `"${key}"`).join(", ")}`;
}
