/**
 * Which names a cell brings and which it mentions.
 *
 * @module
 */
import { endsOperand, type Token, tokens } from "./tokens.ts";

/** How a name came to be: only what `let` and `var` declare may be assigned by another cell. */
export type NameKind = "variable" | "fixed";

/** A name that a cell imports. */
export interface ImportedName {
  /** The module, as it was written. */
  readonly from: string;
  /** What it exports: `default`, `*` for all of it, or a name. */
  readonly exported: string;
  /** Whether only the type was asked for. */
  readonly typeOnly: boolean;
}

/** The names of a cell. */
export interface CellNames {
  /** What it declares at its top level, imports included. */
  readonly declared: ReadonlyMap<string, NameKind>;
  /** Those of them that it imports. */
  readonly imported: ReadonlyMap<string, ImportedName>;
  /** Those of them that it exports, which means nothing in a cell. */
  readonly exported: ReadonlySet<string>;
  /** Every name in it, properties included. */
  readonly mentioned: ReadonlySet<string>;
  /** What it assigns to properties of `globalThis`. */
  readonly globals: ReadonlySet<string>;
}

/** Reads the names of a cell. */
export function readNames(code: string): CellNames {
  return new Reader(tokens(code)).read();
}

const MODIFIERS = new Set(["export", "default", "async", "abstract", "declare"]);
const VARIABLES = new Set(["const", "let", "var", "using"]);
const TYPES = new Set(["type", "interface", "enum", "namespace", "module"]);
/** What may stand between the angle brackets of type arguments, beside names and operands. */
const IN_TYPES = new Set([...",.[]|&?:{}();-", "=>", "..."]);
/** In tokens; what is longer is a chain of comparisons. */
const LONGEST_TYPE_ARGUMENTS = 500;

class Reader {
  readonly #tokens: Token[];
  readonly #declared = new Map<string, NameKind>();
  readonly #imported = new Map<string, ImportedName>();
  readonly #exported = new Set<string>();
  #exporting = false;

  constructor(all: Token[]) {
    this.#tokens = all;
  }

  read(): CellNames {
    const globals = new Set<string>();
    for (const [i, token] of this.#tokens.entries()) {
      if (token.kind !== "name") continue;
      if (token.text === "globalThis" && this.#text(i + 1) === "." && this.#text(i + 3) === "=") {
        globals.add(this.#text(i + 2));
      }
      if (token.depth === 0 && this.#startsStatement(i)) this.#statement(i);
    }
    const mentioned = new Set(
      this.#tokens.filter(({ kind }) => kind === "name").map(({ text }) => text),
    );
    return {
      declared: this.#declared,
      imported: this.#imported,
      exported: this.#exported,
      mentioned,
      globals,
    };
  }

  #text(i: number): string {
    return this.#tokens[i]?.text ?? "";
  }

  #isName(i: number): boolean {
    return this.#tokens[i]?.kind === "name";
  }

