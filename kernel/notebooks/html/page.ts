/**
 * A notebook as a page that needs nothing else: no network, no server, no other file.
 *
 * @module
 */

import { type Cell, FIGURE, type Notebook } from "../nbformat.ts";
import { plotlyScript } from "../../renderer/plotly_script.ts";
import { escapeHtml } from "../../../lib/notebook/html.ts";
import { highlight } from "./highlight.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderOutput } from "./outputs.ts";

/** A page of the index. */
export interface IndexEntry {
  /** The page's file name. */
  readonly file: string;
  /** What it is called. */
  readonly title: string;
}

/**
 * A notebook as HTML. Figures are interactive; plotly.js is in the page once, and only if it has
 * figures.
 *
 * @param notebook The notebook with its outputs.
 * @param folder The notebook's folder, for the pictures that its prose refers to.
 */
export async function renderNotebook(notebook: Notebook, folder: string): Promise<string> {
  const body = notebook.cells.map((cell) => renderCell(cell, folder)).join("\n");
  const scripts = notebook.cells.some(hasFigure)
    ? [await plotlyScript(), await readBeside("page.js")]
    : [];
  return await wrap(titleOf(notebook), body, scripts);
}

/** The page that lists the others. */
export async function renderIndex(entries: readonly IndexEntry[]): Promise<string> {
  const items = entries.map(({ file, title }) =>
    `<li><a href="${escapeHtml(encodeURI(file))}">${escapeHtml(title)}</a></li>`
  );
  return await wrap("Tunebook", `<h1>Tunebook</h1>\n<ul>\n${items.join("\n")}\n</ul>`, []);
}

/** A notebook's title: its first heading. */
export function titleOf(notebook: Notebook): string {
  for (const { cell_type, source } of notebook.cells) {
    const heading = cell_type === "markdown" ? /^#{1,6}\s+(.+)$/m.exec(source)?.[1] : undefined;
    if (heading !== undefined) return heading.replaceAll(/[*`]/g, "").trim();
  }
  return "Untitled";
}

function renderCell(cell: Cell, folder: string): string {
  if (cell.cell_type !== "code") {
    if (cell.cell_type === "raw") return "";
    const { attachments } = cell;
    return `<div class="prose">${renderMarkdown(cell.source, { folder, attachments })}</div>`;
  }
  if (cell.source.trim() === "") return "";
  const outputs = cell.outputs.map((output) => renderOutput(output, { folder })).join("\n");
  return `<pre class="code"><code>${highlight(cell.source, "typescript")}</code></pre>` +
    `\n<div class="outputs">${outputs}</div>`;
}

function hasFigure(cell: Cell): boolean {
  return cell.cell_type === "code" &&
    cell.outputs.some((output) => "data" in output && output.data[FIGURE] !== undefined);
}

async function wrap(title: string, body: string, scripts: string[]): Promise<string> {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${await readBeside("style.css")}</style>
</head>
<body>
${body}
${scripts.map((text) => `<script>${text.replaceAll("</script", "<\\/script")}</script>`).join("\n")}
</body>
</html>
`;
}

function readBeside(file: string): Promise<string> {
  return Deno.readTextFile(new URL(file, import.meta.url));
}
