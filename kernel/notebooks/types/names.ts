/**
 * Which names a cell brings, and where from.
 *
 * @module
 */
import ts from "typescript";

/** A name that an import brings. */
export interface ImportedName {
  readonly local: string;
  /** What it stands for: module and exported name; the same text means the same thing. */
  readonly meaning: string;
  readonly typeOnly: boolean;
  /** The import of this name alone, under another one. */
  as(other: string): string;
}

/** The names of an import declaration. */
export function importedNames(declaration: ts.ImportDeclaration): ImportedName[] {
  const clause = declaration.importClause;
  if (!clause) return [];
  const module = (declaration.moduleSpecifier as ts.StringLiteral).text;
  const attributes = declaration.attributes ? ` ${declaration.attributes.getText()}` : "";
  const from = `from ${declaration.moduleSpecifier.getText()}${attributes};`;
  const name = (local: string, exported: string, type: boolean, as: (n: string) => string) => ({
    local,
    meaning: `${module}#${exported}`,
    typeOnly: type,
    as: (other: string) => `import ${type ? "type " : ""}${as(other)} ${from}`,
  });

  const names: ImportedName[] = [];
  if (clause.name) names.push(name(clause.name.text, "default", clause.isTypeOnly, (n) => n));
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    names.push(name(bindings.name.text, "*", clause.isTypeOnly, (n) => `* as ${n}`));
  }
  for (const element of bindings && ts.isNamedImports(bindings) ? bindings.elements : []) {
    const exported = (element.propertyName ?? element.name).getText();
    const typeOnly = clause.isTypeOnly || element.isTypeOnly;
    names.push(name(element.name.text, exported, typeOnly, (n) => `{ ${exported} as ${n} }`));
  }
  return names;
}

/**
 * What a name is bound by, as far as it matters for taking it again: both
 * kernels, Deno's and ours, refuse to bind a name of one kind by another one.
 * Types have no kind, since they are gone when a cell runs.
 */
export type BindingKind = "const" | "let" | "var" | "enum";

/** What declares names of a kind. */
export const DECLARED_BY: Record<BindingKind, string> = {
  const: "a const or an import",
  let: "a let or a class",
  var: "a function or a var",
  enum: "an enum",
};

/** A name that a cell declares at its top level. */
export interface DeclaredName {
  readonly name: string;
  readonly kind: BindingKind | undefined;
  readonly node: ts.Node;
}

/** The names that a cell declares at its top level, imports aside. */
export function declaredNames(file: ts.SourceFile): DeclaredName[] {
  const names: DeclaredName[] = [];
  const bind = (node: ts.BindingName, kind: BindingKind): void => {
    if (ts.isIdentifier(node)) names.push({ name: node.text, kind, node });
    else for (const part of node.elements) if (ts.isBindingElement(part)) bind(part.name, kind);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const { declarations, flags } = statement.declarationList;
      const kind = flags & ts.NodeFlags.Const ? "const" : flags & ts.NodeFlags.Let ? "let" : "var";
      for (const { name } of declarations) bind(name, kind);
    } else if (isNamedDeclaration(statement) && statement.name) {
      const node = statement.name;
      names.push({ name: node.text, kind: kindOf(statement), node });
    }
  }
  return names;
}

function kindOf(statement: ts.Statement): BindingKind | undefined {
  if (ts.isFunctionDeclaration(statement)) return "var";
  if (ts.isClassDeclaration(statement)) return "let";
  return ts.isEnumDeclaration(statement) ? "enum" : undefined;
}

/**
 * Where a cell uses names before its own declaration of them has run, as in `const a = a + 1`: there
 * the kernel still has the older meaning. Functions, which run later, are passed over.
 */
export function earlierUses(file: ts.SourceFile, names: ReadonlySet<string>): ts.Identifier[] {
  const declared = new Map<string, number>();
  for (const statement of file.statements.filter(ts.isVariableStatement)) {
    for (const { name, end } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && names.has(name.text)) declared.set(name.text, end);
    }
  }
  const uses: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node) && node.end <= (declared.get(node.text) ?? 0) && !isLabel(node)) {
      uses.push(node);
    }
    ts.forEachChild(node, visit);
  };
  if (declared.size > 0) visit(file);
  return uses;
}

/** Whether an identifier names something new or a property, and is no use of a variable. */
function isLabel(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && parent.name === node ||
    ts.isBindingElement(parent) && parent.initializer !== node ||
    (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

/** Every identifier that occurs in a cell. */
export function mentionedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function isNamedDeclaration(
  statement: ts.Statement,
): statement is ts.Statement & { name?: ts.Identifier | ts.StringLiteral } {
  return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement);
}
