import type { Figure, Trace } from "./figure.ts";
import { PALETTE } from "./style.ts";

/** Positions of records by the part they are in, such as `{ train: […], test: […] }`. */
export type Parts = Readonly<Record<string, readonly number[]>>;

/** What a split diagram shows beside the parts. */
export interface SplitChartOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** The class of each record, as a band below. */
  labels?: readonly (string | number | boolean)[];
  /** The group of each record (its author, its patient), as a band below. */
  groups?: readonly (string | number | boolean)[];
}

/** The parts' colours; a part of another name gets one that is left. */
const PART_COLORS: Readonly<Record<string, string>> = {
  train: PALETTE[0]!,
  validation: PALETTE[1]!,
  test: PALETTE[4]!,
};

/** What the bands are called. */
const BANDS = { labels: "class", groups: "group" } as const;

/** A band: what each record is. */
interface Band {
  name: string;
  values: readonly (string | number | boolean)[];
}

/** No part: a record that a split leaves out. */
const NOWHERE = "rgba(128,128,128,0.12)";

/**
 * Which records a split trains on and which it tests on: a row for each fold, a column for each
 * record, as in scikit-learn's guide to cross-validation. Bands below show classes and groups: in a
 * split by group no group has two colours above it, in a stratified one every colour has all classes
 * below it. Beside each row stand the sizes of its parts.
 *
 * @param splits A split, or folds, or several splits by their names.
 * @param options The title, classes, groups.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there is no record, or there are more or fewer labels than records.
 *
 * @example
 * ```ts
 * import { splitChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = splitChart([{ train: [0, 1], test: [2] }, { train: [1, 2], test: [0] }]);
 * assertEquals(figure.data[0]?.y, ["fold 2", "fold 1"]);
 * ```
 */
export function splitChart(
  splits: Parts | readonly Parts[] | Readonly<Record<string, Parts>>,
  options: SplitChartOptions = {},
): Figure {
  const rows = rowsOf(splits);
  const last = rows.flatMap(([, parts]) => Object.values(parts)).reduce(
    (most, positions) => positions.reduce((a, b) => Math.max(a, b), most),
    -1,
  );
  const count = last + 1;
  if (count === 0) throw new RangeError("Expected parts with records but found none");
  const names = [...new Set(rows.flatMap(([, parts]) => Object.keys(parts)))];
  const free = PALETTE.filter((color) => !Object.values(PART_COLORS).includes(color));
  const colors = names.map((name) => PART_COLORS[name] ?? free.shift() ?? PALETTE.at(-1)!);
  const bands = (["labels", "groups"] as const).flatMap((kind) => {
    const values = options[kind];
    if (values !== undefined && values.length !== count) {
      throw new RangeError(`Expected ${count} ${kind}, one a record, but found ${values.length}`);
    }
    return values === undefined ? [] : [{ name: BANDS[kind], values }];
  });
  const sizes = rows.map(([, parts]) => names.map((name) => parts[name]?.length ?? 0).join(" + "));
  // The legend stands between the title and the rows.
  const top = options.title === undefined ? 50 : 84;
  const height = 70 + top + 34 * (rows.length + bands.length);
  const share = bands.length / (rows.length + bands.length);
  return {
    data: [
      partsTrace(rows, names, colors, count),
      ...(bands.length === 0 ? [] : [bandsTrace(bands)]),
      ...names.map((name, i) => legendTrace(name, colors[i]!)),
    ],
    layout: {
      ...(options.title === undefined ? {} : { title: { text: options.title } }),
      height,
      xaxis: {
        title: { text: "record" },
        showgrid: false,
        zeroline: false,
        range: [-0.5, last + 0.5],
        // Below the bands, if there are any.
        ...(bands.length === 0 ? {} : { anchor: "y2" }),
      },
      yaxis: { domain: [share === 0 ? 0 : share + 0.02, 1], showgrid: false },
      ...(bands.length === 0
        ? {}
        : { yaxis2: { domain: [0, share - 0.02], showgrid: false, automargin: true } }),
      margin: { t: top, r: 24 + 9 * Math.max(...sizes.map(({ length }) => length)) },
      annotations: rows.map(([name], i) => ({
        x: 1,
        xref: "paper",
        xanchor: "left",
        xshift: 6,
        y: name,
        text: sizes[i]!,
        showarrow: false,
      })),
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    },
  };
}

function rowsOf(
  splits: Parts | readonly Parts[] | Readonly<Record<string, Parts>>,
): [name: string, parts: Parts][] {
  if (Array.isArray(splits)) return splits.map((parts, i) => [`fold ${i + 1}`, parts]);
  const values = Object.values(splits as object);
  return values.every((value) => Array.isArray(value))
    ? [["split", splits as Parts]]
    : Object.entries(splits as Readonly<Record<string, Parts>>);
}

/** A heat map whose values are the numbers of the parts, each with its colour. */
function partsTrace(
  rows: readonly [string, Parts][],
  names: readonly string[],
  colors: readonly string[],
  count: number,
): Trace {
  const upward = rows.toReversed(); // plotly counts from below
  const z = upward.map(([, parts]) => {
    const row = new Array<number>(count).fill(-1);
    for (const [part, name] of names.entries()) {
      for (const position of parts[name] ?? []) row[position] = part;
    }
    return row;
  });
  return {
    type: "heatmap",
    x: Array.from({ length: count }, (_, i) => i),
    y: upward.map(([name]) => name),
    z,
    // No text for each cell: with thousands of records that would be most of the figure.
    hovertemplate: "record %{x}, %{y}<extra></extra>",
    ...steps([NOWHERE, ...colors], -1),
    ygap: 6,
  };
}

/** A heat map with a row for each band, whose values are the numbers of the keys. */
function bandsTrace(bands: readonly Band[]): Trace {
  const upward = bands.toReversed();
  const keys = upward.map(({ values }) => [...new Set(values)]);
  const colors = keys.map((own) => own.map((_, i) => shade(i, own.length)));
  // The keys of all bands share one scale: those of the second are numbered after the first's.
  const first = keys.map((_, i) => keys.slice(0, i).flat().length);
  return {
    type: "heatmap",
    x: upward[0]!.values.map((_, i) => i),
    y: upward.map(({ name }) => name),
    z: upward.map(({ values }, band) =>
      values.map((value) => first[band]! + keys[band]!.indexOf(value))
    ),
    text: upward.map(({ values }) => values.map(String)),
    hovertemplate: `record %{x}: %{y} %{text}<extra></extra>`,
    ...steps(colors.flat(), 0),
    ygap: 6,
    yaxis: "y2",
  };
}

/** A square in the legend, which a heat map doesn't get. */
function legendTrace(name: string, color: string): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [null],
    y: [null],
    marker: { color, symbol: "square", size: 12 },
    showlegend: true,
  };
}

/** A colour scale without transitions: whole numbers from `first`, a colour each. */
function steps(colors: readonly string[], first: number): Record<string, unknown> {
  const colorscale = colors.flatMap((color, i) => [
    [i / colors.length, color],
    [(i + 1) / colors.length, color],
  ]);
  return { colorscale, zmin: first - 0.5, zmax: first + colors.length - 0.5, showscale: false };
}

/** Greys for few keys; neighbours of many keys differ because the shades alternate. */
function shade(key: number, keys: number): string {
  const shades = ["#595959", "#bdbdbd", "#8c8c8c", "#d9d9d9", "#737373", "#a6a6a6"];
  return keys === 2 ? ["#595959", "#c4c4c4"][key]! : shades[key % shades.length]!;
}
