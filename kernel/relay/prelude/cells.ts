/**
 * Which cell is running, and which cell a piece of asynchronous work was started by: output of a
 * timer belongs to the cell that set it, however long ago that was.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";

const owner = new AsyncLocalStorage<string>();
let current = "";
const dead = new Set<string>();

/** Runs `work` on behalf of a cell, as the one now running. */
export function enterCell<T>(cell: string, work: () => T): T {
  current = cell;
  return owner.run(cell, work);
}

/** Runs `work` on behalf of a cell that may have ended long ago. */
export function onBehalfOf<T>(cell: string, work: () => T): T {
  return owner.run(cell, work);
}

/** The cell that the code now running belongs to. */
export function ownerCell(): string {
  return owner.getStore() ?? current;
}

/** Marks a cell as stopped: its timers no longer fire and its awaits reject. */
export function bury(cell: string): void {
  dead.add(cell);
}

/** Whether a cell has been stopped. */
export function isDead(cell: string): boolean {
  return dead.has(cell);
}
