import { DIVERGING, type Figure } from "@tunebook/plots";
import type { ConflictRow } from "./conflicts.ts";

/**
 * The cosines between tasks' gradients as a map: a row for each place of the body, the output at the
 * top, a column for each pair of tasks; blue where they conflict, vermilion where they agree.
 *
 * @param rows What `gradientConflicts` gave.
 * @param options The title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there is no row.
 */
export function conflictFigure(
  rows: readonly ConflictRow[],
  { title = "Do the tasks pull the same way?" }: { title?: string } = {},
): Figure {
  if (rows.length === 0) throw new RangeError("Expected rows of gradientConflicts but found none");
  const pairOf = ({ taskA, taskB }: ConflictRow) => `${taskA} and ${taskB}`;
  const blocks = [...new Set(rows.map(({ block }) => block))];
  const pairs = [...new Set(rows.map(pairOf))];
  const z = blocks.map((block) =>
    pairs.map((pair) => {
      const row = rows.find((one) => one.block === block && pairOf(one) === pair);
      return row === undefined ? null : Number(row.cosine.toFixed(4));
    })
  );
  return {
    data: [{
      type: "heatmap",
      x: pairs,
      y: blocks,
      z,
      zmin: -1,
      zmax: 1,
      colorscale: DIVERGING,
      colorbar: { title: { text: "cosine", side: "right" }, thickness: 12, outlinewidth: 0 },
      // `|| 0`: next to nothing has no sign.
      text: z.map((row) =>
        row.map((cosine) => cosine === null ? "" : (Number(cosine.toFixed(2)) || 0).toFixed(2))
      ),
      texttemplate: "%{text}",
      hovertemplate: "%{y}, %{x}: %{z:.3f}<extra></extra>",
      xgap: 2,
      ygap: 2,
    }],
    layout: {
      title: { text: title },
      height: Math.max(300, 160 + 28 * blocks.length),
      xaxis: { title: { text: "tasks" }, type: "category", showgrid: false },
      yaxis: { title: { text: "place in the body" }, type: "category", showgrid: false },
    },
  };
}
