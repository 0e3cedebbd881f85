import type { Key } from "./splits/fold.ts";

/**
 * Numbers classes: models compute with 0, 1, 2 …, people with names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LabelEncoder } from "@tunebook/data";
 *
 * const labels = LabelEncoder.fit(["spam", "ham", "spam"]);
 * assertEquals(labels.classes, ["ham", "spam"]);
 * assertEquals(labels.encode("spam"), 1);
 * assertEquals(labels.decode(0), "ham");
 * ```
 */
export class LabelEncoder<L extends Key = Key> {
  /** The classes; each one's number is its position. */
  readonly classes: readonly L[];
  readonly #numbers: ReadonlyMap<L, number>;

  /**
   * Numbers the classes in the order given.
   *
   * @param classes The classes in the order of their numbers.
   * @throws {RangeError} If a class stands there twice, or there is none.
   */
  constructor(classes: readonly L[]) {
    if (classes.length === 0) throw new RangeError("Expected at least one class but found none");
    this.classes = [...classes];
    this.#numbers = new Map(classes.map((label, i) => [label, i]));
    if (this.#numbers.size !== classes.length) {
      throw new RangeError(`Expected each class once but found ${classes.join(", ")}`);
    }
  }

  /** Takes the classes that occur, sorted, so that the numbers don't hang on the records' order. */
  static fit<L extends Key>(labels: Iterable<L>): LabelEncoder<L> {
    return new LabelEncoder([...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  /**
   * The number of a class.
   *
   * @throws {RangeError} If the class is unknown; it lists the known ones.
   */
  encode(label: L): number {
    const number = this.#numbers.get(label);
    if (number === undefined) {
      throw new RangeError(
        `Expected one of the classes ${this.classes.slice(0, 20).join(", ")} but found ${label}; ` +
          `was the encoder fitted on data without it?`,
      );
    }
    return number;
  }

  /**
   * The class of a number.
   *
   * @throws {RangeError} If there is no such class.
   */
  decode(number: number): L {
    const label = this.classes[number];
    if (label === undefined) {
      throw new RangeError(
        `Expected a number from 0 to ${this.classes.length - 1} but found ${number}`,
      );
    }
    return label;
  }
}
