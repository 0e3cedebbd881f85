/**
 * Figures as plotly describes them: plain JSON. Nothing here draws.
 *
 * @module
 */

import { type Figure, HOUSE_STYLE, type Trace } from "@tunebook/plots";
import { formatNumber } from "./format.ts";

export type { Figure, Trace } from "@tunebook/plots";

/** The MIME type under which notebooks carry a figure. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** How tall a figure is unless its layout says otherwise, in CSS pixels. */
export const FIGURE_HEIGHT = 400;

/**
 * A figure as the JSON that is sent and stored: the house style of `@tunebook/plots`, a height, a
 * responsive width; typed arrays as arrays; fractions at 7 significant digits (a float32 has no more).
 *
 * @throws {TypeError} if `data` isn't an array of traces.
 */
export function toPlotlyJson(figure: Figure): Required<Figure> {
  if (!Array.isArray(figure?.data)) {
    throw new TypeError(
      "Expected a figure `{ data: [traces…], layout }` but found " + Deno.inspect(figure),
    );
  }
  const { title, ...layout } = figure.layout ?? {};
  return JSON.parse(JSON.stringify(
    {
      data: figure.data,
      layout: {
        template: HOUSE_STYLE,
        height: FIGURE_HEIGHT,
        ...layout,
        // plotly.js 3 stopped reading a title that is a string.
        ...(title === undefined
          ? {}
          : { title: typeof title === "string" ? { text: title } : title }),
      },
      config: { displaylogo: false, responsive: true, ...figure.config },
    },
    toJson,
  ));
}

function toJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") {
    // plotly leaves a gap where a value is null.
    return Number.isFinite(value) ? Number(formatNumber(value, 7)) : null;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number | bigint>);
  }
  return value;
}

/**
 * A figure in a line of text, for terminals and screen readers:
 * "Plot: Length by year — 2 traces (words, sentences), 230 points".
 */
export function describeFigure(figure: Figure): string {
  const { title } = figure.layout ?? {};
  const text = (typeof title === "string" ? title : title?.text) ?? "untitled";
  const names = figure.data.map((trace) => trace.name).filter((name) => name !== undefined);
  const points = figure.data.reduce((sum, trace) => sum + countPoints(trace), 0);
  const traces = figure.data.length === 1 ? "1 trace" : `${figure.data.length} traces`;
  const named = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return `Plot: ${text.replaceAll(/<[^>]*>/g, " ")} — ${traces}${named}, ${points} ${
    points === 1 ? "point" : "points"
  }`;
}

function countPoints(trace: Trace): number {
  const lengths = ["x", "y", "z", "values"].map((field) => {
    const list = trace[field] as ArrayLike<ArrayLike<unknown>> | undefined;
    if (field !== "z" || !Array.isArray(list)) return list?.length ?? 0;
    return list.reduce((sum, row) => sum + (row?.length ?? 1), 0);
  });
  return Math.max(...lengths);
}
