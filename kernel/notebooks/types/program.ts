/**
 * A notebook as the program its cells form.
 *
 * Each cell sees what the cells above it declared, and may declare a name
 * again; then the cells below see the new one. TypeScript has that in nested
 * blocks: a cell that takes a name again opens a block for itself and all that
 * follows. Imports move to the top of the module.
 *
 * ```ts ignore
 * import { plot } from "@tunebook/notebook"; // of cell 3
 * {; // cell 1
 * const rate = 1;
 * ;  // cell 3
 * plot(rate);
 * {; // cell 5
 * const rate = "fast";
 * }}
 * ```
 *
 * @module
 */
import { parse, syntaxProblems } from "../../relay/rewrite/syntax.ts";
import { cutCell, type Piece } from "./cell.ts";
import {
  type BindingKind,
  DECLARED_BY,
  declaredNames,
  earlierUses,
  importedNames,
  mentionedNames,
} from "./names.ts";
import type { CodeCell } from "./notebook.ts";
import ts from "typescript";

/** Where a line of the program comes from. */
export interface Origin {
  readonly cell: number;
  readonly line: number;
}

/** A mistake that shows before any type does. */
export interface Mistake extends Origin {
  readonly code: string;
  readonly message: string;
}

/** The program. */
export interface NotebookProgram {
  readonly text: string;
  /** For each line of the text, its origin; none for lines that hold no cell's text. */
  readonly origins: readonly (Origin | undefined)[];
  /** Mistakes of grammar; with any of them the text is no program. */
  readonly mistakes: readonly Mistake[];
  /** Names that a kernel does not let a cell take again. */
  readonly refused: readonly Mistake[];
}

/**
 * Makes the program.
 *
 * @param cells The notebook's code cells, in order.
 * @param folder URL of the notebook's folder, ending in `/`.
 */
export function makeProgram(cells: readonly CodeCell[], folder: URL): NotebookProgram {
  const builder = new ProgramBuilder(folder);
  for (const cell of cells) builder.add(cell);
  return builder.finish();
}

/** What a name seen by the cells below stands for: a cell's declaration, or an import's meaning. */
type Meaning = string;
const DECLARED: Meaning = "a declaration";

class ProgramBuilder {
  readonly #folder: URL;
  readonly #top = new Lines();
  readonly #body = new Lines();
  readonly #mistakes: Mistake[] = [];
  readonly #refused: Mistake[] = [];
  readonly #bound = new Map<string, { kind: BindingKind; cell: number }>();
  readonly #visible = new Map<string, Meaning>();
  readonly #mentioned = new Set<string>();
  #blocks = 0;

  constructor(folder: URL) {
    this.#folder = folder;
  }

