/** From rows to CSV text. */

/** A key of an object, or an index of an array. */
export type PropertyAccessor = number | string;

/** A column with its own header. */
export type ColumnDetails = {
  /** The header; without it the last part of `prop`. */
  header?: string;
  /** Where the value is: a key, or the keys on the way to it. */
  prop: PropertyAccessor | PropertyAccessor[];
};

/** A column: a key, the keys on the way to a nested value, or either with a header. */
export type Column = ColumnDetails | PropertyAccessor | PropertyAccessor[];

/** A row: an object or an array. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

/** Options for {@linkcode stringify}. */
export type StringifyOptions = {
  /**
   * Whether the first line gives the columns' headers, if there are columns.
   *
   * @default {true}
   */
  headers?: boolean;
  /**
   * What stands between two fields.
   *
   * @default {","}
   */
  separator?: string;
  /**
   * Which values to write, and under which headers. Objects need it; of arrays
   * all values are written without it.
   *
   * @default {[]}
   */
  columns?: readonly Column[];
  /**
   * Whether the text starts with a byte-order mark, by which Excel knows UTF-8.
   *
   * @default {false}
   */
  bom?: boolean;
};

const LINE_END = "\r\n";
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Writes rows as CSV, each line ended by `\r\n`.
 *
 * `null` and `undefined` become empty fields, objects their JSON, everything
 * else its text. A field is put in quotes if it contains the separator, a quote
 * or `\n`; formulas are written as they are.
 *
 * @param data The rows.
 * @param options What to write and how.
 * @returns The text.
 * @throws {TypeError} If the separator contains a quote or `\r\n`, if rows are
 * objects and there are no columns, or if a column asks an array for a key that is
 * no number.
 *
 * @example
 * ```ts
 * import { stringify } from "@std/csv";
 * import { assertEquals } from "@std/assert";
 *
 * const runs = [{ name: "lora", loss: { test: 0.5 } }, { name: "full, tuned", loss: { test: 0.4 } }];
 * assertEquals(
 *   stringify(runs, { columns: ["name", { prop: ["loss", "test"], header: "test loss" }] }),
 *   'name,test loss\r\nlora,0.5\r\n"full, tuned",0.4\r\n',
 * );
 * ```
 */
export function stringify(
  data: readonly DataItem[],
  options?: StringifyOptions,
): string {
  const { headers = true, separator = ",", columns = [], bom = false } = options ?? {};
  if (separator.includes('"') || separator.includes(LINE_END)) {
    throw new TypeError(
      "Separator cannot include the following strings:\n" +
        '  - U+0022: Quotation mark (")\n' +
        "  - U+000D U+000A: Carriage Return + Line Feed (\\r\\n)",
    );
  }
  const paths = columns.map(pathOf);
  const rows = data.map((item) => paths.length > 0 ? pick(item, paths) : all(item));
  if (headers && paths.length > 0) rows.unshift(columns.map(headerOf));
  const lines = rows.map((row) => row.map((value) => field(value, separator)).join(separator));
  return (bom ? BYTE_ORDER_MARK : "") +
    lines.map((line) => line + LINE_END).join("");
}

function pathOf(column: Column): readonly PropertyAccessor[] {
  const where = typeof column === "object" && !Array.isArray(column) ? column.prop : column;
  return Array.isArray(where) ? where : [where];
}

function headerOf(column: Column): string {
  const given = typeof column === "object" && !Array.isArray(column) ? column.header : undefined;
  return typeof given === "string" ? given : String(pathOf(column).at(-1));
}

/** The values of an array. */
function all(item: DataItem): unknown[] {
  if (Array.isArray(item)) return [...item];
  if (typeof item !== "object") return [item];
  throw new TypeError("No property accessor function was provided for object");
}

/** The values at the end of each path; where a path stops at a plain value, that value. */
function pick(
  item: DataItem,
  paths: readonly (readonly PropertyAccessor[])[],
): unknown[] {
  return paths.map((path) =>
    path.reduce<unknown>((value, key) => {
      if (typeof value !== "object" || value === null) return value;
      if (Array.isArray(value) && typeof key !== "number") {
        throw new TypeError('Property accessor is not of type "number"');
      }
      return (value as Record<PropertyAccessor, unknown>)[key];
    }, item)
  );
}

function field(value: unknown, separator: string): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const quoted = [separator, "\n", '"'].some((part) => text.includes(part));
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}
