/**
 * What a notebook cell calls: show a value, plot a figure, explore one with a slider, report progress,
 * check an exercise.
 *
 * The same calls print sensible text in a terminal and in tests. They need nothing but a Jupyter
 * kernel for Deno; importing this module in a cell on Deno's stock kernel says in one line how to
 * get the course's better one.
 *
 * @example
 * ```ts
 * import { plot, progress, show } from "@tunebook/notebook";
 *
 * const squares = [];
 * for (const n of progress(5, { label: "squaring" })) squares.push({ n, square: n * n });
 * show(squares);
 * plot({ data: [{ x: squares.map((s) => s.n), y: squares.map((s) => s.square) }] });
 * ```
 *
 * @module
 */

import { kernelNotice } from "./notice.ts";

export * from "./check.ts";
export * from "./exercise_tests.ts";
export * from "./exercises.ts";
export * from "./expectations.ts";
export { explore, type ExploreOptions } from "./explore.ts";
export * from "./figure.ts";
export * from "./fresh.ts";
export {
  type DisplayHandle,
  insideNotebook,
  JUPYTER_DISPLAY,
  type MimeBundle,
  type OutputMarks,
} from "./jupyter.ts";
export { kernelNotice } from "./notice.ts";
export { plot, type PlotHandle, sendPlotly } from "./plot.ts";
export { progress, type ProgressCounter } from "./progress.ts";
export { ProgressBar, type ProgressOptions, type ProgressPainter } from "./progress_bar.ts";
export { show, type ShowOptions } from "./show.ts";
export type { TableOptions } from "./table.ts";
export { liveTraining, type LiveTrainingOptions } from "./training_plots.ts";

kernelNotice();
