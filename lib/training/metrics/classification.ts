/** A class, as a data set names it. */
export type Label = string | number | boolean;

/** How per-class figures become one: over all decisions, over classes, or by class size. */
export type Average = "micro" | "macro" | "weighted";

/** How often each class was taken for each. */
export interface ConfusionMatrix<L extends Label = Label> {
  /** The classes, in the order of rows and columns. */
  labels: L[];
  /** `counts[i][j]` records of class `labels[i]` were predicted as `labels[j]`. */
  counts: number[][];
}

/** Precision, recall and F1 of one class. */
export interface ClassScores<L extends Label = Label> {
  /** The class. */
  label: L;
  /** Of what was predicted as this class, the share that is. 0 if nothing was. */
  precision: number;
  /** Of what is this class, the share that was found. 0 if nothing is. */
  recall: number;
  /** Harmonic mean of precision and recall. 0 if both are. */
  f1: number;
  /** How many records are of this class. */
  support: number;
}

/**
 * The share of predictions that are right, 0 to 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accuracy } from "@tunebook/training";
 *
 * assertEquals(accuracy(["ham", "spam", "ham", "ham"], ["ham", "spam", "spam", "ham"]), 0.75);
 * ```
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @returns The share.
 * @throws {RangeError} If there is no record, or the lists differ in length.
 */
export function accuracy(actual: ArrayLike<Label>, predicted: ArrayLike<Label>): number {
  checkPairs(actual, predicted);
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] === predicted[i]) right++;
  return right / actual.length;
}

/**
 * Counts how often each class was taken for each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { confusionMatrix } from "@tunebook/training";
 *
 * const { labels, counts } = confusionMatrix(["b", "a", "b"], ["b", "b", "b"]);
 * assertEquals(labels, ["a", "b"]);
 * assertEquals(counts, [[0, 1], [0, 2]]);
 * ```
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @param labels The order of the classes. Default: all that occur, sorted.
 * @returns The matrix, rows for true classes and columns for predicted ones.
 * @throws {RangeError} If there is no record, the lists differ in length, or a class isn't listed.
 */
export function confusionMatrix<L extends Label>(
  actual: ArrayLike<L>,
  predicted: ArrayLike<L>,
  labels?: readonly L[],
): ConfusionMatrix<L> {
  checkPairs(actual, predicted);
  const order = labels ? [...labels] : [...new Set([...toArray(actual), ...toArray(predicted)])]
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const position = new Map(order.map((label, i) => [label, i]));
  const counts = order.map(() => order.map(() => 0));
  for (let i = 0; i < actual.length; i++) {
    const row = position.get(actual[i]!), column = position.get(predicted[i]!);
    if (row === undefined || column === undefined) {
      throw new RangeError(
        `Expected only the labels ${order.join(", ")} but found ` +
          `${row === undefined ? actual[i] : predicted[i]} at record ${i}`,
      );
    }
    counts[row]![column]!++;
  }
  return { labels: order, counts };
}

/**
 * Precision, recall and F1 of every class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classScores } from "@tunebook/training";
 *
 * const [ham, spam] = classScores(["ham", "ham", "spam"], ["ham", "spam", "spam"]);
 * assertEquals(ham, { label: "ham", precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
 * assertEquals(spam, { label: "spam", precision: 0.5, recall: 1, f1: 2 / 3, support: 1 });
 * ```
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @param labels The order of the classes. Default: all that occur, sorted.
 * @returns One entry a class.
 * @throws {RangeError} As {@linkcode confusionMatrix}.
 */
export function classScores<L extends Label>(
  actual: ArrayLike<L>,
  predicted: ArrayLike<L>,
  labels?: readonly L[],
): ClassScores<L>[] {
  const matrix = confusionMatrix(actual, predicted, labels);
  return matrix.labels.map((label, i) => {
    const hits = matrix.counts[i]![i]!;
    const support = sum(matrix.counts[i]!);
    const claimed = sum(matrix.counts.map((row) => row[i]!));
    return {
      label,
      precision: ratio(hits, claimed),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, claimed + support),
      support,
    };
  });
}

/**
 * F1 over all classes, 0 to 1.
 *
 * `"macro"` counts every class the same, so that a rare one matters; `"weighted"` counts each by its
 * records; `"micro"` counts every decision, which for one label a record is the accuracy.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { f1 } from "@tunebook/training";
 *
 * assertAlmostEquals(f1(["a", "a", "a", "b"], ["a", "a", "a", "a"], "macro"), 3 / 7);
 * ```
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @param average How the classes become one figure. Default: `"macro"`.
 * @returns The mean F1.
 * @throws {RangeError} If there is no record, or the lists differ in length.
 */
export function f1(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  average: Average = "macro",
): number {
  return averaged(actual, predicted, average, "f1");
}

/**
 * Precision over all classes, 0 to 1, averaged as {@linkcode f1}.
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @param average How the classes become one figure. Default: `"macro"`.
 * @returns The mean precision.
 * @throws {RangeError} If there is no record, or the lists differ in length.
 */
export function precision(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  average: Average = "macro",
): number {
  return averaged(actual, predicted, average, "precision");
}

/**
 * Recall over all classes, 0 to 1, averaged as {@linkcode f1}. The macro average is also called
 * balanced accuracy.
 *
 * @param actual The true classes.
 * @param predicted The predicted ones, in the same order.
 * @param average How the classes become one figure. Default: `"macro"`.
 * @returns The mean recall.
 * @throws {RangeError} If there is no record, or the lists differ in length.
 */
export function recall(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  average: Average = "macro",
): number {
  return averaged(actual, predicted, average, "recall");
}

function averaged(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  average: Average,
  score: "precision" | "recall" | "f1",
): number {
  // With one label a record, every wrong decision is one false alarm and one miss.
  if (average === "micro") return accuracy(actual, predicted);
  const scores = classScores(actual, predicted);
  return average === "macro"
    ? sum(scores.map((entry) => entry[score])) / scores.length
    : sum(scores.map((entry) => entry[score] * entry.support)) / actual.length;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const toArray = <T>(values: ArrayLike<T>): T[] => Array.from(values);

/** Checks that there is one prediction a record, and a record at all. */
export function checkPairs(actual: ArrayLike<unknown>, predicted: ArrayLike<unknown>): void {
  if (actual.length !== predicted.length || actual.length === 0) {
    throw new RangeError(
      `Expected one prediction for each of at least one record but found ${actual.length} ` +
        `records and ${predicted.length} predictions`,
    );
  }
}
