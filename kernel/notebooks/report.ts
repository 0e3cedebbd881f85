/**
 * What `deno task lessons` says: where a notebook failed, and a table at the end.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { CellFailure } from "./run.ts";

/** One row of the table. */
export interface LessonResult {
  /** The lesson's name. */
  readonly name: string;
  /** The kernel's name, as a person sees it. */
  readonly kernel: string;
  /** How many code cells were run. */
  readonly cells: number;
  /** When the first plot was there, counted from the first cell; none without a plot. */
  readonly firstPlot?: number;
  /** How long it took, the kernel's start included. */
  readonly seconds: number;
  /** `passed, as stored`, `passed, stored`, `failed in cell 7`, … */
  readonly result: string;
}

/**
 * A failure in full: notebook, cell, source line and traceback.
 *
 * @param path The notebook's path, as a person can open it.
 * @param failure What failed.
 * @param colour Whether the kernel's colours are kept, for a terminal.
 */
export function describeFailure(path: string, failure: CellFailure, colour = false): string {
  const { cell, execution, source } = failure;
  const { error, line } = execution;
  const traceback = (error?.traceback ?? []).join("\n");
  const shown = colour ? traceback : stripVTControlCharacters(traceback);
  const place = line === undefined ? "" : `, line ${line}`;
  return [
    `${path}, cell ${cell}${place}:`,
    ...excerpt(source, line),
    "",
    ...shown.split("\n").map((part) => `  ${part}`),
  ].join("\n");
}

/** The results as a table with aligned columns; times are in seconds. */
export function formatTable(results: readonly LessonResult[]): string {
  const rows = [
    ["lesson", "kernel", "cells", "first plot", "seconds", "result"],
    ...results.map(({ name, kernel, cells, firstPlot, seconds, result }) => [
      name,
      kernel,
      String(cells),
      firstPlot?.toFixed(1) ?? "",
      seconds.toFixed(1),
      result,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return rows.map((row) =>
    row.map((text, column) =>
      column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column] ?? 0)
    ).join("  ")
  ).join("\n");
}

/** The failing line between its neighbours; the cell's beginning when the line isn't known. */
function excerpt(source: string, line: number | undefined): string[] {
  const lines = source.split("\n");
  const from = line === undefined ? 0 : Math.max(0, line - 3);
  const shown = lines.slice(from, line === undefined ? 5 : line + 1);
  const width = String(from + shown.length).length;
  return shown.map((text, index) => {
    const number = from + index + 1;
    const mark = number === line ? ">" : " ";
    return `${mark} ${String(number).padStart(width)} | ${text}`;
  });
}