  add(cell: CodeCell): void {
    const file = parse(cell.source);
    if (cell.skipped) return this.#addUnchecked(file);
    const [problem] = syntaxProblems(file); // the others mostly follow from the first
    if (problem) {
      const line = file.getLineAndCharacterOfPosition(problem.offset).line + 1;
      const code = `TS${problem.code}`;
      this.#mistakes.push({ cell: cell.number, line, code, message: problem.message });
      return;
    }

    const declarations = declaredNames(file);
    for (const { name, kind, node } of declarations) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      this.#bind(name, kind, { cell: cell.number, line: line + 1 });
    }
    const declared = declarations.map(({ name }) => name);
    const older = new Set(declared.filter((name) => this.#visible.has(name)));
    const renamed = new Map(
      earlierUses(file, older).map((use) => [use, `${use.text}__above${cell.number}`]),
    );
    const { hoisted, body } = cutCell(file, this.#folder, renamed);
    for (const [name, target] of new Map([...renamed].map(([use, as]) => [use.text, as]))) {
      this.#body.add(`;const ${target} = ${name};`);
    }
    const aliases = hoisted.flatMap((piece) => this.#hoist(piece, cell.number));
    this.#open(declared.some((name) => this.#isTaken(name)) || aliases.length > 0);
    for (const { name, target, typeOnly } of aliases) {
      // A name is a value, a type or both; what it is not is an error that is passed over.
      if (!typeOnly) this.#body.add(`// @ts-ignore\nconst ${name} = ${target};`);
      this.#body.add(`// @ts-ignore\ntype ${name} = ${target};`);
    }
    this.#body.add(body, { cell: cell.number, line: 1 });
    for (const name of declared) this.#visible.set(name, DECLARED);
    for (const name of mentionedNames(file)) this.#mentioned.add(name);
  }

  finish(): NotebookProgram {
    this.#body.add("}".repeat(this.#blocks));
    // Makes a module of the program even where no cell imports anything.
    const lines = new Lines();
    lines.add("export {};");
    lines.append(this.#top);
    lines.append(this.#body);
    return {
      text: lines.text.join("\n"),
      origins: lines.origins,
      mistakes: this.#mistakes,
      refused: this.#refused,
    };
  }

  /** Notes what binds a name, and whether the kernel refuses it. */
  #bind(name: string, kind: BindingKind | undefined, origin: Origin): void {
    if (!kind) return;
    const before = this.#bound.get(name);
    this.#bound.set(name, { kind, cell: origin.cell });
    if (!before || before.cell === origin.cell || before.kind === kind) return;
    this.#refused.push({
      ...origin,
      code: "redeclared",
      message: `\`${name}\` is ${DECLARED_BY[before.kind]} of cell ${before.cell}; ` +
        `the kernel does not let ${DECLARED_BY[kind]} take its name`,
    });
  }

  /** Stands in for a cell that is not checked: its names may be anything. */
  #addUnchecked(file: ts.SourceFile): void {
    const imports = file.statements.filter(ts.isImportDeclaration).flatMap(importedNames);
    const names = new Set([
      ...declaredNames(file).map(({ name }) => name),
      ...imports.map(({ local }) => local),
    ]);
    this.#open([...names].some((name) => this.#isTaken(name)));
    for (const name of names) {
      this.#body.add(`let ${name}: any; type ${name} = any;`);
      this.#visible.set(name, DECLARED);
    }
  }

  /** Opens a block, or goes on in the one that is open. */
  #open(anew: boolean): void {
    if (anew || this.#blocks === 0) this.#blocks++;
    this.#body.add(anew || this.#body.text.length === 0 ? "{;" : ";");
  }

  /** Whether a declaration would change what the cells above mean by a name. */
  #isTaken(name: string): boolean {
    return this.#visible.has(name) || (this.#mentioned.has(name) && name in globalThis);
  }

  /**
   * Moves a statement to the top. Names that are taken are imported under
   * another one, which the cell's block gives the right name.
   */
  #hoist(piece: Piece, cell: number): { name: string; target: string; typeOnly: boolean }[] {
    const origin = { cell, line: piece.line };
    const names = parse(piece.text).statements.filter(ts.isImportDeclaration)
      .flatMap(importedNames);
    for (const { local, typeOnly } of names) {
      this.#bind(local, typeOnly ? undefined : "const", origin);
    }
    const taken = names.filter(({ local }) => this.#isTaken(local));
    if (taken.length === 0) {
      this.#top.add(piece.text, origin);
      for (const { local, meaning } of names) this.#visible.set(local, meaning);
      return [];
    }
    const aliases = [];
    for (const name of names) {
      if (this.#visible.get(name.local) === name.meaning) continue; // imported once more
      const target = this.#isTaken(name.local) ? `${name.local}__cell${cell}` : name.local;
      this.#top.add(name.as(target), origin);
      if (target !== name.local) aliases.push({ ...name, name: name.local, target });
      this.#visible.set(name.local, name.meaning);
    }
    return aliases;
  }
}

/** Lines of text with their origins. */
class Lines {
  readonly text: string[] = [];
  readonly origins: (Origin | undefined)[] = [];

  /** Adds a text that starts at `origin`, or one that no cell holds. */
  add(text: string, origin?: Origin): void {
    for (const [i, line] of text.split("\n").entries()) {
      this.text.push(line);
      this.origins.push(origin && { cell: origin.cell, line: origin.line + i });
    }
  }

  append(other: Lines): void {
    this.text.push(...other.text);
    this.origins.push(...other.origins);
  }
}
