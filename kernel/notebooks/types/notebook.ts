/**
 * What the checks read of a notebook: its code cells.
 *
 * @module
 */

/** The tag of a cell that is not checked, as one that shows a mistake on purpose. */
export const SKIP_TAG = "skip-types";

/** A code cell. */
export interface CodeCell {
  /** Its place among all cells of the notebook, counted from 1. */
  readonly number: number;
  /** Its source as one text. */
  readonly source: string;
  /** Whether it carries {@linkcode SKIP_TAG}. */
  readonly skipped: boolean;
}

/** A notebook's code cells, or why there are none to check. */
export type NotebookCells =
  | { readonly cells: readonly CodeCell[]; readonly skipped?: undefined }
  | { readonly skipped: string };

/**
 * Reads the code cells of a notebook.
 *
 * @param text The notebook file's text.
 * @returns The cells, or the reason for passing over the notebook: it is written
 * in another language than TypeScript or JavaScript.
 * @throws {SyntaxError} If the text is no notebook of format 4.
 *
 * @example
 * ```ts ignore
 * import { readCells } from "./notebook.ts";
 *
 * const { cells } = readCells(await Deno.readTextFile("lesson.ipynb"));
 * ```
 */
export function readCells(text: string): NotebookCells {
  const notebook = parseNotebook(text);
  const language = languageOf(notebook.metadata);
  if (!/^(typescript|javascript)$/i.test(language)) return { skipped: `written in ${language}` };
  const cells = notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const skipped = cell.metadata?.tags?.includes(SKIP_TAG) ?? false;
    return [{ number: index + 1, source: sourceOf(cell), skipped }];
  });
  return { cells };
}

/** The sources of all cells, code or not, in order. */
export function allSources(text: string): string[] {
  return parseNotebook(text).cells.map(sourceOf);
}

interface Cell {
  cell_type: string;
  source: string | string[];
  metadata?: { tags?: string[] };
}

interface Notebook {
  cells: Cell[];
  metadata?: { kernelspec?: { language?: string }; language_info?: { name?: string } };
}

function parseNotebook(text: string): Notebook {
  let value: Partial<Notebook> & { nbformat?: number } | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`expected a notebook, found no JSON: ${(error as Error).message}`);
  }
  if (value?.nbformat !== 4) {
    throw new SyntaxError(`expected a notebook of format 4, found nbformat ${value?.nbformat}`);
  }
  if (!Array.isArray(value.cells)) {
    throw new SyntaxError("expected a notebook with a list of cells, found none");
  }
  return value as Notebook;
}

function languageOf(metadata: Notebook["metadata"]): string {
  return metadata?.language_info?.name ?? metadata?.kernelspec?.language ?? "typescript";
}

function sourceOf(cell: Cell): string {
  return Array.isArray(cell.source) ? cell.source.join("") : cell.source;
}
