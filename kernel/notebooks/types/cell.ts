/**
 * A cell cut in two: statements that must stand at the top of a module, and the
 * rest, which can stand in a block. Both keep their lines.
 *
 * @module
 */
import ts from "typescript";

/** A piece of a cell's text, moved to the top of the program. */
export interface Piece {
  readonly text: string;
  /** The line of the cell on which it starts, counted from 1. */
  readonly line: number;
}

/** The two parts of a cell. */
export interface CutCell {
  readonly hoisted: readonly Piece[];
  /** The cell's text with blanks in place of the hoisted pieces and of `export`. */
  readonly body: string;
}

/**
 * Cuts a cell.
 *
 * @param file The cell, parsed.
 * @param folder URL of the notebook's folder, ending in `/`; relative imports
 * are made absolute, since the program is written elsewhere.
 * @param renamed Identifiers that get another name.
 */
export function cutCell(
  file: ts.SourceFile,
  folder: URL,
  renamed: ReadonlyMap<ts.Identifier, string>,
): CutCell {
  const { text } = file;
  const edits = [
    ...relativeImports(file, folder),
    ...[...renamed].map(([node, name]): Edit => {
      const short = ts.isShorthandPropertyAssignment(node.parent);
      return {
        start: node.getStart(file),
        end: node.end,
        text: short ? `${node.text}: ${name}` : name,
      };
    }),
  ];
  const moved = file.statements.filter(belongsAtTop).map((node): [number, number] => {
    // With its comments, of which one may be for the compiler.
    const comment = ts.getLeadingCommentRanges(text, node.getFullStart())?.[0];
    return [comment?.pos ?? node.getStart(file), node.end];
  });
  const hoisted = moved.map(([start, end]) => ({
    text: apply(text, edits, start, end),
    line: file.getLineAndCharacterOfPosition(start).line + 1,
  }));
  const blanks = [...moved, ...exportKeywords(file)].map(([start, end]) => blank(text, start, end));
  const kept = edits.filter(({ start }) =>
    !blanks.some((gone) => gone.start <= start && start < gone.end)
  );
  return { hoisted, body: apply(text, [...kept, ...blanks], 0, text.length) };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function blank(text: string, start: number, end: number): Edit {
  return { start, end, text: text.slice(start, end).replaceAll(/[^\n]/g, " ") };
}

/** The text from `from` to `to`, with the edits that lie inside. */
function apply(text: string, edits: readonly Edit[], from: number, to: number): string {
  let result = "";
  let at = from;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at || edit.end > to) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at, to);
}

/** Imports, namespaces and `declare` may not stand in a block. */
function belongsAtTop(statement: ts.Statement): boolean {
  const declared = ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  return ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement) ||
    ts.isModuleDeclaration(statement) || Boolean(declared);
}

/** Where `export`, which the kernel passes over, stands. */
function exportKeywords(file: ts.SourceFile): [start: number, end: number][] {
  return file.statements.filter((statement) => !belongsAtTop(statement)).flatMap((statement) => {
    const start = statement.getStart(file);
    if (ts.isExportDeclaration(statement)) return [[start, statement.end]];
    if (ts.isExportAssignment(statement)) return [[start, statement.expression.getStart(file)]];
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) ?? [] : [];
    return modifiers
      .filter(({ kind }) =>
        kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword
      )
      .map((keyword): [number, number] => [keyword.getStart(file), keyword.end]);
  });
}

/** Edits that make `./x.ts` absolute, in static and dynamic imports and in types. */
function relativeImports(file: ts.SourceFile, folder: URL): Edit[] {
  const edits: Edit[] = [];
  const add = (specifier: ts.Node | undefined): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier) || !/^\.\.?\//.test(specifier.text)) {
      return;
    }
    const text = JSON.stringify(new URL(specifier.text, folder).href);
    edits.push({ start: specifier.getStart(file), end: specifier.end, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}
