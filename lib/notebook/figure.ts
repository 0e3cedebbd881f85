/**
 * Figures as plotly describes them: plain JSON. Nothing here draws.
 *
 * @module
 */

import { formatNumber } from "./format.ts";

/** The MIME type under which notebooks carry a figure. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** One set of marks in a figure; the fields are plotly.js's (plotly.com/javascript/reference). */
export interface Trace {
  /** The kind of marks: "scatter" (the default), "bar", "heatmap", "histogram", "box", … */
  type?: string;
  /** What the legend calls it. */
  name?: string;
  [field: string]: unknown;
}

/** A figure: traces, the layout around them, and how the plot behaves. */
export interface Figure {
  data: Trace[];
  layout?: {
    title?: string | { text: string; [field: string]: unknown };
    [field: string]: unknown;
  };
  config?: Record<string, unknown>;
}

/** How tall a figure is unless its layout says otherwise, in CSS pixels. */
export const FIGURE_HEIGHT = 400;

const INK = "#808080"; // as readable on white as on a dark theme's background
const axis = {
  gridcolor: "rgba(128,128,128,0.25)",
  linecolor: INK,
  zerolinecolor: "rgba(128,128,128,0.5)",
  automargin: true,
};

/**
 * The look that every figure gets unless it has a template of its own: no background and mid-grey
 * text, which suit light and dark themes alike; the colours of Okabe and Ito, which people who see
 * colours differently can tell apart (Wong, Nature Methods 8, 441, 2011).
 */
const TEMPLATE = {
  layout: {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: INK },
    colorway: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#7f7f7f"],
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: "rgba(0,0,0,0)" },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: INK, activecolor: "#0072b2" },
    margin: { t: 50, r: 20, b: 50, l: 60 },
  },
};

/**
 * A figure as the JSON that is sent and stored: the project's template, a height, a responsive
 * width; typed arrays as arrays; fractions at 7 significant digits (a float32 has no more).
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
        template: TEMPLATE,
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
  return `Plot: ${text.replaceAll(/<[^>]*>/g, " ")} — ${traces}${named}, ${points} points`;
}

function countPoints(trace: Trace): number {
  const lengths = ["x", "y", "z", "values"].map((field) => {
    const list = trace[field] as ArrayLike<ArrayLike<unknown>> | undefined;
    if (field !== "z" || !Array.isArray(list)) return list?.length ?? 0;
    return list.reduce((sum, row) => sum + (row?.length ?? 1), 0);
  });
  return Math.max(...lengths);
}
