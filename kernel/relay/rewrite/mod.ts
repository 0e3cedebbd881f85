/**
 * From a cell of TypeScript to a script for V8's REPL mode, and from positions in that script back
 * to the cell.
 *
 * @module
 */
import ts from "typescript";
import { rewriteAwaits } from "./awaits.ts";
import { rewriteModules } from "./imports.ts";
import { EditedSource, offsetAt, type Place, placeAt } from "./source.ts";
import { CellSyntaxError } from "./syntax_error.ts";
import { parse, type SyntaxProblem, syntaxProblems } from "./syntax.ts";
import { removeTypes } from "./types.ts";

export { isComplete } from "./complete.ts";
export type { Place } from "./source.ts";

/** A cell that can be run. */
export interface RewrittenCell {
  /** The script. */
  readonly script: string;
  /** Whether `undefined` as the cell's value was asked for, rather than being a call's silence. */
  readonly showUndefined: boolean;
  /** The place in the cell that a place in the script came from. */
  placeOf(place: Place): Place;
}

/**
 * Rewrites a cell.
 *
 * @param code The cell.
 * @param name What V8 shall call the script.
 * @throws {CellSyntaxError} When the cell can't be parsed.
 *
 * @example
 * ```ts
 * import { rewrite } from "./mod.ts";
 *
 * const { script } = rewrite("const x: number = 1;", "cell_1.ts");
 * if (!script.includes("const x         = 1;")) throw new Error(script);
 * ```
 */
export function rewrite(code: string, name: string): RewrittenCell {
  const { file, wrapped } = parseCell(code);
  const typeless = removeTypes(file);
  const javascript = parse(typeless.toString());
  const source = new EditedSource(typeless.toString());
  // Without `void 0` a cell of declarations would have the directive as its value.
  source.replace(0, 0, "'use strict';await __cell.begin();void 0;");
  rewriteModules(javascript, source);
  rewriteAwaits(javascript, source);
  const script = `${source}\n//# sourceURL=${name}`;
  const stages = [source, typeless, wrapped];
  return {
    script,
    showUndefined: endsInName(javascript),
    placeOf(place) {
      const offset = stages.reduce((at, stage) => stage.sourceOffset(at), offsetAt(script, place));
      return placeAt(code, offset);
    },
  };
}

/** The scripts of a request's `user_expressions`, by name. */
export function rewriteExpressions(expressions: unknown): Record<string, string> {
  const scripts: Record<string, string> = {};
  for (const [name, code] of Object.entries(expressions ?? {})) {
    let rewritten: RewrittenCell | undefined;
    try {
      rewritten = rewrite(String(code), "expression.ts");
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
    }
    scripts[name] = rewritten?.script ?? String(code); // V8 then tells what is wrong with it.
  }
  return scripts;
}

function parseCell(code: string): { file: ts.SourceFile; wrapped: EditedSource } {
  const wrapped = new EditedSource(code);
  if (/^\s*\{/.test(code)) {
    // `{ a: 1 }` means an object, not a block with a label.
    wrapped.replace(0, 0, "(");
    wrapped.replace(code.length, code.length, ")");
    const file = parse(wrapped.toString());
    if (syntaxProblems(file).length === 0) return { file, wrapped };
  }
  const unchanged = new EditedSource(code);
  const file = parse(code);
  const [problem] = syntaxProblems(file);
  if (!problem) return { file, wrapped: unchanged };
  const withJsx = parse(code, ts.ScriptKind.TSX);
  if (syntaxProblems(withJsx).length === 0) return { file: withJsx, wrapped: unchanged };
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

/** Whether the cell ends in naming something, as against calling or assigning. */
function endsInName(file: ts.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return false;
  let expression = last.expression;
  while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
  return ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression) ||
    ts.isElementAccessExpression(expression);
}
