import { BYTE_TO_CHAR, type Tokenizer } from "@tunebook/tokenizers";

const encoder = new TextEncoder();
const CHAR_TO_BYTE = new Map(BYTE_TO_CHAR.map((char, byte) => [char, byte]));

/** Finds the tokens of parts of a text. */
export type SpanFinder = (start: number, end: number) => readonly [start: number, end: number];

/**
 * Which tokens of a text hold the characters from `start` up to `end`: the first one's place and
 * that behind the last one's.
 *
 * Tokens of a byte-level tokenizer say which bytes they stand for, so that every token that holds a
 * part of the span is found. Others don't: there the text up to `start` is encoded alone, and the
 * span begins where its tokens and the whole text's first differ.
 *
 * @param ids The tokens of the whole text.
 */
export function tokenSpans(tokenizer: Tokenizer, text: string, ids: readonly number[]): SpanFinder {
  const ends = byteEnds(tokenizer, text, ids);
  if (ends === undefined) {
    const before = (at: number) =>
      commonPrefixLength(tokenizer.encode(text.slice(0, at), { addSpecialTokens: false }), ids);
    return (start, end) => [before(start), before(end)];
  }
  return (start, end) => {
    const first = encoder.encode(text.slice(0, start)).length;
    const last = first + encoder.encode(text.slice(start, end)).length;
    const from = ends.findIndex((at) => at > first);
    const to = ends.findIndex((at) => at >= last);
    return from < 0 || first === last ? [ids.length, ids.length] : [from, to + 1];
  };
}

/** How many numbers two lists begin with alike; TRL's `common_prefix_length`. */
export function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Behind which byte of the text each token ends; undefined if they aren't bytes of the text. */
function byteEnds(
  tokenizer: Tokenizer,
  text: string,
  ids: readonly number[],
): number[] | undefined {
  const bytes = encoder.encode(text), ends: number[] = [];
  const added = new Map(tokenizer.toJSON().added_tokens?.map(({ id, content }) => [id, content]));
  let at = 0;
  for (const id of ids) {
    const special = added.get(id);
    const own = special !== undefined
      ? encoder.encode(special)
      : Array.from(tokenizer.tokenOf(id) ?? "", (char) => CHAR_TO_BYTE.get(char));
    for (const byte of own) if (byte === undefined || byte !== bytes[at++]) return undefined;
    ends.push(at);
  }
  return at === bytes.length ? ends : undefined;
}
