/**
 * From TypeScript to JavaScript with every character in its place: types become blanks. What blanks
 * can't express (enums, namespaces, parameter properties, decorators, JSX) is compiled statement by
 * statement, with a source map.
 *
 * @module
 */
import { decode } from "@jridgewell/sourcemap-codec";
import { blankSourceFile } from "ts-blank-space";
import ts from "typescript";
import { EditedSource, type LineOrigins, offsetAt } from "./source.ts";

/** Takes the types out of a parsed cell. */
export function removeTypes(file: ts.SourceFile): EditedSource {
  const compiled = new Set<ts.Statement>();
  const note = (node: ts.Node) => void compiled.add(statementOf(node));
  const blanked = blankSourceFile(file, note);
  findCompiledOnly(file, note);
  const source = new EditedSource(blanked);
  for (const statement of compiled) {
    const start = statement.getStart(file);
    const { text, origins } = compile(file, start, statement.end);
    source.replace(start, statement.end, text, origins);
  }
  return source;
}

function statementOf(node: ts.Node): ts.Statement {
  let statement = node;
  while (statement.parent && !ts.isSourceFile(statement.parent)) statement = statement.parent;
  return statement as ts.Statement;
}

/** What the blanking leaves alone although V8 can't run it. */
function findCompiledOnly(node: ts.Node, note: (node: ts.Node) => void): void {
  if (ts.isDecorator(node) || ts.isJsxElement(node) || ts.isJsxFragment(node)) note(node);
  if (ts.isJsxSelfClosingElement(node)) note(node);
  ts.forEachChild(node, (child) => findCompiledOnly(child, note));
}

function compile(
  file: ts.SourceFile,
  start: number,
  end: number,
): { text: string; origins: LineOrigins } {
  const text = file.text.slice(start, end);
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: file.fileName,
    compilerOptions: {
      // The newest target for which the compiler still takes decorators apart.
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.React,
      verbatimModuleSyntax: true,
      sourceMap: true,
    },
  });
  const { mappings } = JSON.parse(sourceMapText!) as { mappings: string };
  const origins = decode(mappings).map((line) =>
    line.flatMap(([column, , sourceLine, sourceColumn]) =>
      sourceLine === undefined ? [] : [
        [
          column,
          start + offsetAt(text, { line: sourceLine + 1, column: sourceColumn! + 1 }),
        ] as const,
      ]
    )
  );
  // `var` and `const` of one name in two cells is an error even in V8's REPL mode.
  const code = outputText.replace(/^((?:export )?)var (?=[\w$]+;$)/gm, "$1let ")
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  return { text: code, origins };
}
