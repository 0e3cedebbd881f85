import type { Figure } from "./figure.ts";
import type { Projection } from "./project.ts";

/** What to say about the points of an embedding chart. */
export interface EmbeddingOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** The class of each point: a colour and a shape each. */
  labels?: readonly (string | number | boolean)[];
  /** What to show beside each point under the pointer. */
  hover?: readonly string[];
}

/** Classes differ by shape as well, for those who tell colours apart with difficulty. */
const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "cross", "x", "star"];

/**
 * Vectors as points in the plane; those that lie close are alike.
 *
 * @param projection What `project` gave.
 * @param options Title, classes, texts.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there are more or fewer labels or texts than points.
 *
 * @example
 * ```ts
 * import { embeddingChart, project } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const projection = await project([[0, 1], [1, 0], [5, 5]]);
 * const figure = embeddingChart(projection, { labels: ["near", "near", "far"] });
 * assertEquals(figure.data.map(({ name }) => name), ["near", "far"]);
 * ```
 */
export function embeddingChart(projection: Projection, options: EmbeddingOptions = {}): Figure {
  const { points, variance } = projection;
  const { title, labels, hover } = options;
  for (const [name, list] of Object.entries({ labels, hover })) {
    if (list !== undefined && list.length !== points.length) {
      throw new RangeError(
        `Expected ${points.length} ${name}, one a point, but found ${list.length}`,
      );
    }
  }
  const classes = labels === undefined ? [undefined] : [...new Set(labels)];
  const axis = (i: 0 | 1) => ({
    title: {
      text: variance === undefined
        ? ""
        : `component ${i + 1} (${percent(variance[i])} of variance)`,
    },
    zeroline: false,
    ...(variance === undefined ? { showticklabels: false, ticks: "" } : {}),
  });
  return {
    data: classes.map((label, i) => {
      const mine = points.flatMap((_, j) => labels === undefined || labels[j] === label ? [j] : []);
      return {
        type: "scatter",
        mode: "markers",
        ...(label === undefined ? {} : { name: String(label) }),
        x: mine.map((j) => points[j]![0]),
        y: mine.map((j) => points[j]![1]),
        ...(hover ? { text: mine.map((j) => hover[j]!), hoverinfo: "text" } : {}),
        marker: { symbol: SYMBOLS[i % SYMBOLS.length]!, size: 7, opacity: 0.8 },
      };
    }),
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      xaxis: axis(0),
      // One unit is as long up as across: otherwise distances would deceive.
      yaxis: { ...axis(1), scaleanchor: "x" },
    },
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
