import type { Figure, Trace } from "./figure.ts";

/** One of the figures to choose from. */
export interface Choice {
  /** What the control calls it. */
  label: string;
  /** Its figure. Its axes stay as they are in the one shown at the start, but for their titles. */
  figure: Figure;
}

/** Where a control stands, so that it hides neither the title nor an axis. */
const PLACE = {
  menu: { x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" },
  // Without a transition: after a quick drag it would carry the handle back.
  slider: { x: 0, len: 1, pad: { t: 60 }, transition: { duration: 0 } },
};

/**
 * Figures of one kind in one frame, with a menu to choose which to see. It works wherever plotly
 * does, without a kernel.
 *
 * @param choices The figures; the first is shown at the start.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When there is nothing to choose from.
 *
 * @example
 * ```ts
 * import { lineChart, withMenu } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = withMenu([
 *   { label: "war", figure: lineChart({ x: [1800, 1900], y: [1, 2] }) },
 *   { label: "peace", figure: lineChart({ x: [1800, 1900], y: [2, 1] }) },
 * ]);
 * assertEquals(figure.data.map((trace) => trace.visible), [true, false]);
 * ```
 */
export function withMenu(choices: readonly Choice[]): Figure {
  const { figure, steps } = stacked(choices);
  return {
    ...figure,
    layout: { ...figure.layout, updatemenus: [{ ...PLACE.menu, buttons: steps }] },
  };
}

/** How a slider begins. */
export interface SliderOptions {
  /** What is chosen with it, written beside it: "rank". */
  label?: string;
  /** The number of the figure that is shown at the start. Default: 0. */
  start?: number;
}

/**
 * Figures of one kind in one frame, with a slider to go through them in order, as through years.
 *
 * @param choices The figures in order.
 * @param options What the slider is called, and which figure is shown at the start.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} When there is nothing to choose from, or nothing under the number `start`.
 *
 * @example
 * ```ts
 * import { barChart, withSlider } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = withSlider([
 *   { label: "1790s", figure: barChart({ x: ["treaty"], y: [3] }) },
 *   { label: "1800s", figure: barChart({ x: ["navy"], y: [4] }) },
 * ]);
 * assertEquals(figure.data.length, 2);
 * ```
 */
export function withSlider(
  choices: readonly Choice[],
  { label, start = 0 }: SliderOptions = {},
): Figure {
  const { figure, steps } = stacked(choices, start);
  const slider = {
    ...PLACE.slider,
    ...(start > 0 && { active: start }),
    ...(label !== undefined && { currentvalue: { visible: true, prefix: `${label}: ` } }),
    steps,
  };
  return { ...figure, layout: { ...figure.layout, sliders: [slider] } };
}

/** All traces in one figure, of which a step of the control shows those of one choice. */
function stacked(choices: readonly Choice[], start = 0): { figure: Figure; steps: unknown[] } {
  const shown = choices[start];
  if (!shown) {
    throw new RangeError(
      choices.length === 0
        ? "Expected at least one figure to choose from but found none"
        : `Expected the number of one of ${choices.length} figures but found ${start}`,
    );
  }
  const data: Trace[] = choices.flatMap(({ figure }, choice) =>
    figure.data.map((trace) => ({ ...trace, visible: choice === start }))
  );
  const owner = choices.flatMap(({ figure }, choice) => figure.data.map(() => choice));
  const steps = choices.map(({ label, figure }, choice) => ({
    label,
    method: "update",
    args: [
      { visible: owner.map((other) => other === choice) },
      {
        "title.text": textOf(figure.layout?.title),
        ...axisTitles(figure, choices),
        ...annotations(figure, choices),
      },
    ],
  }));
  return { figure: { ...shown.figure, data, layout: withGrid(shown.figure) }, steps };
}

/** Plotly takes the grid away from behind bars when some of a figure's bars are hidden. */
function withGrid({ data, layout }: Figure): NonNullable<Figure["layout"]> {
  const bars = data.find(({ type }) => type === "bar");
  if (bars === undefined) return { ...layout };
  const lengths = bars.orientation === "h" ? "xaxis" : "yaxis";
  return { ...layout, [lengths]: { showgrid: true, ...layout?.[lengths] as object } };
}

/** What is written beside the marks, if the figures have different texts. */
function annotations(figure: Figure, choices: readonly Choice[]): Record<string, unknown> {
  const own = ({ layout }: Figure) => layout?.annotations ?? [];
  const [first, ...others] = choices.map((one) => JSON.stringify(own(one.figure)));
  return others.some((other) => other !== first) ? { annotations: own(figure) } : {};
}

/** The titles of the axes, if the figures have different ones. */
function axisTitles(figure: Figure, choices: readonly Choice[]): Record<string, string> {
  const titles = (["xaxis", "yaxis"] as const).flatMap((axis) => {
    const own = ({ layout }: Figure) =>
      textOf((layout?.[axis] as { title?: unknown } | undefined)?.title);
    const differ = choices.some((other) => own(other.figure) !== own(figure));
    return differ ? [[`${axis}.title.text`, own(figure)]] : [];
  });
  return Object.fromEntries(titles);
}

function textOf(title: unknown): string {
  return (typeof title === "string" ? title : (title as { text?: string } | undefined)?.text) ?? "";
}
