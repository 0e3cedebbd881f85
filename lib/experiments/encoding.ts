import type { Tokenizer } from "@tunebook/tokenizers";

/** At which end a text that is too long is cut. */
export type CutAt = "end" | "start";

/** The tokens that a tokenizer puts around a text, such as `[CLS]` and `[SEP]`. */
export interface Frame {
  /** In front of the text. */
  readonly before: readonly number[];
  /** Between two texts, if it knows pairs. */
  readonly between: readonly number[];
  /** Behind it. */
  readonly after: readonly number[];
}

/** A text's tokens without special ones, each text tokenised once. */
const encoded = new WeakMap<Tokenizer, Map<string, readonly number[]>>();
const frames = new WeakMap<Tokenizer, Frame>();
const rows = new WeakMap<Tokenizer, Map<string, Int32Array>>();

/** The tokens of a text without special ones; remembered. */
export function bareTokens(tokenizer: Tokenizer, text: string): readonly number[] {
  const known = remembered(encoded, tokenizer);
  let tokens = known.get(text);
  if (tokens === undefined) {
    tokens = tokenizer.encode(text, { addSpecialTokens: false });
    known.set(text, tokens);
  }
  return tokens;
}

/** What the tokenizer puts around texts. */
export function frameOf(tokenizer: Tokenizer): Frame {
  let frame = frames.get(tokenizer);
  if (frame === undefined) {
    const [bare] = tokenizer.encode("a", { addSpecialTokens: false }) as [number];
    const pair = tokenizer.encode("a", { pair: "a" });
    const first = pair.indexOf(bare), second = pair.indexOf(bare, first + 1);
    frame = {
      before: pair.slice(0, first),
      between: pair.slice(first + 1, second),
      after: pair.slice(second + 1),
    };
    frames.set(tokenizer, frame);
  }
  return frame;
}

/**
 * A text as the model reads it: the tokenizer's own special tokens, and between them at most what
 * `maxLength` leaves room for.
 *
 * The same text gives the same array, which features that were computed of it go by.
 *
 * @throws {RangeError} If the text has no token, or `maxLength` leaves no room for one.
 */
export function encodeText(
  tokenizer: Tokenizer,
  text: string,
  maxLength: number,
  cutAt: CutAt,
): Int32Array {
  const known = remembered(rows, tokenizer), key = `${maxLength} ${cutAt} ${text}`;
  let row = known.get(key);
  if (row === undefined) {
    const { before, after } = frameOf(tokenizer);
    const bare = cut(bareTokens(tokenizer, text), maxLength - before.length - after.length, cutAt);
    row = Int32Array.of(...before, ...bare, ...after);
    if (row.length === 0) throw new RangeError("Expected every text to have a token; one is empty");
    known.set(key, row);
  }
  return row;
}

/**
 * At most `room` of the tokens.
 *
 * @throws {RangeError} If there is no room.
 */
export function cut(tokens: readonly number[], room: number, cutAt: CutAt): readonly number[] {
  if (room < 1) {
    throw new RangeError(
      `Expected maxLength to leave room for the text but found ${room} tokens of room; raise it`,
    );
  }
  if (tokens.length <= room) return tokens;
  return cutAt === "end" ? tokens.slice(0, room) : tokens.slice(-room);
}

function remembered<Value>(
  memory: WeakMap<Tokenizer, Map<string, Value>>,
  tokenizer: Tokenizer,
): Map<string, Value> {
  let known = memory.get(tokenizer);
  if (known === undefined) memory.set(tokenizer, known = new Map());
  return known;
}
