/**
 * Figures as HTML, for front ends that have no renderer for plotly's MIME type: the classic
 * Notebook, a JupyterLab without extensions.
 *
 * @module
 */

import type { Figure } from "./figure.ts";
import { insideNotebook } from "./jupyter.ts";
import { escapeHtml, scriptJson } from "./html.ts";

// plotly.js needs a document, so it can't run here: it is read as text. Only a notebook needs it.
const source = insideNotebook()
  ? (await import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", {
    with: { type: "text" },
  })).default as unknown as string
  : "";

/**
 * plotly.js as a script that runs it once a page. The classic Notebook's page has an AMD loader,
 * which a script that calls `define` without a name breaks: the names are hidden from it.
 */
export function plotlyScript(): string {
  return `(function () {
if (window.Plotly) return;
var define = undefined, module = undefined, exports = undefined;
${source}
}).call(window);`;
}

/** {@linkcode plotlyScript} as an element of a page. */
export function plotlyScriptHtml(): string {
  return `<script>${plotlyScript().replaceAll("</script", "<\\/script")}</script>`;
}

/** How long a plot waits for plotly.js, which may come with a later output, in milliseconds. */
const PATIENCE = 10_000;

/** A figure as HTML that draws itself with the plotly.js that {@linkcode plotlyScriptHtml} brought. */
export function plotHtml(figure: Required<Figure>): string {
  const id = `tunebook-plot-${crypto.randomUUID()}`;
  const absent = "plotly.js is not loaded in this page: run `sendPlotly()` from " +
    "`@tunebook/notebook` in a cell, then this cell again.";
  return `<div id="${id}" style="min-height:${Number(figure.layout.height) || 0}px"></div>
<script>(function () {
var figure = ${scriptJson(figure)};
var began = Date.now();
(function draw() {
  var place = document.getElementById("${id}");
  if (place && window.Plotly) {
    window.Plotly.newPlot(place, figure.data, figure.layout, figure.config);
  } else if (Date.now() - began < ${PATIENCE}) {
    setTimeout(draw, 50);
  } else if (place) {
    place.innerHTML = "${escapeHtml(absent)}";
  }
})();
})();</script>`;
}
