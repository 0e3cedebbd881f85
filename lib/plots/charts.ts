import type { Figure, Trace } from "./figure.ts";

/** Points that belong together: one line, or one colour of dots. */
export interface Series {
  /** Where the points lie from left to right: numbers, or words in their order. */
  x: ArrayLike<number | string>;
  /** Where the points lie from bottom to top. */
  y: ArrayLike<number>;
  /** What the legend calls them. */
  name?: string;
  /** What to show beside each point under the pointer. */
  hover?: readonly string[];
}

/** What stands around the marks of a chart. */
export interface ChartOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** What the horizontal axis measures, with its unit. */
  xTitle?: string;
  /** What the vertical axis measures, with its unit. */
  yTitle?: string;
  /** The ends of the horizontal axis, so that charts shown in turn are drawn to one scale. */
  xRange?: readonly [low: number, high: number];
  /** The ends of the vertical axis. */
  yRange?: readonly [low: number, high: number];
  /** A logarithmic horizontal axis: each step multiplies. */
  xLog?: boolean;
  /** A logarithmic vertical axis: each step multiplies. */
  yLog?: boolean;
}

/**
 * Values that follow each other, joined by a line.
 *
 * @param series One line or several.
 * @param options Titles and scales.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When a series has other numbers of x, y and hover.
 *
 * @example
 * ```ts
 * import { lineChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = lineChart({ x: [1, 2, 3], y: [4, 2, 1] }, { yTitle: "loss" });
 * assertEquals(figure.data[0]?.mode, "lines");
 * ```
 */
export function lineChart(series: Series | readonly Series[], options: ChartOptions = {}): Figure {
  return chart(series, "lines", options);
}

/**
 * Single points: what each is shows under the pointer.
 *
 * @param series Dots of one colour, or several series of a colour each.
 * @param options Titles and scales.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When a series has other numbers of x, y and hover.
 *
 * @example
 * ```ts
 * import { scatterChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = scatterChart({ x: [1790], y: [1089], hover: ["George Washington"] });
 * assertEquals(figure.data[0]?.text, ["George Washington"]);
 * ```
 */
export function scatterChart(
  series: Series | readonly Series[],
  options: ChartOptions = {},
): Figure {
  return chart(series, "markers", options);
}

/**
 * A bar for each name, the first at the top, with room for long names.
 *
 * @param bars The names in `x` and the lengths in `y`, one series or several side by side.
 * @param options Titles; `xTitle` stands below the lengths, `yTitle` beside the names.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When a series has other numbers of x, y and hover.
 *
 * @example
 * ```ts
 * import { barChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = barChart({ x: ["the", "of"], y: [150, 98] }, { xTitle: "times" });
 * assertEquals(figure.data[0]?.orientation, "h");
 * ```
 */
export function barChart(bars: Series | readonly Series[], options: ChartOptions = {}): Figure {
  const data = listOf(bars).map(({ x, y, ...rest }) => ({
    ...traceOf({ ...rest, x, y }),
    type: "bar",
    orientation: "h",
    x: Array.from(y),
    y: Array.from(x, String),
  }));
  const layout = layoutOf(options);
  return { data, layout: { ...layout, yaxis: { ...layout.yaxis, autorange: "reversed" } } };
}

/** Values with the ranges that they may lie in, by what they were measured at. */
export interface IntervalSeries extends Omit<Series, "y"> {
  /** For each place the value and the ends of its interval. */
  y: readonly { readonly value: number; readonly low: number; readonly high: number }[];
}

/** What stands around the marks of a chart of intervals. */
export interface IntervalChartOptions extends ChartOptions {
  /**
   * Whether a line joins the dots. Without one, the dots of several series at one name stand side by
   * side: for things that have no order, such as methods. Default: true.
   */
  joined?: boolean;
}

/**
 * Means with their intervals: a dot with a bar for each, joined by a line. What was measured once has
 * no interval, and no bar.
 *
 * @param series One line or several.
 * @param options Titles and scales; whether a line joins the dots.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When a series has other numbers of x, y and hover.
 *
 * @example
 * ```ts
 * import { intervalChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const accuracy = [{ value: 0.7, low: 0.6, high: 0.8 }, { value: 0.8, low: 0.75, high: 0.85 }];
 * const figure = intervalChart({ x: [50, 200], y: accuracy }, { xTitle: "labels", xLog: true });
 * assertEquals(figure.data[0]?.y, [0.7, 0.8]);
 * ```
 */
