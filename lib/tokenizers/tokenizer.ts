import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { asTokenizerJson, type TokenizerJson, toTokenizerJson } from "./tokenizer_json.ts";
import { trainBpe, type TrainBpeOptions } from "./train_bpe.ts";

/** How {@linkcode Tokenizer.encode} treats a text. */
export interface EncodeOptions {
  /** A second text, for models that read pairs (`[CLS] text [SEP] pair [SEP]`). */
  pair?: string;
  /** Whether to add the model's own tokens, such as `[CLS]`. Default: true. */
  addSpecialTokens?: boolean;
  /** Most tokens to keep, special ones included; the last text is cut off at its end. */
  maxLength?: number;
}

/** How {@linkcode Tokenizer.encodeBatch} treats its texts. */
export interface EncodeBatchOptions extends Omit<EncodeOptions, "pair"> {
  /** A length to pad to, or `"longest"`, the longest text of the batch. Default: `"longest"`. */
  padTo?: number | "longest";
  /** On which side to pad. Default: `"right"`. */
  paddingSide?: "left" | "right";
}

/** A batch of texts as a rectangle of ids. */
export interface EncodedBatch {
  /** Token ids, row by row, `[batch, time]`. */
  ids: Int32Array;
  /** 1 where `ids` holds a token, 0 where it holds padding, `[batch, time]`. */
  attentionMask: Int32Array;
  /** `[batch, time]`. */
  shape: [batch: number, time: number];
}

/**
 * Turns text into token ids and back: one trained here, or any `tokenizer.json` (byte-level BPE,
 * WordPiece, Unigram), read through `@huggingface/tokenizers`.
 *
 * @example Train one, and use it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Tokenizer } from "@tunebook/tokenizers";
 *
 * const tokenizer = Tokenizer.train(["low low lower lowest"], { vocabSize: 260 });
 * const ids = tokenizer.encode("low lower");
 * assertEquals(tokenizer.tokensOf(ids), ["low", "Ġlow", "e", "r"]);
 * assertEquals(tokenizer.decode(ids), "low lower");
 * ```
 */
export class Tokenizer {
  /** The file's content, written again by {@linkcode Tokenizer.toJSON}. */
  readonly #json: TokenizerJson;
  readonly #inner: HuggingFaceTokenizer;
  readonly #padding: string | undefined;

