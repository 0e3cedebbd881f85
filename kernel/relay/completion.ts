/**
 * Where a completion starts, and what it hangs on.
 *
 * @module
 */

/** The path of names before the cursor: `Deno.errors.No|` is after `["Deno", "errors"]`, `No`. */
export interface CompletionPoint {
  /** The names before the last dot. */
  readonly path: string[];
  /** What was typed of the name. */
  readonly typed: string;
}

/**
 * In characters. A regular expression that is tied to the end alone tries every start, and takes
 * minutes in a cell with a hundred kilobytes of hexadecimal digits.
 */
const LONGEST_PATH = 1_000;
const PATH =
  /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*(?:#?[\p{ID_Start}$_][\p{ID_Continue}$]*|#)?$/u;

/**
 * Finds the name at the cursor. `undefined` when a call or an index comes before it, whose value
 * isn't known without running it.
 */
export function completionPoint(before: string): CompletionPoint | undefined {
  const found = PATH.exec(before.slice(-LONGEST_PATH))![0];
  const rest = before.slice(0, before.length - found.length).trimEnd();
  if (rest.endsWith(".")) return undefined;
  const names = found.split(/\s*\??\.\s*/);
  return { path: names.slice(0, -1), typed: names.at(-1)! };
}

/** What there is of a name before the cursor. */
export function nameBefore(before: string): string {
  return /#?[\p{ID_Continue}$]*$/u.exec(before.slice(-LONGEST_PATH))![0];
}

/** The path of the name that the cursor is in: `["Deno", "errors"]` for `Deno.err|ors.NotFound`. */
export function pathAround(code: string, offset: number): string[] | undefined {
  const rest = /^[\p{ID_Continue}$]*/u.exec(code.slice(offset))![0];
  const point = completionPoint(code.slice(0, offset) + rest);
  return point && point.typed !== "" ? [...point.path, point.typed] : undefined;
}

/**
 * The offset in a JavaScript string of a position that Jupyter counts in Unicode code points.
 */
export function offsetOfCodePoint(text: string, position: number): number {
  return [...text].slice(0, position).join("").length;
}
