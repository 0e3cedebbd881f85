/**
 * The cells whose outputs may still come: what a timer prints belongs to the cell that set it.
 *
 * @module
 */
import type { Cell } from "./cell.ts";

/** So many cells are kept, */
const CELLS = 1_000;
/** and so many runs of handlers, of which a slider that is dragged makes dozens a second. */
const HANDLERS = 100;

/** Remembers cells by their ids, the newest ones. */
export class RecentCells {
  readonly #cells = new Map<string, Cell>();
  readonly #handlers = new Map<string, Cell>();

  /** Remembers a cell, and forgets the oldest of its kind. */
  add(cell: Cell): void {
    const [cells, limit] = cell.isHandler ? [this.#handlers, HANDLERS] : [this.#cells, CELLS];
    cells.set(cell.id, cell);
    if (cells.size > limit) cells.delete(cells.keys().next().value!);
  }

  /** The cell with an id. */
  get(id: string): Cell | undefined {
    return this.#cells.get(id) ?? this.#handlers.get(id);
  }

  /** The cell that V8 knows under the name of a script. */
  ofScript(script: string): Cell | undefined {
    return [...this.#cells.values()].find((cell) => cell.script === script);
  }
}
