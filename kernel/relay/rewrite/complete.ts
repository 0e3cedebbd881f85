/**
 * Whether a cell typed into a console is finished, so that Enter runs it.
 *
 * @module
 */
import { blankTypes } from "./blank.ts";

/** The answer of an `is_complete_request`. */
export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Unterminated template literals and comments may go on, an unterminated string may not. */
const MAY_GO_ON = new Set([1160, 1010]);
const UNTERMINATED_STRING = 1002;
const INDENT = "  ";

/**
 * Judges whether more has to follow: everything that was opened must be closed.
 *
 * @example
 * ```ts
 * import { isComplete } from "./complete.ts";
 *
 * const { status } = await isComplete("for (;;) {");
 * if (status !== "incomplete") throw new Error("should go on");
 * ```
 */
export async function isComplete(code: string): Promise<Completeness> {
  if (blankTypes(code)) return { status: "complete" };
  const { parse, syntaxProblems } = await import("./syntax.ts");
  const problems = syntaxProblems(parse(code));
  if (problems.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  // The first problem tells: later ones are often the parser's own confusion.
  const { offset, code: number } = problems[0]!;
  const closed = offset < end && !MAY_GO_ON.has(number);
  if (closed || number === UNTERMINATED_STRING) return { status: "invalid" };
  return { status: "incomplete", indent: nextIndent(code) };
}

function nextIndent(code: string): string {
  const last = code.trimEnd().split("\n").at(-1)!;
  const indent = /^\s*/.exec(last)![0];
  return /[{([]$/.test(last) ? indent + INDENT : indent;
}
