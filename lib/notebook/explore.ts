import { withSlider } from "@tunebook/plots";
import { type Comm, openWidget, widgetView } from "./comms.ts";
import { type Figure, toPlotlyJson } from "./figure.ts";
import { formatCell } from "./format.ts";
import { insideNotebook } from "./jupyter.ts";
import { showFigure } from "./plot.ts";
import { plotlyScript } from "./plot_html.ts";

/** What there is to explore. */
export interface ExploreOptions<Value> {
  /** What the slider is called: "rank". */
  label: string;
  /** Where the slider can stand, in order. */
  values: readonly Value[];
  /** Where it stands at first. Default: the first of the values. */
  value?: NoInfer<Value>;
  /** How the slider writes a value. Default: numbers at 6 significant digits, texts as they are. */
  format?: (value: NoInfer<Value>) => string;
}

/** So many figures at most are drawn beforehand, and stored. */
const MOST_STORED = 12;

/**
 * Shows a figure with a slider that runs a function anew: drag it, and the plot follows.
 *
 * On the course's kernel every move calls `draw` with the slider's new value, and the plot is redrawn
 * where it stands; when the function is slower than the hand, it is called with the newest value
 * only. What an error says is shown above the plot. On Deno's stock kernel, in a stored notebook and
 * in exported pages there is nobody to call the function: there the slider is plotly's own, over at
 * most 12 figures drawn beforehand, spread over the values. In a terminal it prints a line about the
 * first figure.
 *
 * So the function runs up to 12 times before anything is seen: it should take a fraction of a second.
 *
 * @typeParam Value What the slider chooses from.
 * @param options The slider: its label, its values and where it starts.
 * @param draw Makes the figure for a value.
 * @returns A promise that resolves when the figure has been shown.
 * @throws {RangeError} If there are no values, or `value` isn't one of them.
 * @example
 * ```ts
 * import { explore } from "@tunebook/notebook";
 *
 * const x = Array.from({ length: 100 }, (_, i) => i / 10);
 * await explore(
 *   { label: "frequency", values: [1, 2, 3, 4], value: 2 },
 *   (frequency) => ({ data: [{ x, y: x.map((x) => Math.sin(frequency * x)) }] }),
 * );
 * ```
 */
export async function explore<Value extends number | string>(
  options: ExploreOptions<Value>,
  draw: (value: Value) => Figure | Promise<Figure>,
): Promise<void> {
  const { label, values, format = (value) => formatCell(value) } = options;
  if (values.length === 0) throw new RangeError("Expected values to explore but found none");
  const start = options.value === undefined ? 0 : values.indexOf(options.value);
  if (start < 0) {
    throw new RangeError(
      `Expected value to be one of ${values.join(", ")} but found ${options.value}`,
    );
  }
  const texts = values.map(format);
  if (!insideNotebook()) return void showFigure(await draw(values[start]!));

  const stored = spread(values.length, start);
  const figures: Figure[] = [];
  for (const index of stored) figures.push(await draw(values[index]!));
  const first = figures[stored.indexOf(start)]!;
  const comm = openWidget(await viewScript(), {
    label,
    texts,
    index: start,
    shown: start,
    figure: toPlotlyJson(first),
    failure: "",
  });
  if (comm) comm.onMessage = follow(comm, (index) => draw(values[index]!));
  showFigure(
    withSlider(
      stored.map((index, i) => ({ label: texts[index]!, figure: figures[i]! })),
      { label, start: stored.indexOf(start) },
    ),
    comm && widgetView(comm),
  );
}

/** Answers the slider of one control. */
function follow(comm: Comm, draw: (index: number) => Figure | Promise<Figure>) {
  let newest: number | undefined;
  let failing = false;
  const update = (state: Record<string, unknown>) =>
    comm.send({ method: "update", state, buffer_paths: [] });
  return async ({ method, state }: Record<string, unknown>): Promise<void> => {
    if (method === "custom") {
      comm.send({ method: "custom", content: { script: plotlyScript() } });
      return;
    }
    const { index } = (state ?? {}) as { index?: number };
    if (method !== "update" || index === undefined) return;
    newest = index;
    try {
      const figure = toPlotlyJson(await draw(index));
      // One that was stopped may come to its end after a later one.
      if (newest === index) update({ figure, shown: index, failure: "" });
      failing = false;
    } catch (error) {
      update({ shown: index, failure: formatCell(error) });
      const known = failing;
      failing = true;
      // The kernel shows where it happened, once: not at every move across a region that fails.
      if (!known) throw error;
    }
  };
}

/** The control's script; only a notebook needs it. */
async function viewScript(): Promise<string> {
  const module: unknown = await import("./explore_view.js", { with: { type: "text" } });
  return (module as { default: string }).default;
}

/** Numbers from 0 up to `length`, at most twelve: the ends, `start`, and others evenly between. */
function spread(length: number, start: number): number[] {
  if (length <= MOST_STORED) return Array.from({ length }, (_, i) => i);
  const even = Array.from(
    { length: MOST_STORED - 1 },
    (_, i) => Math.round(i * (length - 1) / (MOST_STORED - 2)),
  );
  return [...new Set([...even, start])].sort((a, b) => a - b);
}
