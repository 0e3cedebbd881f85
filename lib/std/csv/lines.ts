/**
 * The lines of a text, one at a time. A line ends with `\n` or `\r\n`; a single
 * `\r` at the very end of the text is dropped too, any other stays.
 */
export class Lines {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether all lines have been read. */
  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next line without its end, or `undefined` when there is none. */
  next(): string | undefined {
    if (this.done) return undefined;
    const newline = this.#text.indexOf("\n", this.#at);
    const end = newline < 0 ? this.#text.length : newline;
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}
