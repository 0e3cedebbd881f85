import type { Notebook } from "./nbformat.ts";
import { keepVolatile, normalize } from "./normalize.ts";
import { writeNotebook } from "./write.ts";

/**
 * Stores a notebook with the outputs of a run, so that running and storing it again changes
 * nothing: what differs at each run is taken out or kept as it was, and a figure that is the same
 * keeps its PNG.
 *
 * @param path The file.
 * @param notebook The notebook as it has just run.
 * @param previous The notebook as the file has it.
 * @returns Whether the file was changed.
 * @throws {NotebookError} When it gets too large, or a figure can't be drawn.
 * @throws {BrowserNotFound} When there are new figures and no browser to draw them.
 */
export async function storeOutputs(
  path: string,
  notebook: Notebook,
  previous: Notebook,
): Promise<boolean> {
  const stored = normalize(notebook);
  keepVolatile(stored, previous);
  // What draws PNGs brings a browser along, which a run that stores nothing needn't load.
  const { renderFigures } = await import("./render/mod.ts");
  await renderFigures(stored, previous);
  return writeNotebook(path, stored);
}
