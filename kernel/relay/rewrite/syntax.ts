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
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ESNext,
    // In a script without imports, `await (x)` would be the call of a function named await.
    setExternalModuleIndicator: (file) => {
      (file as unknown as { externalModuleIndicator: unknown }).externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(name, text, options, true, kind);
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
