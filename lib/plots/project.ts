/** How to bring vectors down to two numbers each. */
export interface ProjectionOptions {
  /**
   * `"pca"` keeps the two directions in which the vectors differ most: straight, quick, distances
   * mean something. `"umap"` keeps neighbours together and shows clusters, but neither their sizes
   * nor the gaps between them mean anything. Default: `"pca"`.
   */
  method?: "pca" | "umap";
  /** UMAP: how many neighbours each point keeps. Default: 15. */
  neighbors?: number;
  /** UMAP: seed of its draws. Default: 0. */
  seed?: number;
}

/** Vectors in the plane. */
export interface Projection {
  /** A point for each vector. */
  points: [x: number, y: number][];
  /** PCA: the share of the variance that each axis shows. */
  variance?: [number, number];
}

/**
 * Brings vectors down to points in the plane, with
 * [ml-pca](https://github.com/mljs/pca) or [umap-js](https://github.com/PAIR-code/umap-js).
 *
 * @param vectors All of one length.
 * @param options The method.
 * @returns A point for each vector; the same for the same vectors and seed.
 * @throws {RangeError} If there are fewer than three vectors, their lengths differ or are below 2.
 *
 * @example
 * ```ts
 * import { project } from "@tunebook/plots";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { points, variance } = await project([[0, 0, 1], [1, 1, 1], [2, 2, 1]]);
 * assertAlmostEquals(points[2]![0] - points[0]![0], Math.hypot(2, 2), 1e-6);
 * assertAlmostEquals(variance![0], 1, 1e-6); // they lie on a line
 * ```
 */
export async function project(
  vectors: readonly ArrayLike<number>[],
  options: ProjectionOptions = {},
): Promise<Projection> {
  const [first] = vectors;
  const length = first?.length ?? 0;
  if (vectors.length < 3 || length < 2 || vectors.some((vector) => vector.length !== length)) {
    throw new RangeError(
      "Expected at least 3 vectors of one length of at least 2 but found " +
        `${vectors.length} of ${[...new Set(vectors.map((vector) => vector.length))].join(", ")}`,
    );
  }
  const rows = vectors.map((vector) => Array.from(vector));
  return options.method === "umap" ? { points: await umap(rows, options) } : await pca(rows);
}

// Both libraries are loaded when they are first wanted: most cells that plot don't want them.

async function pca(rows: number[][]): Promise<Projection> {
  const { PCA } = await import("ml-pca");
  const analysis = new PCA(rows, { method: "covarianceMatrix" });
  const points = analysis.predict(rows, { nComponents: 2 }).to2DArray() as [number, number][];
  // Which way an axis points is anybody's choice: here the farthest point is on the positive side.
  const signs = [0, 1].map((axis) => {
    const farthest = points.reduce((far, { [axis]: x = 0 }) =>
      // Of points equally far away, whatever the last digits say, the last.
      Math.abs(x) >= Math.abs(far) * (1 - 1e-9) ? x : far, 0);
    return farthest < 0 ? -1 : 1;
  });
  const [x = 0, y = 0] = analysis.getExplainedVariance();
  return {
    points: points.map((point) => [point[0] * signs[0]!, point[1] * signs[1]!]),
    variance: [x, y],
  };
}

async function umap(
  rows: number[][],
  { neighbors = 15, seed = 0 }: ProjectionOptions,
): Promise<[number, number][]> {
  const { UMAP } = await import("umap-js");
  const nNeighbors = Math.min(neighbors, rows.length - 1);
  return new UMAP({ nNeighbors, random: mulberry32(seed) }).fit(rows) as [number, number][];
}

/** A small generator of random numbers (Tommy Ettinger's mulberry32): umap-js asks for a function. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
