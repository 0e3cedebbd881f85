/**
 * Cells that need the TypeScript compiler: to become JavaScript, or to be told what is wrong.
 *
 * @module
 */
import ts from "typescript";
import { type EditedSource, placeAt } from "./source.ts";
import { CellSyntaxError } from "./syntax_error.ts";
import { parse, type SyntaxProblem, syntaxProblems } from "./syntax.ts";
import { removeTypes } from "./types.ts";

/**
 * Compiles a cell.
 *
 * @param code The cell.
 * @param wrapped The cell as an expression, if it may be one.
 * @returns The edits that make JavaScript of it, one upon the other.
 * @throws {CellSyntaxError} When the cell can't be parsed.
 */
export function compileCell(code: string, wrapped?: EditedSource): EditedSource[] {
  if (wrapped) {
    const file = parse(wrapped.toString());
    if (syntaxProblems(file).length === 0) return [wrapped, removeTypes(file)];
  }
  const file = parse(code);
  const [problem] = syntaxProblems(file);
  if (!problem) return [removeTypes(file)];
  const withJsx = parse(code, ts.ScriptKind.TSX);
  if (syntaxProblems(withJsx).length === 0) return [removeTypes(withJsx)];
  throw describeProblem(code, problem);
}

function describeProblem(code: string, { message, offset }: SyntaxProblem): CellSyntaxError {
  const place = placeAt(code, offset);
  const line = code.split("\n")[place.line - 1]!.trim();
  const hint = /^[%!]/.test(line)
    ? ` "${line}" looks like a command for IPython; cells here are TypeScript.`
    : "";
  return new CellSyntaxError(message + hint, place);
}
