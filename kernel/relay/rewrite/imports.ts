/**
 * Imports and exports of a cell: a script, which V8's REPL mode needs, can't have either.
 *
 * @module
 */
import type { Identifier, ImportDeclaration, Literal } from "acorn";
import { type Program, walk } from "./javascript.ts";
import type { EditedSource } from "./source.ts";

const TYPE_LIKE = /^\p{Lu}/u;

/**
 * Turns the imports of a cell into dynamic ones, and drops `export`.
 *
 * @param program The cell.
 * @param text What it was parsed from.
 * @param source Where the changes go.
 */
export function rewriteModules(program: Program, text: string, source: EditedSource): void {
  const used = usedNames(program);
  for (const statement of program.body) {
    const { type, start, end } = statement;
    if (type === "ImportDeclaration") source.replace(start, end, importCode(statement, text, used));
    else if (type === "ExportAllDeclaration") source.replace(start, end, load(statement.source));
    else if (type === "ExportDefaultDeclaration") {
      source.replace(start, statement.declaration.start, "");
    } else if (type === "ExportNamedDeclaration") {
      const { declaration, source: from } = statement;
      source.replace(start, declaration?.start ?? end, from ? load(from) : "");
    }
  }
}

function load(from: Literal): string {
  return `await __cell.await(import(${from.raw}));`;
}

function importCode(
  { start, specifiers, source, attributes }: ImportDeclaration,
  text: string,
  used: ReadonlySet<string>,
): string {
  const from = source.raw;
  const given = attributes.map((each) => text.slice(each.start, each.end)).join(", ");
  const options = given && `, { with: { ${given} } }`;
  const loaded = `await __cell.await(import(${from}${options}))`;
  const namesNothing = !text.slice(start, source.start).includes("{");
  if (specifiers.length === 0 && namesNothing) return `${loaded};`;
  const bindings: { exported: string; local: string }[] = [];
  let namespace: string | undefined;
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    if (specifier.type === "ImportNamespaceSpecifier") namespace = local;
    else if (specifier.type === "ImportDefaultSpecifier") {
      bindings.push({ exported: "default", local });
    } else bindings.push({ exported: nameOf(specifier.imported), local });
  }
  if (namespace) {
    const extra = bindings.map(({ local }) => ` const { default: ${local} } = ${namespace};`);
    return `const ${namespace} = ${loaded};${extra.join("")}`;
  }
  // A type imported without saying so doesn't exist at run time, so only sure values are checked.
  const checked = bindings.filter(({ exported, local }) =>
    used.has(local) || !TYPE_LIKE.test(exported)
  );
  const pattern = bindings.map(({ exported, local }) => `${JSON.stringify(exported)}: ${local}`);
  const names = JSON.stringify(checked.map(({ exported }) => exported));
  return `const { ${pattern.join(", ")} } = __cell.exports(${loaded}, ${names}, ${from});`;
}

function nameOf(exported: Identifier | Literal): string {
  return exported.type === "Identifier" ? exported.name : String(exported.value);
}

/** Every identifier outside the imports. */
function usedNames(program: Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") continue;
    walk(statement, (node) => {
      if (node.type === "Identifier") names.add(node.name);
    });
  }
  return names;
}
