import {
  display,
  type DisplayHandle,
  insideNotebook,
  JUPYTER_DISPLAY,
  type MimeBundle,
} from "./jupyter.ts";
import { describeFigure, type Figure, PLOTLY_MIME, toPlotlyJson } from "./figure.ts";
import { plotHtml, plotlyScriptHtml } from "./plot_html.ts";

/** A plot that has been shown and can be redrawn where it stands. */
export interface PlotHandle {
  /** Draws another figure in the same place. */
  update(figure: Figure): void;
  /** Shows nothing when a cell ends in `plot(…)`: the plot is there already. */
  [JUPYTER_DISPLAY](): MimeBundle;
}

/**
 * Whether every front end of this kernel draws the plotly MIME type. `deno task lab` says so by its
 * kernelspec, since it brings the renderer; elsewhere an HTML form is sent along.
 */
function rendererIsThere(): boolean {
  return Deno.env.get("TUNEBOOK_PLOTLY") === "mime";
}

let scriptSent = false;

/**
 * Shows a figure under the cell; in a terminal it prints a line that describes it.
 *
 * The output carries the figure as JSON under plotly's MIME type, which JupyterLab and Notebook with
 * the course's renderer and VS Code draw. For any other front end it also carries HTML, and the
 * first plot after the kernel's start is preceded by an output with plotly.js itself.
 *
 * @param figure The traces and the layout, as plotly.js takes them.
 * @returns A handle that redraws the plot in place, also from a loop that never awaits.
 * @throws {TypeError} if the figure has no list of traces.
 * @example
 * ```ts
 * import { plot } from "@tunebook/notebook";
 *
 * const loss = [2.3, 1.7, 1.4];
 * const handle = plot({ data: [{ y: loss }], layout: { title: "Loss" } });
 * loss.push(1.2);
 * handle.update({ data: [{ y: loss }], layout: { title: "Loss" } });
 * ```
 */
export function plot(figure: Figure): PlotHandle {
  const handle = showFigure(figure);
  return {
    update: (next) => handle.update(bundle(toPlotlyJson(next))),
    [JUPYTER_DISPLAY]: () => ({}),
  };
}

/** Shows a figure in all forms that a front end may need, and in others that are given. */
export function showFigure(figure: Figure, also: MimeBundle = {}): DisplayHandle {
  const json = toPlotlyJson(figure);
  if (insideNotebook() && !rendererIsThere() && !scriptSent) sendPlotly();
  return display({ ...bundle(json), ...also });
}

/**
 * Sends plotly.js to a front end that has no renderer for figures. {@linkcode plot} does it once
 * after the kernel's start; call it again after reloading the page.
 */
export function sendPlotly(): void {
  scriptSent = true;
  display({ "text/html": plotlyScriptHtml(), "text/plain": "" }, { passing: true });
}

function bundle(json: Required<Figure>): MimeBundle {
  const native = { [PLOTLY_MIME]: json, "text/plain": describeFigure(json) };
  if (!insideNotebook() || rendererIsThere()) return native;
  return { ...native, "text/html": plotHtml(json) };
}
