/**
 * How byte-level tokenizers write bytes as visible characters.
 *
 * A byte-level BPE works on UTF-8 bytes, so no text is ever out of vocabulary. `tokenizer.json`
 * stores tokens as strings, and half of all bytes have no printable character. GPT-2 therefore
 * gives every byte a printable one: most ASCII and Latin-1 characters stand for themselves, the
 * other 68 bytes take the characters from U+0100 on. A space becomes `Ġ`, a newline `Ċ`.
 *
 * Source: Radford et al. 2019 (GPT-2), `bytes_to_unicode` in its `encoder.py`.
 *
 * @module
 */

/** The printable character of each byte: `BYTE_TO_CHAR[0x20] === "Ġ"`. */
export const BYTE_TO_CHAR: readonly string[] = byteToChar();

function byteToChar(): string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from(
    { length: 256 },
    (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++),
  );
}

const encoder = new TextEncoder();

/**
 * Writes a text's UTF-8 bytes as printable characters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toByteChars } from "@tunebook/tokenizers";
 *
 * assertEquals(toByteChars(" hé\n"), "ĠhÃ©Ċ");
 * ```
 *
 * @param text Any string.
 * @returns A string with one character for each UTF-8 byte of `text`.
 */
export function toByteChars(text: string): string {
  let chars = "";
  for (const byte of encoder.encode(text)) chars += BYTE_TO_CHAR[byte];
  return chars;
}