  private constructor(json: TokenizerJson) {
    this.#json = json;
    this.#inner = new HuggingFaceTokenizer(json, { clean_up_tokenization_spaces: false });
    this.#padding = ["<pad>", "[PAD]", "<|padding|>", "<|endoftext|>"].find((token) =>
      this.idOf(token) !== undefined
    );
  }

  /**
   * Learns a byte-level BPE from texts.
   *
   * @param texts The corpus, read once.
   * @param options Vocabulary size, special tokens, smallest frequency, progress.
   * @returns The tokenizer.
   * @throws {RangeError} If `vocabSize` is too small.
   */
  static train(texts: Iterable<string>, options: TrainBpeOptions): Tokenizer {
    return new Tokenizer(toTokenizerJson(trainBpe(texts, options)));
  }

  /**
   * Takes what a `tokenizer.json` holds.
   *
   * @param json The parsed file.
   * @param source Its name, for errors.
   * @returns The tokenizer.
   * @throws {TypeError} If it is no `tokenizer.json`, or of a kind that can't be read.
   */
  static fromJSON(json: unknown, source = "the tokenizer"): Tokenizer {
    const checked = asTokenizerJson(json, source);
    try {
      return new Tokenizer(checked);
    } catch (error) {
      throw new TypeError(
        `Expected ${source} to be of a kind that @huggingface/tokenizers reads but found a ` +
          `${checked.model.type ?? "nameless"} model it can't: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  /**
   * Reads a `tokenizer.json`.
   *
   * @param path The file.
   * @returns The tokenizer.
   * @throws {SyntaxError} If the file is not JSON.
   * @throws {TypeError} If it is JSON but no tokenizer.
   */
  static async load(path: string | URL): Promise<Tokenizer> {
    const text = await Deno.readTextFile(path);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new SyntaxError(
        `Expected ${path} to hold JSON but found ${text.length} characters that don't parse ` +
          `(${(error as Error).message}); is the download complete?`,
        { cause: error },
      );
    }
    return Tokenizer.fromJSON(json, String(path));
  }

  /** How many tokens there are, added ones included. */
  get vocabSize(): number {
    return this.#inner.get_vocab(true).size;
  }

  /**
   * The tokens of a text, as ids.
   *
   * Any text made of whole characters comes back from {@linkcode Tokenizer.decode} as it was under a
   * byte-level BPE. (Half a surrogate pair has no UTF-8 form and becomes U+FFFD.)
   *
   * @param text Any string.
   * @param options A second text, special tokens, the longest length.
   * @returns The ids, `[time]`.
   * @throws {RangeError} If `maxLength` is no positive integer, or too small for any of the text.
   */
  encode(text: string, options: EncodeOptions = {}): number[] {
    const { pair, addSpecialTokens = true, maxLength } = options;
    if (maxLength !== undefined && (!Number.isInteger(maxLength) || maxLength < 1)) {
      throw new RangeError(`Expected maxLength to be an integer above 0 but found ${maxLength}`);
    }
    const { ids } = this.#inner.encode(text, {
      text_pair: pair ?? null,
      add_special_tokens: addSpecialTokens,
    });
    const excess = maxLength === undefined ? 0 : ids.length - maxLength;
    return excess <= 0 ? ids : this.#cut(ids, pair ?? text, excess);
  }

  /** Takes `excess` tokens off the end of the last text in `ids`; closing tokens like [SEP] stay. */
  #cut(ids: number[], last: string, excess: number): number[] {
    const bare = this.#inner.encode(last, { add_special_tokens: false }).ids;
    let start = ids.length - bare.length;
    while (start > 0 && bare.some((id, i) => ids[start + i] !== id)) start--;
    const end = start + bare.length;
    if (excess > bare.length) {
      throw new RangeError(
        `Expected maxLength to be at least ${ids.length - bare.length}, which the special tokens ` +
          `and the texts before the last need, but found ${ids.length - excess}`,
      );
    }
    return [...ids.slice(0, end - excess), ...ids.slice(end)];
  }

  /**
   * Several texts as one rectangle, the shorter ones padded.
   *
   * @param texts The texts.
   * @param options Length, padding and its side, special tokens.
   * @returns Ids and mask, `[batch, time]`.
   * @throws {RangeError} If `padTo` is shorter than a text (set `maxLength` too).
   * @throws {TypeError} If padding is needed and the vocabulary has no token for it.
   */
  encodeBatch(texts: readonly string[], options: EncodeBatchOptions = {}): EncodedBatch {
    const { padTo = "longest", paddingSide = "right", ...encoding } = options;
    const rows = texts.map((text) => this.encode(text, encoding));
    const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const time = padTo === "longest" ? longest : padTo;
    if (time < longest) {
      throw new RangeError(
        `Expected every text to have at most padTo = ${time} tokens but found one of ${longest}; ` +
          `set maxLength to ${time} to cut it`,
      );
    }
    const ids = new Int32Array(rows.length * time).fill(
      rows.some((row) => row.length < time) ? this.paddingId : 0,
    );
    const attentionMask = new Int32Array(ids.length);
    rows.forEach((row, i) => {
      const start = i * time + (paddingSide === "left" ? time - row.length : 0);
      ids.set(row, start);
      attentionMask.fill(1, start, start + row.length);
    });
    return { ids, attentionMask, shape: [rows.length, time] };
  }

  /**
   * The text of token ids.
   *
   * @param ids Token ids, `[time]`.
   * @param options `skipSpecialTokens` leaves out tokens such as `<|endoftext|>`. Default: false.
   * @returns The text.
   * @throws {RangeError} If an id is not in the vocabulary.
   */
  decode(ids: Iterable<number>, options: { skipSpecialTokens?: boolean } = {}): string {
    const list = [...ids];
    for (const id of list) {
      if (this.tokenOf(id) === undefined) {
        throw new RangeError(
          `Expected token ids from 0 to ${this.vocabSize - 1} but found ${id}; ` +
            `do the ids come from another tokenizer?`,
        );
      }
    }
    if (list.length === 0) return "";
    return this.#inner.decode(list, { skip_special_tokens: options.skipSpecialTokens ?? false });
  }

  /** The token with an id, as it is written in the vocabulary (`Ġlow`), if there is one. */
  tokenOf(id: number): string | undefined {
    return this.#inner.id_to_token(id);
  }

  /** The tokens with these ids, as they are written in the vocabulary. */
  tokensOf(ids: Iterable<number>): (string | undefined)[] {
    return Array.from(ids, (id) => this.tokenOf(id));
  }

  /** The id of a token as it is written in the vocabulary, if there is one. */
  idOf(token: string): number | undefined {
    return this.#inner.token_to_id(token);
  }

  /**
   * The id that fills short rows: that of `<pad>`, `[PAD]` or, as in GPT-2, `<|endoftext|>`.
   *
   * @throws {TypeError} If the vocabulary has none of these.
   */
  get paddingId(): number {
    if (this.#padding === undefined) {
      throw new TypeError(
        "Expected the vocabulary to hold <pad>, [PAD] or <|endoftext|> to pad with but found " +
          "none; add one to specialTokens when training",
      );
    }
    return this.idOf(this.#padding)!;
  }

  /** The content of a `tokenizer.json`; `JSON.stringify(tokenizer)` writes it. */
  toJSON(): TokenizerJson {
    return this.#json;
  }
}
