/** From CSV text to rows. */
import { Lines } from "./lines.ts";
import type { ParseResult } from "./parse_result.ts";
import { RecordReader } from "./record.ts";

const BYTE_ORDER_MARK = "\ufeff";

/** Options for {@linkcode parse}. */
export interface ParseOptions {
  /**
   * What stands between two fields.
   *
   * @default {","}
   */
  separator?: string;
  /**
   * The character that makes a line a comment, if it is the line's first one.
   * Without it there are no comments.
   */
  comment?: string;
  /**
   * Whether white space before a field is dropped, even where it is the separator.
   *
   * @default {false}
   */
  trimLeadingSpace?: boolean;
  /**
   * Whether a quote may stand in a field without quotes, and a single one in a
   * field with quotes.
   *
   * @default {false}
   */
  lazyQuotes?: boolean;
  /**
   * How many fields each record must have: a positive number; or 0 for as many
   * as the first one has; or a negative number for any, as without the option.
   */
  fieldsPerRecord?: number;
  /**
   * Whether the first record is left out. Without `columns` it gives the names.
   *
   * @default {false}
   */
  skipFirstRow?: boolean;
  /** The names of the columns; rows then become objects. */
  columns?: readonly string[];
}

/**
 * Parses CSV into rows of fields. Blank lines are passed over, and so is a
 * byte-order mark.
 *
 * @param input The text.
 * @returns The rows.
 * @throws {SyntaxError} If quotes are out of place. The message gives the
 * record's number, the line (the record's number and the lines read below its
 * first) and the column.
 *
 * @example
 * ```ts
 * import { parse } from "@std/csv";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse('year,words\n1790,"1,089"\n'), [["year", "words"], ["1790", "1,089"]]);
 * ```
 */
export function parse(input: string): string[][];
/**
 * Parses CSV into rows of fields, or into objects if `columns` or
 * `skipFirstRow` is given.
 *
 * @typeParam T The options, which decide the type of the result.
 * @param input The text.
 * @param options What the text looks like and what is wanted of it.
 * @returns The rows.
 * @throws {SyntaxError} If quotes are out of place or `fieldsPerRecord` does not hold.
 * @throws {TypeError} If the names should come from the first record and there is none.
 * @throws {Error} If a record does not have as many fields as there are columns, or if
 * the separator or the comment character cannot be one.
 *
 * @example
 * ```ts
 * import { parse } from "@std/csv";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "year;speaker\n1790;Washington";
 * assertEquals(parse(text, { separator: ";", skipFirstRow: true }), [
 *   { year: "1790", speaker: "Washington" },
 * ]);
 * ```
 */
export function parse<const T extends ParseOptions>(
  input: string,
  options: T,
): ParseResult<ParseOptions, T>;
export function parse(
  input: string,
  options: ParseOptions = {},
): string[][] | Record<string, string>[] {
  const rows = parseRows(input, options);
  const first = options.skipFirstRow ? rows.shift() : undefined;
  if (options.skipFirstRow && first === undefined) {
    throw new TypeError("Cannot parse input: headers must be defined");
  }
  const columns = options.columns ?? first;
  if (columns === undefined) return rows;
  const skipped = options.skipFirstRow ? 1 : 0;
  return rows.map((row, i) => nameFields(row, columns, skipped + i + 1));
}

function parseRows(input: string, options: ParseOptions): string[][] {
  const {
    separator = ",",
    comment,
    trimLeadingSpace = false,
    lazyQuotes = false,
  } = options;
  checkDelimiters(separator, comment);
  const dialect = { separator, trimLeadingSpace, lazyQuotes };
  const lines = new Lines(
    input.startsWith(BYTE_ORDER_MARK) ? input.slice(1) : input,
  );
  const { fieldsPerRecord = -1 } = options;
  let width = fieldsPerRecord > 0 ? fieldsPerRecord : undefined;

  const rows: string[][] = [];
  // Blank lines and comments count as records: `number` is what errors report.
  for (
    let number = 1, line = lines.next();
    line !== undefined;
    number++, line = lines.next()
  ) {
    const skip = line === "" || (comment && line[0] === comment);
    const row = skip ? [] : new RecordReader(lines, line, number, dialect).read();
    if (number === 1 && fieldsPerRecord === 0) width = row.length;
    if (skip) continue;
    if (width !== undefined && width !== row.length) {
      throw new SyntaxError(
        `Syntax error on line ${number}: expected ${width} fields but got ${row.length}`,
      );
    }
    rows.push(row);
  }
  return rows;
}

function checkDelimiters(separator: string, comment: string | undefined): void {
  const reserved = ["\r", "\n", '"'];
  const clash = separator === "" || separator === comment ||
    reserved.includes(separator) ||
    (comment !== undefined && reserved.includes(comment));
  if (clash) throw new Error("Cannot parse input: invalid delimiter");
}

function nameFields(
  row: string[],
  columns: readonly string[],
  number: number,
): Record<string, string> {
  if (row.length !== columns.length) {
    throw new Error(
      `Syntax error on line ${number}: The record has ${row.length} fields, ` +
        `but the header has ${columns.length} fields`,
    );
  }
  return Object.fromEntries(
    columns.map((column, i) => [column, row[i] as string]),
  );
}
