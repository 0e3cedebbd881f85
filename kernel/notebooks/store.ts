import type { Cell, Notebook } from "./nbformat.ts";
import { keepVolatile, normalize } from "./normalize.ts";
import { writeNotebook } from "./write.ts";

interface RenderModule {
  renderFigures(notebook: Notebook, previous: Notebook | undefined): Promise<void>;
}

const FIGURE = "application/vnd.plotly.v1+json";
const RENDER = new URL("./render/mod.ts", import.meta.url);

/**
 * Stores a notebook with the outputs of a run, so that running and storing it again changes
 * nothing: what differs at each run is taken out or kept as it was, and a figure that is the same
 * keeps its PNG.
 *
 * @param path The file.
 * @param notebook The notebook as it has just run.
 * @param previous The notebook as the file has it.
 * @returns Whether the file was changed.
 */
export async function storeOutputs(
  path: string,
  notebook: Notebook,
  previous: Notebook,
): Promise<boolean> {
  const stored = normalize(notebook);
  keepVolatile(stored, previous);
  if (stored.cells.some(hasFigure)) await renderFigures(stored, previous);
  return writeNotebook(path, stored);
}

function hasFigure(cell: Cell): boolean {
  return cell.cell_type === "code" &&
    cell.outputs.some((output) => "data" in output && FIGURE in output.data);
}

/** Loads what draws PNGs only here: it brings a browser, and most runs store nothing. */
async function renderFigures(notebook: Notebook, previous: Notebook): Promise<void> {
  const module: RenderModule = await import(RENDER.href);
  await module.renderFigures(notebook, previous);
}
