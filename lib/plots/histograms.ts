import type { Figure } from "./figure.ts";
import { PALETTE } from "./style.ts";

/** How to draw histograms. */
export interface HistogramOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** What is counted, with its unit. */
  xTitle?: string;
  /** How many bins. Default: 60. */
  bins?: number;
}

/**
 * How numbers are spread: a histogram for each name, one above the other on the same axis, each as
 * high as its row. For the weights or gradients of a model: those of all layers at a glance, the
 * first at the top. The figure holds the counts only.
 *
 * @param values The numbers by name; those that aren't finite are counted under the pointer alone.
 * @param options Titles, bins.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If no number is finite, or `bins` is no positive integer.
 *
 * @example
 * ```ts
 * import { histogramChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = histogramChart({ bias: [0, 0, 1] }, { bins: 2 });
 * assertEquals(figure.data[0]?.customdata, [0, 2, 2, 1, 1, 0]);
 * ```
 */
export function histogramChart(
  values: Readonly<Record<string, ArrayLike<number>>>,
  options: HistogramOptions = {},
): Figure {
  const { bins = 60, title, xTitle = "value" } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`Expected bins to be an integer above 0 but found ${bins}`);
  }
  const rows = Object.entries(values);
  const { low, high } = rangeOf(rows.map(([, numbers]) => numbers));
  const width = (high - low) / bins;
  const data = rows.map(([name, numbers], i) => {
    const { counts, odd } = count(numbers, low, width, bins);
    const most = Math.max(1, ...counts);
    const base = rows.length - 1 - i;
    // Two points a bin, so that the outline has steps; it begins and ends on the row's floor.
    const edges = counts.flatMap((_, bin) => [low + bin * width, low + (bin + 1) * width]);
    const heights = [0, ...counts.flatMap((n) => [n, n]), 0];
    return {
      type: "scatter",
      mode: "lines",
      name,
      x: [low, ...edges, high],
      y: heights.map((n) => base + 0.9 * n / most),
      customdata: heights,
      hovertemplate: `${name}: %{customdata} around %{x:.3g}<extra>${numbers.length} in all${
        odd === 0 ? "" : `, ${odd} not finite`
      }</extra>`,
      line: { color: PALETTE[0]!, width: 1 },
      fill: "toself",
      hoveron: "points", // a filled line would show its name alone
      fillcolor: "rgba(0,114,178,0.45)",
      showlegend: false,
    };
  });
  return {
    data,
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: Math.max(260, 110 + 48 * rows.length),
      xaxis: { title: { text: xTitle } },
      yaxis: {
        tickvals: rows.map((_, i) => rows.length - 1 - i),
        ticktext: rows.map(([name]) => name),
        range: [-0.1, rows.length],
        zeroline: false,
      },
    },
  };
}

/** The span of all finite numbers; never empty. */
function rangeOf(lists: readonly ArrayLike<number>[]): { low: number; high: number } {
  let low = Infinity, high = -Infinity;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) throw new RangeError("Expected finite numbers to count but found none");
  return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high };
}

function count(values: ArrayLike<number>, low: number, width: number, bins: number) {
  const counts = new Array<number>(bins).fill(0);
  let odd = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // The largest number belongs to the last bin.
    if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor((value - low) / width))]!++;
    else odd++;
  }
  return { counts, odd };
}
