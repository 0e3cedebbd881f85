import type { Dropped } from "./csv.ts";
import type { PackageFile } from "./data_package.ts";

/** A record as it stands in a JSON file: nothing is known of it yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * Reads one record from each JSON file, dropping those that are not as expected.
 *
 * @typeParam Row What a good record holds.
 * @param files The files, each one record.
 * @param read Makes a row of a record, and throws when it can't.
 * @returns The rows in the order of the files, and what was dropped.
 */
export function readJsonRecords<Row>(
  files: readonly PackageFile[],
  read: (record: JsonRecord) => Row,
): { rows: Row[]; dropped: Dropped[] } {
  const decoder = new TextDecoder();
  return readRecords(files, ({ bytes }) => read(JSON.parse(decoder.decode(bytes))));
}

/**
 * Makes a row of each record, dropping and reporting those where that fails.
 *
 * @typeParam Item What a record is.
 * @typeParam Row What a good record holds.
 */
export function readRecords<Item, Row>(
  items: readonly Item[],
  read: (item: Item) => Row,
): { rows: Row[]; dropped: Dropped[] } {
  const rows: Row[] = [];
  const dropped: Dropped[] = [];
  for (const [index, item] of items.entries()) {
    try {
      rows.push(read(item));
    } catch (error) {
      dropped.push({ index, reason: (error as Error).message });
    }
  }
  return { rows, dropped };
}

/**
 * A text that is there and not blank.
 *
 * @throws {TypeError} When it is not.
 */
export function nonEmpty(field: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new TypeError(`${field}: Expected a text but found ${JSON.stringify(value) ?? "nothing"}`);
}
