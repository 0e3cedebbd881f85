import { type CodeCell, FIGURE, type Notebook } from "./nbformat.ts";
import { keepVolatile, normalize } from "./normalize.ts";

/** A cell that shows something else than what is stored. */
export interface ChangedCell {
  /** The cell's id. */
  readonly id: string;
  /** Its place among all cells of the notebook, from 1. */
  readonly cell: number;
}

/**
 * The cells of a notebook that show something else than when it was stored: every number counts,
 * but for what was declared to differ at each run, as timings are.
 *
 * @param notebook The notebook as it has just run; it isn't changed.
 * @param stored The notebook as its file has it.
 */
export function changedCells(notebook: Notebook, stored: Notebook): ChangedCell[] {
  const now = normalize(structuredClone(notebook));
  keepVolatile(now, stored);
  const before = new Map(stored.cells.map((cell) => [cell.id, cell]));
  return now.cells.flatMap((cell, i) => {
    const old = before.get(cell.id);
    if (cell.cell_type !== "code" || old?.cell_type !== "code") return [];
    return shown(cell) === shown(old) ? [] : [{ id: cell.id, cell: i + 1 }];
  });
}

/** Whether a notebook has outputs to compare with. */
export function hasOutputs({ cells }: Notebook): boolean {
  return cells.some((cell) => cell.cell_type === "code" && cell.outputs.length > 0);
}

/** What a cell shows: of a figure its JSON, from which its PNG and its HTML are made. */
function shown({ outputs }: CodeCell): string {
  const contents = outputs.map((output) =>
    "data" in output ? output.data[FIGURE] ?? output.data : output
  );
  return JSON.stringify(contents, (_, value) => isRecord(value) ? sorted(value) : value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
