import { stripVTControlCharacters } from "node:util";
import { FIGURE, isObject, type JsonObject, type Output } from "../nbformat.ts";
import { escapeHtml, scriptJson } from "../../../lib/notebook/html.ts";
import { type MarkdownContext, renderMarkdown } from "./markdown.ts";

/** An output of a cell as HTML. */
export function renderOutput(output: Output, context: MarkdownContext): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="${output.name}">${plain(output.text)}</pre>`;
    case "error":
      return `<pre class="error">${plain(output.traceback.join("\n"))}</pre>`;
    default:
      return renderBundle(output.data, context);
  }
}

type Render = (content: unknown, bundle: JsonObject, context: MarkdownContext) => string;

const picture = (type: string): Render => (content, bundle) =>
  `<img src="data:${type};base64,${String(content).trim()}" alt="${
    escapeHtml(String(bundle["text/plain"] ?? ""))
  }">`;

/** The forms a page can show, the best first. */
const FORMS: [type: string, render: Render][] = [
  [FIGURE, renderFigure],
  ["text/html", (content) => String(content)],
  ["image/svg+xml", (content) => String(content)],
  ["image/png", picture("image/png")],
  ["image/jpeg", picture("image/jpeg")],
  ["text/markdown", (content, _, context) => renderMarkdown(String(content), context)],
  ["application/json", (content) => `<pre>${escapeHtml(JSON.stringify(content, null, 2))}</pre>`],
  ["text/plain", (content) => `<pre>${plain(String(content))}</pre>`],
];

function renderBundle(bundle: JsonObject, context: MarkdownContext): string {
  const form = FORMS.find(([type]) => bundle[type] !== undefined);
  return form === undefined ? "" : form[1](bundle[form[0]], bundle, context);
}

/** A place for a figure with its data; the page's script draws it there. */
function renderFigure(figure: unknown, bundle: JsonObject): string {
  const layout = isObject(figure) && isObject(figure.layout) ? figure.layout : {};
  const label = escapeHtml(String(bundle["text/plain"] ?? "Plot"));
  return `<div class="figure" role="img" aria-label="${label}" style="min-height:${
    Number(layout.height) || 400
  }px"><script type="application/json">${scriptJson(figure)}</script></div>`;
}

function plain(text: string): string {
  return escapeHtml(stripVTControlCharacters(text));
}
