import { displayWidth, formatCell } from "./format.ts";
import { escapeHtml } from "./html.ts";

/** Rows and columns, ready to be written as text or as HTML. */
export interface Table {
  /** The columns' names, in order. */
  columns: string[];
  /** One list of cells for each row shown. */
  rows: unknown[][];
  /** How many rows there are, shown or not. */
  total: number;
}

/** How many rows to take, and which columns. */
export interface TableOptions {
  /** How many rows to show. @default {20} */
  limit?: number;
  /** Which columns to show, in this order; for rows that are arrays, the columns' names. */
  columns?: string[];
  /** How many significant digits numbers get. @default {6} */
  digits?: number;
}

type Fields = Record<string, unknown>;

/**
 * Reads a value as a table: an array (of records, of arrays, of plain values), a typed array, a Map,
 * a Set or a record (of records, of plain values).
 *
 * @returns The table, or undefined if the value has no rows.
 */
export function toTable(value: unknown, options: TableOptions = {}): Table | undefined {
  const entries = toEntries(value, options.limit ?? 20);
  if (entries === undefined) return undefined;
  const { shown, total } = entries;
  const values = shown.map(([, item]) => item);
  const keyed = entries.key !== undefined;
  const withKey = (columns: string[]) => keyed ? [entries.key!, ...columns] : columns;

  if (values.length > 0 && values.every(isRecord)) {
    const columns = options.columns ?? [...new Set(values.flatMap((row) => Object.keys(row)))];
    const rows = shown.map(([key, row]) => {
      const cells = columns.map((column) => (row as Fields)[column]);
      return keyed ? [key, ...cells] : cells;
    });
    return { columns: withKey(columns), rows, total };
  }
  if (values.length > 0 && values.every(isList)) {
    const lists = values.map((row) => Array.from(row));
    const width = Math.max(...lists.map((row) => row.length));
    const columns = options.columns ?? Array.from({ length: width }, (_, i) => String(i));
    const rows = lists.map((row, i) => {
      const cells = columns.map((_, column) => row[column]);
      return keyed ? [shown[i]![0], ...cells] : cells;
    });
    return { columns: withKey(columns), rows, total };
  }
  return { columns: [entries.key ?? "#", "value"], rows: shown, total };
}

/** The first rows of a value: each a key (or a number) and what it holds. */
interface Entries {
  /** What the keys are called; rows that are merely numbered have none. */
  key?: string;
  shown: [unknown, unknown][];
  total: number;
}

function toEntries(value: unknown, limit: number): Entries | undefined {
  if (isList(value)) {
    // A data set may have millions of rows: only those shown are touched.
    const length = Math.min(limit, value.length);
    return { shown: Array.from({ length }, (_, i) => [i, value[i]]), total: value.length };
  }
  if (value instanceof Set) {
    const shown = [...value.values().take(limit)].map((item, i): [unknown, unknown] => [i, item]);
    return { shown, total: value.size };
  }
  if (value instanceof Map) {
    return { key: "key", shown: [...value.entries().take(limit)], total: value.size };
  }
  if (!isRecord(value)) return undefined;
  const all = Object.entries(value);
  return { key: "key", shown: all.slice(0, limit), total: all.length };
}

function isList(value: unknown): value is ArrayLike<unknown> & Iterable<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** "… 37 more", or an empty text if every row is shown. */
function remainder({ rows, total }: Table): string {
  return total > rows.length ? `… ${total - rows.length} more` : "";
}

/** Which columns hold numbers only, and are therefore set flush right. */
function numericColumns({ columns, rows }: Table): boolean[] {
  const isNumber = (cell: unknown) =>
    cell === undefined || typeof cell === "number" || typeof cell === "bigint";
  return columns.map((_, i) => rows.length > 0 && rows.every((row) => isNumber(row[i])));
}

/** A table in lines of text with aligned columns. */
export function tableToText(table: Table, digits?: number): string {
  const right = numericColumns(table);
  const cells = table.rows.map((row) =>
    table.columns.map((_, i) => formatCell(row[i], digits).replaceAll(/\s+/g, " "))
  );
  const widths = table.columns.map((name, i) =>
    Math.max(displayWidth(name), ...cells.map((row) => displayWidth(row[i]!)))
  );
  const line = (row: string[]) =>
    row.map((text, i) => {
      const padding = " ".repeat(widths[i]! - displayWidth(text));
      return right[i] ? padding + text : text + padding;
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(table.columns), rule, ...cells.map(line), remainder(table)]
    .filter((text) => text !== "").join("\n");
}

/** A table as HTML, left to the front end's own style but for the alignment of numbers. */
export function tableToHtml(table: Table, digits?: number): string {
  const right = numericColumns(table);
  const align = (i: number) => ` style="text-align:${right[i] ? "right" : "left"}"`;
  const head = table.columns.map((name, i) => `<th${align(i)}>${escapeHtml(name)}</th>`).join("");
  const body = table.rows.map((row) =>
    `<tr>${
      table.columns.map((_, i) => `<td${align(i)}>${escapeHtml(formatCell(row[i], digits))}</td>`)
        .join("")
    }</tr>`
  ).join("\n");
  const more = remainder(table);
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table>` +
    (more === "" ? "" : `\n<div>${more}</div>`);
}
