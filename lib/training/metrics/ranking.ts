import { checkPairs } from "./classification.ts";

/** One point a threshold: `x[i]` and `y[i]` hold when everything from `thresholds[i]` up is positive. */
export interface Curve {
  /** False-positive rate (ROC) or recall (precision-recall). */
  x: number[];
  /** True-positive rate (ROC) or precision (precision-recall). */
  y: number[];
  /** The lowest score taken for positive; Infinity where none is. */
  thresholds: number[];
}

/**
 * The ROC curve: true-positive rate against false-positive rate as the threshold falls.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rocCurve } from "@tunebook/training";
 *
 * const { x, y } = rocCurve([false, true, true], [0.1, 0.4, 0.8]);
 * assertEquals([x, y], [[0, 0, 0, 1], [0, 0.5, 1, 1]]);
 * ```
 *
 * @param actual Whether each record is positive.
 * @param scores How positive each was judged; only the order matters.
 * @returns The curve, from (0, 0) to (1, 1).
 * @throws {RangeError} If the lists differ in length, a score is NaN, or one class has no record.
 */
export function rocCurve(actual: ArrayLike<boolean>, scores: ArrayLike<number>): Curve {
  const { thresholds, hits, alarms, positives, negatives } = sweep(actual, scores);
  if (negatives === 0) {
    throw new RangeError("Expected records of both classes but found only positive ones");
  }
  return {
    x: [0, ...alarms.map((count) => count / negatives)],
    y: [0, ...hits.map((count) => count / positives)],
    thresholds: [Infinity, ...thresholds],
  };
}

/**
 * Area under the ROC curve: the chance that a random positive scores above a random negative, ties
 * counted half. 0.5 is guessing, 1 is perfect order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rocAuc } from "@tunebook/training";
 *
 * assertEquals(rocAuc([false, true, false, true], [0.1, 0.3, 0.35, 0.8]), 0.75);
 * ```
 *
 * @param actual Whether each record is positive.
 * @param scores How positive each was judged.
 * @returns The area, 0 to 1.
 * @throws {RangeError} As {@linkcode rocCurve}.
 */
export function rocAuc(actual: ArrayLike<boolean>, scores: ArrayLike<number>): number {
  const { x, y } = rocCurve(actual, scores);
  let area = 0;
  for (let i = 1; i < x.length; i++) area += (x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!) / 2;
  return area;
}

/**
 * The precision-recall curve, which unlike ROC shows what many easy negatives hide.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { precisionRecallCurve } from "@tunebook/training";
 *
 * const { x, y } = precisionRecallCurve([false, true, true], [0.5, 0.4, 0.8]);
 * assertEquals([x, y], [[0, 0.5, 0.5, 1], [1, 1, 0.5, 2 / 3]]);
 * ```
 *
 * @param actual Whether each record is positive.
 * @param scores How positive each was judged.
 * @returns Recall as x and precision as y, from recall 0 (where precision is set to 1) to 1.
 * @throws {RangeError} If the lists differ in length, a score is NaN, or no record is positive.
 */
export function precisionRecallCurve(
  actual: ArrayLike<boolean>,
  scores: ArrayLike<number>,
): Curve {
  const { thresholds, hits, alarms, positives } = sweep(actual, scores);
  return {
    x: [0, ...hits.map((count) => count / positives)],
    y: [1, ...hits.map((count, i) => count / (count + alarms[i]!))],
    thresholds: [Infinity, ...thresholds],
  };
}

/**
 * Average precision: the mean precision over the steps of recall.
 *
 * @param actual Whether each record is positive.
 * @param scores How positive each was judged.
 * @returns The average, 0 to 1.
 * @throws {RangeError} As {@linkcode precisionRecallCurve}.
 */
export function averagePrecision(actual: ArrayLike<boolean>, scores: ArrayLike<number>): number {
  const { x, y } = precisionRecallCurve(actual, scores);
  let average = 0;
  for (let i = 1; i < x.length; i++) average += (x[i]! - x[i - 1]!) * y[i]!;
  return average;
}

/** Lowers the threshold over the distinct scores and counts what lies at or above it. */
function sweep(actual: ArrayLike<boolean>, scores: ArrayLike<number>) {
  checkPairs(actual, scores);
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const thresholds: number[] = [], hits: number[] = [], alarms: number[] = [];
  let positives = 0, negatives = 0;
  order.forEach((record, i) => {
    const score = scores[record]!;
    if (Number.isNaN(score)) {
      throw new RangeError(`Expected a score for each record but found NaN at record ${record}`);
    }
    if (actual[record]) positives++;
    else negatives++;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== score) {
      thresholds.push(score), hits.push(positives), alarms.push(negatives);
    }
  });
  if (positives === 0) {
    throw new RangeError("Expected at least one positive record but found none");
  }
  return { thresholds, hits, alarms, positives, negatives };
}
