/**
 * What the checks find.
 *
 * @module
 */

/** A problem, in a cell if it can be told which. */
export interface Problem {
  /** The notebook, or the module that it imports, as a path. */
  readonly path: string;
  /** The cell's place among all cells, counted from 1. */
  readonly cell?: number;
  /** The line of the cell or of the module, counted from 1. */
  readonly line?: number;
  /** The rule: `TS2322`, a lint rule's name, `fmt`, `redeclared`, `notebook`. */
  readonly code: string;
  /** What is wrong. */
  readonly message: string;
}

/**
 * A problem as one line, or more if its message has more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describe } from "./problem.ts";
 *
 * assertEquals(
 *   describe({ path: "a.ipynb", cell: 4, line: 2, code: "TS2322", message: "Type …" }),
 *   "a.ipynb cell 4, line 2: TS2322 Type …",
 * );
 * ```
 */
export function describe({ path, cell, line, code, message }: Problem): string {
  const place = [cell && ` cell ${cell}`, line && ` line ${line}`].filter(Boolean).join(",");
  return `${path}${place}: ${code} ${message}`;
}
