import { parse, stringify } from "@std/csv";

/** How the values of one column are written to a cell and read back. */
export interface Column<Value> {
  /** The cell for a value. */
  write(value: Value): string;
  /**
   * The value of a cell.
   *
   * @throws {TypeError} When the cell holds no such value; the message says what was expected.
   */
  read(cell: string): Value;
}

/** A column for each field of a row, in the order of the file. */
export type Columns<Row> = { readonly [Field in keyof Row]-?: Column<Row[Field]> };

/** A record that was left out, where it stood in its source, and why. */
export interface Dropped {
  /** The record's position in its source, from 0. */
  readonly index: number;
  /** What is wrong with it. */
  readonly reason: string;
}

/** Any text. */
export const text: Column<string> = { write: (value) => value, read: (cell) => cell };

/** A whole number. */
export const integer: Column<number> = {
  write: String,
  read(cell) {
    if (/^[+-]?\d+$/.test(cell) && Number.isSafeInteger(Number(cell))) return Number(cell);
    throw new TypeError(`Expected a whole number but found "${cell}"`);
  },
};

/** True or false. */
export const boolean: Column<boolean> = {
  write: String,
  read: (cell) => oneOf("true", "false").read(cell) === "true",
};

/** One of a few words, such as a class. */
export function oneOf<const Word extends string>(...words: Word[]): Column<Word> {
  return {
    write: (value) => value,
    read(cell) {
      const word = words.find((word) => word === cell);
      if (word !== undefined) return word;
      throw new TypeError(`Expected one of ${words.join(", ")} but found "${cell}"`);
    },
  };
}

/**
 * Writes rows as CSV with a header line (RFC 4180).
 *
 * @typeParam Row What a row holds.
 * @param rows The rows.
 * @param columns How each field is written, in the order of the file.
 * @returns The text of the file.
 *
 * @example
 * ```ts
 * import { fromCsv, integer, text, toCsv } from "./csv.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = { year: integer, name: text };
 * const csv = toCsv([{ year: 1851, name: "Ishmael, a sailor" }], columns);
 * assertEquals(csv, 'year,name\r\n1851,"Ishmael, a sailor"\r\n');
 * assertEquals(fromCsv(csv, columns).rows, [{ year: 1851, name: "Ishmael, a sailor" }]);
 * ```
 */
export function toCsv<Row>(rows: readonly Row[], columns: Columns<Row>): string {
  const fields = Object.keys(columns) as (keyof Row & string)[];
  const cells = rows.map((row) => fields.map((field) => columns[field].write(row[field])));
  return stringify([fields, ...cells]);
}

/**
 * Reads what {@linkcode toCsv} wrote, or a file with the same columns from elsewhere.
 *
 * @typeParam Row What a row holds.
 * @param csv The text of the file. Its columns may stand in any order; others are passed over.
 * @param columns How each field is read.
 * @returns The rows, and those dropped because a cell is missing or wrong.
 * @throws {TypeError} When a column is missing from the header.
 */
export function fromCsv<Row>(
  csv: string,
  columns: Columns<Row>,
): { rows: Row[]; dropped: Dropped[] } {
  const [header = [], ...records] = parse(csv);
  const fields = Object.keys(columns) as (keyof Row & string)[];
  const positions = fields.map((field) => header.indexOf(field));
  const missing = fields.filter((_, i) => positions[i] === -1);
  if (missing.length > 0) {
    throw new TypeError(
      `Expected the columns ${fields.join(", ")} but found ${header.join(", ") || "nothing"}: ` +
        `${missing.join(", ")} missing`,
    );
  }
  const rows: Row[] = [];
  const dropped: Dropped[] = [];
  for (const [index, record] of records.entries()) {
    try {
      if (record.length !== header.length) {
        throw new TypeError(`Expected ${header.length} cells but found ${record.length}`);
      }
      const row: Partial<Row> = {};
      for (const [i, field] of fields.entries()) {
        row[field] = readCell(field, columns[field], record[positions[i]!]!);
      }
      rows.push(row as Row);
    } catch (error) {
      dropped.push({ index, reason: (error as Error).message });
    }
  }
  return { rows, dropped };
}

function readCell<Value>(field: string, column: Column<Value>, cell: string): Value {
  try {
    return column.read(cell);
  } catch (error) {
    throw new TypeError(`${field}: ${(error as Error).message}`);
  }
}