  #startsStatement(i: number): boolean {
    const token = this.#tokens[i]!;
    const before = this.#tokens[i - 1];
    if (!before || [";", "}"].includes(before.text)) return true;
    if (before.kind === "name" && MODIFIERS.has(before.text)) return true;
    if (before.text === "await" && token.text === "using") return true;
    // A decorator may stand on the same line: `@sealed class A {}`.
    return token.startsLine && endsOperand(before) || this.#text(i - 2) === "@";
  }

  #statement(i: number): void {
    const { text } = this.#tokens[i]!;
    const next = this.#text(i + 1);
    this.#exporting = this.#isExported(i);
    if (text === "const" && next === "enum") this.#declare(i + 2, "fixed");
    else if (VARIABLES.has(text)) {
      // `using` and `let` are names, too.
      if (this.#isName(i + 1) || ["{", "["].includes(next)) this.#variables(i);
    } else if (text === "function") this.#declare(next === "*" ? i + 2 : i + 1, "fixed");
    else if (text === "class") this.#declare(i + 1, "fixed");
    else if (TYPES.has(text)) {
      if (!this.#tokens[i + 1]?.startsLine) this.#declare(i + 1, "fixed");
    } else if (text === "import" && !["(", "."].includes(next)) this.#import(i + 1);
    else if (text === "export" && next === "{") this.#exportList(i + 2);
  }

  #isExported(i: number): boolean {
    while (MODIFIERS.has(this.#text(i - 1))) i--;
    return this.#text(i) === "export";
  }

  #declare(i: number, kind: NameKind): void {
    if (!this.#isName(i)) return;
    const name = this.#text(i);
    this.#declared.set(name, kind);
    if (this.#exporting) this.#exported.add(name);
  }

  /** The names between `const`, `let` or `var` and the end of the statement. */
  #variables(start: number): void {
    const kind = ["let", "var"].includes(this.#text(start)) ? "variable" : "fixed";
    let i = start + 1;
    while (i < this.#tokens.length) {
      if (["{", "["].includes(this.#text(i))) i = this.#pattern(i, kind);
      else if (this.#isName(i)) this.#declare(i++, kind);
      else return;
      const comma = this.#endOfDeclarator(i);
      if (comma === undefined) return;
      i = comma + 1;
    }
  }

  /** The index of the comma after a declarator; none when the statement ends. */
  #endOfDeclarator(from: number): number | undefined {
    let inType = this.#text(from) === ":" || this.#text(from + 1) === ":";
    let angles = 0;
    for (let i = from; i < this.#tokens.length; i++) {
      const token = this.#tokens[i]!;
      const { text, depth } = token;
      if (depth > 0) continue;
      if (text === ";") return undefined;
      if (text === "," && angles === 0) return i;
      if (token.startsLine && i > from && endsOperand(this.#tokens[i - 1]) && startsNew(token)) {
        return undefined;
      }
      if (inType) {
        if (text === "<") angles++;
        if (text === ">") angles--;
        if (text === "=" && angles === 0) inType = false;
      } else if (text === "<") i = this.#endOfTypeArguments(i) ?? i;
    }
    return undefined;
  }

  /** The index of the `>` that ends the type arguments of a call; none for a comparison. */
  #endOfTypeArguments(from: number): number | undefined {
    let angles = 0;
    const end = Math.min(this.#tokens.length, from + LONGEST_TYPE_ARGUMENTS);
    for (let i = from; i < end; i++) {
      const { kind, text } = this.#tokens[i]!;
      if (text === "<") angles++;
      else if (text === ">") {
        if (--angles === 0) return this.#text(i + 1) === "(" ? i : undefined;
      } else if (kind === "mark" && !IN_TYPES.has(text)) return undefined;
    }
    return undefined;
  }

  /** Declares the names of a destructuring pattern; the index after it. */
  #pattern(open: number, kind: NameKind): number {
    const { depth } = this.#tokens[open]!;
    let i = open + 1;
    for (; i < this.#tokens.length && this.#tokens[i]!.depth > depth; i++) {
      const text = this.#text(i);
      if (text === "{" || text === "[") i = this.#pattern(i, kind) - 1;
      else if (this.#text(i + 1) !== ":") this.#declare(i, kind);
      if (this.#text(i + 1) === "=") i = this.#endOfDefault(i + 2, depth + 1) - 1;
    }
    return i + 1;
  }

  #endOfDefault(from: number, depth: number): number {
    let i = from;
    for (; i < this.#tokens.length; i++) {
      const token = this.#tokens[i]!;
      if (token.depth < depth || token.depth === depth && token.text === ",") return i;
    }
    return i;
  }

  /** `import a, { b, type c as d } from "e"` and `import * as f from "g"`. */
  #import(start: number): void {
    let end = start;
    while (end < this.#tokens.length && !this.#isModule(end)) {
      if (this.#text(end) === ";") return;
      end++;
    }
    if (this.#text(end - 1) !== "from") return; // It imports no names.
    const allTypes = this.#text(start) === "type" && end > start + 2;
    const from = this.#text(end).slice(1, -1);
    const add = (local: string, exported: string, typeOnly: boolean) => {
      this.#declared.set(local, "fixed");
      this.#imported.set(local, { from, exported, typeOnly });
    };
    let words: string[] = [];
    for (let i = allTypes ? start + 1 : start; i < end; i++) {
      const { text, depth, kind } = this.#tokens[i]!;
      if (text === "*") words = ["*"];
      else if (kind !== "mark" && text !== "from") words.push(text.replaceAll(/["']/g, ""));
      const ends = [",", "}"].includes(text) || i === end - 1;
      if (!ends || words.length === 0) continue;
      const typed = words[0] === "type" && words.length > 1 && words[1] !== "as";
      if (typed) words.shift();
      const isDefault = depth === 0 && text !== "}" && words[0] !== "*";
      add(words.at(-1)!, isDefault ? "default" : words[0]!, allTypes || typed);
      words = [];
    }
  }

  #isModule(i: number): boolean {
    const { kind, depth } = this.#tokens[i]!;
    return kind === "operand" && depth === 0;
  }

  #exportList(start: number): void {
    for (let i = start; i < this.#tokens.length && this.#text(i) !== "}"; i++) {
      if (this.#isName(i) && [",", "}"].includes(this.#text(i + 1))) {
        this.#exported.add(this.#text(i));
      }
    }
  }
}

/** Whether a token at the start of a line, after a complete expression, begins a statement. */
function startsNew({ kind, text }: Token): boolean {
  if (kind === "name") return !["in", "instanceof", "as", "satisfies", "of"].includes(text);
  return kind === "operand" ? text !== "`" : ["{", "@"].includes(text);
}
