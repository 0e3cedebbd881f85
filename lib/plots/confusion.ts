import { colorBar, SEQUENTIAL } from "./color_scales.ts";
import type { Figure } from "./figure.ts";

/** How often each class was taken for each, as `confusionMatrix` of `@tunebook/training` counts. */
export interface Confusion {
  /** The classes. */
  readonly labels: readonly (string | number | boolean)[];
  /** `counts[i][j]` records of class i were predicted as class j. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * A confusion matrix: each row a class, its cells what its records were taken for. Colours are
 * shares of the row, so that rare classes show as well; the numbers are counts.
 *
 * @param confusion Classes and counts.
 * @param options The title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If the counts aren't a square with a row for each class.
 *
 * @example
 * ```ts
 * import { confusionChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = confusionChart({ labels: ["ham", "spam"], counts: [[9, 1], [0, 2]] });
 * assertEquals(figure.data[0]?.z, [[0, 1], [0.9, 0.1]]); // the last class is drawn first, below
 * ```
 */
export function confusionChart(confusion: Confusion, options: { title?: string } = {}): Figure {
  const { labels, counts } = confusion;
  if (counts.length !== labels.length || counts.some((row) => row.length !== labels.length)) {
    throw new RangeError(
      `Expected ${labels.length} rows of ${labels.length} counts but found ${counts.length} of ${
        counts.map((row) => row.length).join(", ")
      }`,
    );
  }
  const names = labels.map(String);
  const rows = counts.map((row) => ({ row, total: row.reduce((sum, count) => sum + count, 0) }));
  const upward = rows.toReversed();
  return {
    data: [{
      type: "heatmap",
      x: names,
      y: names.toReversed(),
      z: upward.map(({ row, total }) => row.map((count) => total === 0 ? 0 : count / total)),
      zmin: 0,
      zmax: 1,
      colorscale: SEQUENTIAL,
      colorbar: { ...colorBar("share of the class"), tickformat: ".0%" },
      text: upward.map(({ row }) => row.map(String)),
      texttemplate: "%{text}",
      hovertemplate: "%{y} taken for %{x}: %{text} (%{z:.1%})<extra></extra>",
      xgap: 2,
      ygap: 2,
    }],
    layout: {
      ...(options.title === undefined ? {} : { title: { text: options.title } }),
      height: Math.max(300, 160 + 34 * labels.length),
      xaxis: { title: { text: "predicted" }, type: "category", showgrid: false },
      yaxis: { title: { text: "actual" }, type: "category", showgrid: false },
    },
  };
}
