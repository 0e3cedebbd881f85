import { basename, dirname, join } from "node:path";
import type { Output } from "../client/mod.ts";
import { splitAttachments, splitBundle, splitLines } from "./lines.ts";
import type { Cell, JsonObject, Notebook } from "./nbformat.ts";

/**
 * A notebook as the text Jupyter itself would write: keys sorted, indented by one space, texts cut
 * into lines, a newline at the end.
 */
export function formatNotebook(notebook: Notebook): string {
  const file = {
    ...notebook,
    // Cell ids came with 4.5; ours always have them.
    nbformat_minor: Math.max(5, notebook.nbformat_minor),
    cells: notebook.cells.map(fileCell),
  };
  return `${stringify(file, "\n")}\n`;
}

/**
 * Writes a notebook, unless the file says the same already. The new text replaces the old in one
 * step: whoever reads the file sees one or the other, whatever happens in between.
 *
 * @returns Whether the file was changed.
 */
export function writeNotebook(path: string, notebook: Notebook): boolean {
  const text = formatNotebook(notebook);
  if (currentText(path) === text) return false;
  // Synchronous, so that no signal comes between the temporary file and its renaming.
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    Deno.writeTextFileSync(temporary, text);
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // It was never made; the first error says why.
    }
    throw error;
  }
  return true;
}

function currentText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function fileCell(cell: Cell): JsonObject {
  const file: JsonObject = { ...cell, source: splitLines(cell.source) };
  if (cell.cell_type === "code") file.outputs = cell.outputs.map(fileOutput);
  else if (cell.attachments) file.attachments = splitAttachments(cell.attachments);
  return file;
}

function fileOutput(output: Output): JsonObject {
  if (output.output_type === "stream") return { ...output, text: splitLines(output.text) };
  if (output.output_type === "error") return { ...output };
  return { ...output, data: splitBundle(output.data) };
}

/** JSON as Python's `json.dumps(…, sort_keys=True, indent=1)`; `newline` holds the indentation. */
function stringify(value: unknown, newline: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const inner = `${newline} `;
  const items = Array.isArray(value)
    ? value.map((item) => stringify(item, inner))
    : Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, item]) => `${JSON.stringify(key)}: ${stringify(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length === 0
    ? `${open}${close}`
    : `${open}${inner}${items.join(`,${inner}`)}${newline}${close}`;
}
