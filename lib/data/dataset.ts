import { parse, stringify } from "@std/csv";
import { Random } from "@tunebook/tensor";

/**
 * A list of records of one type, with what one does to data before training. Nothing changes a data
 * set in place: each operation returns a new one, which shares the records.
 *
 * @typeParam T What a record holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Dataset } from "@tunebook/data";
 *
 * const mails = Dataset.from([
 *   { text: "Lunch at noon?", label: "ham" },
 *   { text: "Buy pills today!", label: "spam" },
 * ]);
 * assertEquals(mails.filter((mail) => mail.label === "spam").length, 1);
 * assertEquals(mails.column("label"), ["ham", "spam"]);
 * ```
 */
export class Dataset<T> implements Iterable<T> {
  readonly #records: readonly T[];

  private constructor(records: readonly T[]) {
    this.#records = records;
  }

  /** A data set of the given records, in their order. */
  static from<T>(records: Iterable<T>): Dataset<T> {
    return new Dataset([...records]);
  }

  /**
   * Reads CSV with a header line; each record has a string for every column.
   *
   * @param csv The text of the file.
   * @returns The records.
   * @throws {SyntaxError} If a row has another number of fields than the header; it names the line.
   */
  static fromCsv(csv: string): Dataset<Record<string, string>> {
    return new Dataset(parse(csv, { skipFirstRow: true }) as Record<string, string>[]);
  }

  /**
   * Reads JSON Lines: one JSON value a line; empty lines are skipped.
   *
   * @typeParam T What a record is known to hold; it isn't checked.
   * @param jsonl The text of the file.
   * @returns The records.
   * @throws {SyntaxError} If a line isn't JSON; it names the line.
   */
  static fromJsonl<T = unknown>(jsonl: string): Dataset<T> {
    return new Dataset(
      jsonl.split("\n").flatMap((line, i) => {
        if (line.trim() === "") return [];
        try {
          return [JSON.parse(line) as T];
        } catch (error) {
          throw new SyntaxError(
            `Expected one JSON value a line but found on line ${i + 1}: ${line.slice(0, 60)}`,
            { cause: error },
          );
        }
      }),
    );
  }

  /** How many records there are. */
  get length(): number {
    return this.#records.length;
  }

  /**
   * One record; negative positions count from the end.
   *
   * @throws {RangeError} If there is no such record.
   */
  at(position: number): T {
    const length = this.length;
    if (!Number.isInteger(position) || position < -length || position >= length) {
      throw new RangeError(
        length === 0
          ? `Expected a record at ${position} but found an empty data set`
          : `Expected a position from ${-length} to ${length - 1} but found ${position}`,
      );
    }
    return this.#records.at(position)!;
  }

  /** Goes through the records in order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#records[Symbol.iterator]();
  }

  /** The records as an array of its own. */
  toArray(): T[] {
    return [...this.#records];
  }

  /** What `transform` makes of each record. */
  map<U>(transform: (record: T, position: number) => U): Dataset<U> {
    return new Dataset(this.#records.map(transform));
  }

  /** The records for which `keep` holds. */
  filter(keep: (record: T, position: number) => boolean): Dataset<T> {
    return new Dataset(this.#records.filter(keep));
  }

  /**
   * The records at the given positions, in the order given: the part of a split, or a re-sampling.
   *
   * @throws {RangeError} If a position has no record.
   */
  select(positions: Iterable<number>): Dataset<T> {
    return new Dataset(Array.from(positions, (position) => this.at(position)));
  }

  /** The first `count` records, or all if there are fewer. */
  take(count: number): Dataset<T> {
    return new Dataset(this.#records.slice(0, Math.max(0, count)));
  }

  /** The records in an order drawn by `seed`. */
  shuffle(seed: number): Dataset<T> {
    return this.select(new Random(seed).permutation(this.length));
  }

  /** These records, then those of the others. */
  concat(...others: Dataset<T>[]): Dataset<T> {
    return new Dataset([this, ...others].flatMap((dataset) => dataset.toArray()));
  }

  /**
   * The records in runs of `size`; the last may be shorter.
   *
   * @throws {RangeError} If `size` is no positive integer.
   */
  batch(size: number): T[][] {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`Expected a batch size that is an integer above 0 but found ${size}`);
    }
    return Array.from(
      { length: Math.ceil(this.length / size) },
      (_, i) => this.#records.slice(i * size, (i + 1) * size),
    );
  }

  /** One field of every record. */
  column<K extends keyof T>(field: K): T[K][] {
    return this.#records.map((record) => record[field]);
  }

  /**
   * The records as CSV with a header line.
   *
   * @param columns The fields to write. Default: those of the first record.
   * @returns The text of the file.
   * @throws {TypeError} If there is no record to take the fields from.
   */
  toCsv(columns?: readonly (keyof T & string)[]): string {
    const first = this.#records[0];
    if (columns === undefined && (typeof first !== "object" || first === null)) {
      throw new TypeError(
        `Expected records with fields but found ${first === undefined ? "none" : typeof first}; ` +
          `name the columns`,
      );
    }
    const fields = columns ?? Object.keys(first as object);
    return stringify(this.#records as readonly Record<string, unknown>[], { columns: fields });
  }

  /** The records as JSON Lines. */
  toJsonl(): string {
    return this.#records.map((record) => `${JSON.stringify(record)}\n`).join("");
  }
}
