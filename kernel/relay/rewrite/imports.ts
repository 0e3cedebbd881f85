/**
 * Imports and exports of a cell: a script, which V8's REPL mode needs, can't have either.
 *
 * @module
 */
import ts from "typescript";
import type { EditedSource } from "./source.ts";

const TYPE_LIKE = /^\p{Lu}/u;

/** Turns the imports of a parsed JavaScript cell into dynamic ones, and drops `export`. */
export function rewriteModules(file: ts.SourceFile, source: EditedSource): void {
  const used = usedNames(file);
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isImportDeclaration(statement)) {
      source.replace(start, statement.end, importCode(statement, file, used));
    } else if (ts.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier?.getText(file);
      source.replace(start, statement.end, from ? `await __cell.await(import(${from}));` : "");
    } else if (ts.isExportAssignment(statement)) {
      source.replace(start, statement.expression.getStart(file), "");
    } else if (ts.canHaveModifiers(statement)) {
      for (const modifier of ts.getModifiers(statement) ?? []) {
        const exported = modifier.kind === ts.SyntaxKind.ExportKeyword ||
          modifier.kind === ts.SyntaxKind.DefaultKeyword;
        if (exported) source.replace(modifier.getStart(file), modifier.end, "");
      }
    }
  }
}

function importCode(
  declaration: ts.ImportDeclaration,
  file: ts.SourceFile,
  used: ReadonlySet<string>,
): string {
  const from = declaration.moduleSpecifier.getText(file);
  const attributes = declaration.attributes?.getText(file).replace(/^(with|assert)\s*/, "");
  const options = attributes ? `, { with: ${attributes} }` : "";
  const loaded = `await __cell.await(import(${from}${options}))`;
  const clause = declaration.importClause;
  if (!clause) return `${loaded};`;
  const { name, namedBindings } = clause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    const namespace = namedBindings.name.text;
    const extra = name ? ` const { default: ${name.text} } = ${namespace};` : "";
    return `const ${namespace} = ${loaded};${extra}`;
  }
  const bindings: { exported: string; local: string }[] = [];
  if (name) bindings.push({ exported: "default", local: name.text });
  for (const { propertyName, name } of namedBindings?.elements ?? []) {
    bindings.push({ exported: (propertyName ?? name).text, local: name.text });
  }
  // A type imported without saying so doesn't exist at run time, so only sure values are checked.
  const checked = bindings.filter(({ exported, local }) =>
    used.has(local) || !TYPE_LIKE.test(exported)
  );
  const pattern = bindings.map(({ exported, local }) => `${JSON.stringify(exported)}: ${local}`);
  const names = JSON.stringify(checked.map(({ exported }) => exported));
  return `const { ${pattern.join(", ")} } = __cell.exports(${loaded}, ${names}, ${from});`;
}

/** Every identifier outside the imports. */
function usedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (!ts.isImportDeclaration(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
