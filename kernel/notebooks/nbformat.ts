/**
 * Notebooks as they are held in memory: nbformat 4.5
 * (https://nbformat.readthedocs.io/en/latest/format_description.html), every text in one piece
 * (files store it line by line).
 *
 * @module
 */
import type { Output } from "../client/mod.ts";
import type { JsonObject } from "../wire/mod.ts";

export type { JsonObject, Output };

/** A notebook. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: NotebookMetadata;
  cells: Cell[];
}

/** A notebook's metadata. */
export interface NotebookMetadata extends JsonObject {
  /** The kernel it is meant for. */
  kernelspec: JsonObject & { name: string };
}

/** A cell's metadata. */
export interface CellMetadata extends JsonObject {
  /** For instance `exercise`, `raises-exception`. */
  tags?: string[];
}

/** A cell that runs. */
export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: CellMetadata;
  source: string;
  execution_count: number | null;
  outputs: Output[];
}

/** A cell of prose, or one passed through untouched. */
export interface TextCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: CellMetadata;
  source: string;
  /** Pictures pasted into the prose, by name and MIME type. */
  attachments?: JsonObject;
}

/** One cell. */
export type Cell = CodeCell | TextCell;

/** A file that isn't a notebook we can work with. */
export class NotebookError extends Error {
  override name = "NotebookError";
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
