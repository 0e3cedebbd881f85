/**
 * Reading and writing CSV: `parse` and `stringify` of JSR's `@std/csv`, small
 * and with nothing to download, for networks that do not reach JSR. Both behave
 * as std's. Without the `links` line of the project's `deno.json`, JSR's own
 * package takes their place.
 *
 * @example
 * ```ts
 * import { parse, stringify } from "@std/csv";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ text: 'a "good" one', label: 1 }];
 * const csv = stringify(rows, { columns: ["text", "label"] });
 * assertEquals(parse(csv, { skipFirstRow: true }), [{ text: 'a "good" one', label: "1" }]);
 * ```
 *
 * @module
 */
export { parse, type ParseOptions } from "./parse.ts";
export type { ParseResult, RecordWithColumn } from "./parse_result.ts";
export {
  type Column,
  type ColumnDetails,
  type DataItem,
  type PropertyAccessor,
  stringify,
  type StringifyOptions,
} from "./stringify.ts";
