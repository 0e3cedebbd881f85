import { colorAt, colorBar, FOR_LINES } from "./color_scales.ts";
import type { Figure, Trace } from "./figure.ts";

/** A row of a table: a trial of a search, a run. */
export type Row = Readonly<Record<string, number | string | boolean>>;

/** How to draw parallel coordinates. */
export interface ParallelOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** The column that colours the lines and is drawn last. Default: `"score"`. */
  score?: string;
  /** The columns to draw, in order. Default: all but `trial` and `seconds`. */
  columns?: readonly string[];
  /** Columns whose axis is logarithmic. Default: those of numbers that span a factor of 50. */
  log?: readonly string[];
}

/**
 * Many settings at once: an axis for each column, a line for each row, from orange to blue as
 * the score gets higher. It shows which settings the good lines have in common.
 *
 * @param rows The `table` of a search.
 * @param options Title, score, columns.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there is no row, or the score isn't a column of numbers.
 *
 * @example
 * ```ts
 * import { parallelChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ rate: 0.1, kind: "a", score: 0.7 }, { rate: 0.01, kind: "b", score: 0.9 }];
 * const figure = parallelChart(rows);
 * assertEquals(figure.layout?.xaxis, {
 *   tickvals: [0, 1, 2],
 *   ticktext: ["rate", "kind", "score"],
 *   range: [-0.2, 2.4],
 *   side: "top",
 *   fixedrange: true,
 *   zeroline: false,
 *   gridcolor: "rgba(128,128,128,0.7)",
 * });
 * ```
 */
export function parallelChart(rows: readonly Row[], options: ParallelOptions = {}): Figure {
  const { title, score = "score" } = options;
  const [first] = rows;
  if (first === undefined || rows.some((row) => typeof row[score] !== "number")) {
    throw new RangeError(
      `Expected rows with a number in "${score}" but found ${
        first === undefined ? "no row" : `the columns ${Object.keys(first).join(", ")}`
      }`,
    );
  }
  const names = options.columns ?? [
    ...Object.keys(first).filter((name) => !["trial", "seconds", score].includes(name)),
    score,
  ];
  const axes = names.map((name) => axisOf(name, rows.map((row) => row[name]!), options.log));
  const scores = rows.map((row) => row[score] as number);
  const finite = scores.filter(Number.isFinite);
  const low = Math.min(...finite), high = Math.max(...finite);
  // The best lines last, on top of the others.
  const order = rows.map((_, i) => i).sort((a, b) => (scores[a] || 0) - (scores[b] || 0));
  const lines = order.map((i): Trace => ({
    type: "scatter",
    mode: "lines",
    x: names.map((_, column) => column),
    y: axes.map(({ heights }) => heights[i]!),
    line: {
      color: Number.isFinite(scores[i]!)
        ? colorAt(FOR_LINES, high > low ? (scores[i]! - low) / (high - low) : 1)
        : "rgba(128,128,128,0.4)",
      width: 1.5,
      ...(Number.isFinite(scores[i]!) ? {} : { dash: "dot" }),
    },
    hoverinfo: "text",
    text: names.map(() => names.map((name) => `${name}: ${rows[i]![name]}`).join("<br>")),
    showlegend: false,
  }));
  return {
    data: [...lines, scaleTrace(score, low, high)],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      xaxis: {
        tickvals: names.map((_, column) => column),
        ticktext: [...names],
        range: [-0.2, names.length - 0.6],
        side: "top",
        fixedrange: true,
        zeroline: false,
        gridcolor: "rgba(128,128,128,0.7)",
      },
      yaxis: { visible: false, range: [-0.06, 1.06], fixedrange: true },
      annotations: axes.flatMap(({ ticks }, column) =>
        ticks.map(({ height, text }) => ({
          x: column,
          y: height,
          text,
          showarrow: false,
          xanchor: "right",
          xshift: -4,
          // On a ground of their own, since lines run behind them.
          font: { color: "#333333", size: 11 },
          bgcolor: "rgba(228,228,228,0.85)",
        }))
      ),
      margin: { t: title === undefined ? 40 : 80 },
    },
  };
}

/** Invisible points that bring the colour bar. */
function scaleTrace(title: string, low: number, high: number): Trace {
  return {
    type: "scatter",
    mode: "markers",
    x: [null],
    y: [null],
    marker: {
      color: [low],
      cmin: low,
      cmax: high,
      colorscale: FOR_LINES,
      colorbar: colorBar(title),
      showscale: true,
    },
    showlegend: false,
  };
}

/** Where the values of a column lie on its axis, from 0 to 1, and what is written there. */
function axisOf(
  name: string,
  values: readonly (number | string | boolean)[],
  log: readonly string[] | undefined,
): { heights: number[]; ticks: { height: number; text: string }[] } {
  const distinct = [...new Set(values)];
  if (distinct.some((value) => typeof value !== "number") || distinct.length <= 4) {
    const sorted = distinct.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const height = (value: number | string | boolean) =>
      sorted.length === 1 ? 0.5 : sorted.indexOf(value) / (sorted.length - 1);
    return {
      heights: values.map(height),
      ticks: sorted.map((value) => ({ height: height(value), text: format(value) })),
    };
  }
  const numbers = values as readonly number[];
  const finite = numbers.filter(Number.isFinite);
  const low = Math.min(...finite), high = Math.max(...finite);
  const logarithmic = log === undefined ? low > 0 && high / low >= 50 : log.includes(name);
  const scale = logarithmic ? Math.log : (x: number) => x;
  const back = logarithmic ? Math.exp : (x: number) => x;
  const span = scale(high) - scale(low);
  return {
    // What isn't a number hangs below the axis.
    heights: numbers.map((x) => Number.isFinite(x) ? (scale(x) - scale(low)) / span : -0.06),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((height) => ({
      height,
      text: format(back(scale(low) + height * span)),
    })),
  };
}

function format(value: number | string | boolean): string {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