export function intervalChart(
  series: IntervalSeries | readonly IntervalSeries[],
  { joined = true, ...options }: IntervalChartOptions = {},
): Figure {
  const list = "x" in series ? [series] : series;
  const data = list.map(({ y, ...rest }) => {
    const reach = (end: number, value: number) => Number.isFinite(end) ? Math.abs(end - value) : 0;
    return {
      ...traceOf({ ...rest, y: y.map(({ value }) => value) }),
      mode: joined ? "lines+markers" : "markers",
      error_y: {
        type: "data",
        symmetric: false,
        array: y.map(({ value, high }) => reach(high, value)),
        arrayminus: y.map(({ value, low }) => reach(low, value)),
      },
    };
  });
  const figure = { data, layout: layoutOf(options, list) };
  return joined || data.length === 1 ? figure : sideBySide(figure);
}

/**
 * Dots at the same name side by side. The names' places are numbers here: plotly's own way of doing
 * it (`scattermode: "group"`) makes the vertical axis begin at zero.
 */
function sideBySide({ data, layout }: Figure & { data: Trace[] }): Figure {
  const names = [...new Set(data.flatMap(({ x }) => x as (string | number)[]))];
  const beside = (series: number) => 0.12 * (series - (data.length - 1) / 2);
  const xaxis = {
    ...layout!.xaxis as object,
    tickvals: names.map((_, i) => i),
    ticktext: names.map(String),
    range: [-0.5, names.length - 0.5],
    zeroline: false,
  };
  return {
    data: data.map(({ x, ...trace }, i) => ({
      ...trace,
      x: (x as (string | number)[]).map((name) => names.indexOf(name) + beside(i)),
      hoverinfo: "y+name",
    })),
    layout: { ...layout, xaxis },
  };
}

function chart(
  series: Series | readonly Series[],
  mode: "lines" | "markers",
  options: ChartOptions,
): Figure {
  return {
    data: listOf(series).map((one) => ({ ...traceOf(one), mode })),
    layout: layoutOf(options, listOf(series)),
  };
}

function listOf(series: Series | readonly Series[]): readonly Series[] {
  return "x" in series ? [series] : series;
}

function traceOf({ x, y, name, hover }: Series): Trace {
  if (x.length !== y.length || (hover && hover.length !== x.length)) {
    throw new RangeError(
      `Expected as many y as x${hover ? " and hover" : ""} in the series ` +
        `${name ? `"${name}" ` : ""}but found ${x.length} x, ${y.length} y` +
        (hover ? ` and ${hover.length} hover` : ""),
    );
  }
  return {
    type: "scatter",
    ...(name === undefined ? {} : { name }),
    x: Array.from(x),
    y: Array.from(y),
    ...(hover ? { text: [...hover], hoverinfo: "x+y+text" } : {}),
  };
}

function layoutOf(
  { title, xTitle, yTitle, xRange, yRange, xLog, yLog }: ChartOptions,
  series: readonly Pick<Series, "x">[] = [],
) {
  const axis = (
    title: string | undefined,
    log: boolean | undefined,
    range: ChartOptions["xRange"],
  ) => ({
    ...(title === undefined ? {} : { title: { text: title } }),
    // A grid line at every power of ten: in between they crowd and say nothing.
    ...(log ? { type: "log", dtick: 1 } : {}),
    // On a logarithmic axis plotly counts in powers of ten.
    ...(range && { range: log ? range.map(Math.log10) : [...range] }),
  });
  const places = xLog ? fewPlaces(series) : undefined;
  return {
    ...(title === undefined ? {} : { title: { text: title } }),
    xaxis: {
      ...axis(xTitle, xLog, xRange),
      ...(places && { tickvals: places, ticktext: places.map(String) }),
    },
    yaxis: axis(yTitle, yLog, yRange),
  };
}

/** Where the points lie if there is room to name each place: powers of ten would say less. */
function fewPlaces(series: readonly Pick<Series, "x">[]): number[] | undefined {
  // Series may stand a little apart, so that no bar hides another: that is one place.
  const places = series.flatMap(({ x }) => Array.from(x, Number)).sort((a, b) => a - b)
    .filter((place, i, all) => i === 0 || place > 1.05 * all[i - 1]!);
  const roomy = places.every((place, i) => i === 0 || place >= 1.4 * places[i - 1]!);
  return places.length > 1 && places.length <= 8 && roomy ? places : undefined;
}
