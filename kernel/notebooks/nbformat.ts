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

/** The MIME type under which notebooks carry a figure. */
export const FIGURE = "application/vnd.plotly.v1+json";

/** A notebook. */
export interface Notebook {
  /** The format's major version. */
  nbformat: 4;
  /** The format's minor version; cell ids came with 5. */
  nbformat_minor: number;
  /** What belongs to the notebook as a whole. */
  metadata: NotebookMetadata;
  /** The cells from top to bottom. */
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
  /** What kind of cell it is. */
  cell_type: "code";
  /** Unique in the notebook: 1 to 64 letters, digits, `-` and `_`. */
  id: string;
  /** Side information. */
  metadata: CellMetadata;
  /** What a person typed. */
  source: string;
  /** The number it ran as, as in `[4]`. */
  execution_count: number | null;
  /** What it put out when it last ran. */
  outputs: Output[];
}

/** A cell of prose, or one passed through untouched. */
export interface TextCell {
  /** What kind of cell it is. */
  cell_type: "markdown" | "raw";
  /** Unique in the notebook: 1 to 64 letters, digits, `-` and `_`. */
  id: string;
  /** Side information. */
  metadata: CellMetadata;
  /** What a person typed. */
  source: string;
  /** Pictures pasted into the prose, by name and MIME type. */
  attachments?: JsonObject;
}

/** One cell. */
export type Cell = CodeCell | TextCell;

/** A file that isn't a notebook we can work with. */
export class NotebookError extends Error {
  /** The name in messages. */
  override name = "NotebookError";
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
