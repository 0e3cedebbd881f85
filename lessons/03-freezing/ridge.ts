/**
 * A linear classifier by least squares, ridge regression: quick, and with one solution.
 *
 * @module
 */

/**
 * For each class a line that should give 1 for its examples and 0 for others, its weights held small:
 * the minimum of `Σ (W x - y)² + penalty · |W|²`.
 *
 * It is found through the products of the examples with each other, since there are fewer examples
 * than features (Hastie, Tibshirani & Friedman, "The Elements of Statistical Learning", 18.3.5).
 *
 * @param rows The examples, each feature with mean 0.
 * @param labels Their classes, from 0.
 * @param classes How many classes there are.
 * @param penalties How strongly the weights are held small.
 * @returns For each penalty what gives the class of a vector.
 */
export function ridge(
  rows: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
  penalties: readonly number[],
): ((vector: Float64Array) => number)[] {
  const names = Array.from({ length: classes }, (_, name) => name);
  const shares = names.map((name) => labels.filter((label) => label === name).length / rows.length);
  const products = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)));
  return penalties.map((penalty) => {
    const solve = solver(products, penalty);
    const weights = names.map((name) => {
      const parts = solve(labels.map((label) => (label === name ? 1 : 0) - shares[name]!));
      return rows[0]!.map((_, i) => parts.reduce((sum, part, n) => sum + part * rows[n]![i]!, 0));
    });
    return (vector) => {
      const scores = weights.map((weight, name) => dot(weight, vector) + shares[name]!);
      return scores.reduce((best, score, name) => score > scores[best]! ? name : best, 0);
    };
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves `(matrix + penalty · I) x = y` for any `y`, by Cholesky's decomposition. */
function solver(
  matrix: readonly Float64Array[],
  penalty: number,
): (y: readonly number[]) => number[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (const [i, row] of lower.entries()) {
    for (let j = 0; j <= i; j++) {
      const other = lower[j]!;
      let rest = matrix[i]![j]! + (i === j ? penalty : 0);
      for (let k = 0; k < j; k++) rest -= row[k]! * other[k]!;
      row[j] = i === j ? Math.sqrt(rest) : rest / other[j]!;
    }
  }
  return (y) => {
    const x = [...y];
    for (const [i, row] of lower.entries()) {
      for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!;
      x[i]! /= row[i]!;
    }
    for (let i = x.length - 1; i >= 0; i--) {
      for (let k = i + 1; k < x.length; k++) x[i]! -= lower[k]![i]! * x[k]!;
      x[i]! /= lower[i]![i]!;
    }
    return x;
  };
}
