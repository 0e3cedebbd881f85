/**
 * From a cell of TypeScript to a script for V8's REPL mode, and from positions in that script back
 * to the cell.
 *
 * @module
 */
import { rewriteAwaits } from "./awaits.ts";
import { blankTypes } from "./blank.ts";
import { rewriteModules } from "./imports.ts";
import { parseJavaScript, type Program } from "./javascript.ts";
import { EditedSource, offsetAt, type Place, placeAt } from "./source.ts";
import { CellSyntaxError } from "./syntax_error.ts";

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
 * const { script } = await rewrite("const x: number = 1;", "cell_1.ts");
 * if (!script.includes("const x         = 1;")) throw new Error(script);
 * ```
 */
export async function rewrite(code: string, name: string): Promise<RewrittenCell> {
  const { text, program, stages } = await withoutTypes(code);
  const source = new EditedSource(text);
  // Without `void 0` a cell of declarations would have the directive as its value.
  source.replace(0, 0, "'use strict';await __cell.begin();void 0;");
  rewriteModules(program, text, source);
  rewriteAwaits(program, text, source);
  const script = `${source}\n//# sourceURL=${name}`;
  return {
    script,
    showUndefined: endsInName(program),
    placeOf: (place) => {
      const offset = source.sourceOffset(offsetAt(script, place));
      return placeAt(code, sourceOffset(stages, offset));
    },
  };
}

/** The scripts of a request's `user_expressions`, by name. */
export async function rewriteExpressions(expressions: unknown): Promise<Record<string, string>> {
  const scripts: Record<string, string> = {};
  for (const [name, code] of Object.entries(expressions ?? {})) {
    let rewritten: RewrittenCell | undefined;
    try {
      rewritten = await rewrite(String(code), "expression.ts");
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
    }
    scripts[name] = rewritten?.script ?? String(code); // V8 then tells what is wrong with it.
  }
  return scripts;
}

interface Typeless {
  readonly text: string;
  readonly program: Program;
  /** The edits by which the text was made of the cell, one upon the other. */
  readonly stages: readonly EditedSource[];
}

async function withoutTypes(code: string): Promise<Typeless> {
  const wrapped = asExpression(code);
  const blanked = blankTypes(String(wrapped ?? code));
  if (blanked) return { ...blanked, stages: wrapped ? [wrapped] : [] };
  const { compileCell } = await import("./compile.ts");
  const stages = compileCell(code, wrapped);
  const text = stages.at(-1)!.toString();
  try {
    return { text, program: parseJavaScript(text), stages };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // What the compiler lets pass, and no JavaScript engine does.
    const { message, pos } = error as SyntaxError & { pos: number };
    throw new CellSyntaxError(
      message.replace(/ \(\d+:\d+\)$/, ""),
      placeAt(code, sourceOffset(stages, pos)),
    );
  }
}

/** `{ a: 1 }` means an object, not a block with a label. */
function asExpression(code: string): EditedSource | undefined {
  if (!/^\s*\{/.test(code)) return undefined;
  const wrapped = new EditedSource(code);
  wrapped.replace(0, 0, "(");
  wrapped.replace(code.length, code.length, ")");
  return wrapped;
}

function sourceOffset(stages: readonly EditedSource[], offset: number): number {
  return stages.reduceRight((at, stage) => stage.sourceOffset(at), offset);
}

/** Whether the cell ends in naming something, as against calling or assigning. */
function endsInName(program: Program): boolean {
  const last = program.body.at(-1);
  if (last?.type !== "ExpressionStatement") return false;
  let { expression } = last;
  while (expression.type === "ParenthesizedExpression" || expression.type === "ChainExpression") {
    expression = expression.expression;
  }
  return expression.type === "Identifier" || expression.type === "MemberExpression";
}
