/**
 * Parsing cells with the TypeScript compiler.
 *
 * @module
 */
import ts from "typescript";

/** What the parser found wrong first. */
export interface SyntaxProblem {
  /** What is wrong. */
  readonly message: string;
  /** Where, as an offset into the parsed text. */
  readonly offset: number;
  /** The compiler's number for it. */
  readonly code: number;
}

/** Parses a text as a module. */
export function parse(text: string, kind = ts.ScriptKind.TS): ts.SourceFile {
  const name = kind === ts.ScriptKind.TSX ? "cell.tsx" : "cell.ts";
  return ts.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.ESNext }, true, kind);
}

/** All that the parser found wrong, in the order of the text. */
export function syntaxProblems(file: ts.SourceFile): SyntaxProblem[] {
  // Not part of the compiler's public types, but what every tool that only parses reads.
  const found = (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] })
    .parseDiagnostics;
  return found.map(({ messageText, start, code }) => ({
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    offset: start,
    code,
  }));
}
