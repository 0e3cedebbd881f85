/**
 * What the checks read of a notebook: its code cells.
 *
 * @module
 */
import { isObject, type NotebookMetadata } from "../nbformat.ts";
import { parseNotebook } from "../read.ts";

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
 * @param name The file's name, for error messages.
 * @returns The cells, or the reason for passing over the notebook: it is written
 * in another language than TypeScript or JavaScript.
 * @throws {NotebookError} If the text is no notebook in nbformat 4.
 *
 * @example
 * ```ts ignore
 * import { readCells } from "./notebook.ts";
 *
 * const { cells } = readCells(await Deno.readTextFile("lesson.ipynb"), "lesson.ipynb");
 * ```
 */
export function readCells(text: string, name: string): NotebookCells {
  const notebook = parseNotebook(text, name);
  const language = languageOf(notebook.metadata);
  if (!/^(typescript|javascript)$/i.test(language)) return { skipped: `written in ${language}` };
  const cells = notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const skipped = cell.metadata.tags?.includes(SKIP_TAG) ?? false;
    return [{ number: index + 1, source: cell.source, skipped }];
  });
  return { cells };
}

/** The sources of all cells, code or not, in order. */
export function allSources(text: string): string[] {
  return parseNotebook(text, "the notebook").cells.map(({ source }) => source);
}

function languageOf({ language_info: info, kernelspec }: NotebookMetadata): string {
  const name = isObject(info) ? info.name : kernelspec.language;
  return typeof name === "string" ? name : "typescript";
}
