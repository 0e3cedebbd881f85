/**
 * Reads one record: the fields of a line, or of several lines where a quoted
 * field contains line ends. The rules are those of Go's `encoding/csv`, which
 * `@std/csv` follows; `npm:csv-parse` treats stray quotes in another way.
 */
import type { Lines } from "./lines.ts";

const QUOTE = '"';

/** How fields are told apart. */
export interface Dialect {
  separator: string;
  trimLeadingSpace: boolean;
  lazyQuotes: boolean;
}

/** A record being read; `line` and `at` say how far. */
export class RecordReader {
  #lines: Lines;
  #dialect: Dialect;
  /** Which record this is, counted from 1. */
  #number: number;
  #line: string;
  #at = 0;
  /** How many lines after its first one the record has reached. */
  #below = 0;

  constructor(lines: Lines, first: string, number: number, dialect: Dialect) {
    this.#lines = lines;
    this.#line = first;
    this.#number = number;
    this.#dialect = dialect;
  }

  /**
   * The record's fields.
   *
   * @throws {SyntaxError} On a quote where none may be, and on one that is never closed.
   */
  read(): string[] {
    const fields: string[] = [];
    do {
      if (this.#dialect.trimLeadingSpace) this.#skipSpace();
      fields.push(
        this.#line.startsWith(QUOTE, this.#at) ? this.#quoted() : this.#bare(),
      );
    } while (this.#separated());
    return fields;
  }

  #skipSpace(): void {
    const rest = this.#line.slice(this.#at);
    this.#at += rest.length - rest.trimStart().length;
  }

  /** Steps over a separator; without one the record has ended. */
  #separated(): boolean {
    if (!this.#line.startsWith(this.#dialect.separator, this.#at)) return false;
    this.#at += this.#dialect.separator.length;
    return true;
  }

  /** A field without quotes: all up to the next separator. */
  #bare(): string {
    const next = this.#line.indexOf(this.#dialect.separator, this.#at);
    const field = this.#line.slice(this.#at, next < 0 ? undefined : next);
    const quote = this.#dialect.lazyQuotes ? -1 : field.indexOf(QUOTE);
    if (quote >= 0) {
      throw this.#error('bare " in non-quoted-field', this.#at + quote);
    }
    this.#at += field.length;
    return field;
  }

  /** A field in quotes, in which a doubled quote stands for one. */
  #quoted(): string {
    const { separator, lazyQuotes } = this.#dialect;
    let field = "";
    this.#at++;
    while (true) {
      const quote = this.#line.indexOf(QUOTE, this.#at);
      if (quote < 0) {
        field += this.#line.slice(this.#at);
        if (this.#nextLine()) {
          field += "\n";
          continue;
        }
        if (lazyQuotes) return field;
        throw this.#error(
          'extraneous or missing " in quoted-field',
          this.#line.length,
        );
      }
      field += this.#line.slice(this.#at, quote);
      this.#at = quote + 1;
      if (this.#line[this.#at] === QUOTE) {
        field += QUOTE;
        this.#at++;
      } else if (
        this.#at === this.#line.length ||
        this.#line.startsWith(separator, this.#at)
      ) {
        return field;
      } else if (lazyQuotes) {
        field += QUOTE;
      } else {
        throw this.#error('extraneous or missing " in quoted-field', quote);
      }
    }
  }

  /** Goes on with the line below; at the end of the text there is none. */
  #nextLine(): boolean {
    const next = this.#lines.next();
    if (next === undefined) {
      // std reports an open quote at the start of the line that is not there,
      // unless nothing at all was left on the last one.
      if (this.#at < this.#line.length) this.#line = "";
      this.#at = this.#line.length;
      return false;
    }
    this.#line = next;
    this.#at = 0;
    this.#below++;
    return true;
  }

  /** An error at an index of the current line; columns count Unicode characters from 1. */
  #error(what: string, index: number): SyntaxError {
    const column = [...this.#line.slice(0, index)].length + 1;
    return new SyntaxError(
      `Syntax error on line ${this.#number}; parse error on line ${
        this.#number + this.#below
      }, column ${column}: ${what}`,
    );
  }
}
