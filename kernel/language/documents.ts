/**
 * Cells as modules of their own, each of which imports what it takes from earlier ones. So a name
 * may be declared again, a cell is checked without checking the ones before it anew, a mistake in
 * one doesn't spread to the next, and top-level `await` and imports mean what they mean in a cell.
 *
 * ```ts ignore
 * import { Linear } from "./__cell_1.ts"; declare let rate: typeof import("./__cell_2.ts").rate;
 * const layer = new Linear(2, rate);
 * export { layer };
 * ```
 *
 * The first line is the header, the last the footer; between them is the cell as it was written.
 * No such file exists: the server is told of them.
 *
 * @module
 */
import { type CellNames, type NameKind, readNames } from "./names.ts";
import { isObjectCell } from "./object_cell.ts";

/** How many lines stand above the cell. */
export const HEADER_LINES = 1;

/** A cell as the server sees it. */
export interface CellDocument {
  /** Counts executions. */
  readonly number: number;
  readonly uri: string;
  readonly text: string;
  /** Whether later cells may need it. */
  readonly declares: boolean;
}

interface Held extends CellDocument {
  /** The cells that it imports from. */
  readonly uses: ReadonlySet<number>;
}

interface Owner {
  readonly cell: number;
  readonly kind: NameKind;
}

/** The cells that have run, as documents. */
export class CellDocuments {
  readonly #folder: string;
  readonly #held = new Map<number, Held>();
  readonly #owners = new Map<string, Owner>();
  readonly #globals = new Set<string>();

  /** @param folder URL of the notebook's folder, where its relative imports start. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All documents that are needed, in the order of the cells. */
  get all(): readonly CellDocument[] {
    return [...this.#held.values()];
  }

  /** Takes in a cell that runs; from now on its names are known. */
  add(number: number, code: string, names: CellNames): CellDocument {
    for (const name of names.globals) this.#globals.add(name);
    const taken = [...names.mentioned].filter((name) => !names.declared.has(name));
    const { header, uses } = this.#header(taken);
    const document = {
      number,
      uri: this.#uri(number),
      text: moduleText(header, code, names),
      declares: names.declared.size > 0,
      uses,
    };
    this.#held.set(number, document);
    for (const [name, kind] of names.declared) this.#owners.set(name, { cell: number, kind });
    return document;
  }

  /** A cell that is being written, in which every name may come next. */
  draft(code: string): { readonly uri: string; readonly text: string } {
    const names = readNames(code);
    const taken = [...this.#owners.keys()].filter((name) => !names.declared.has(name));
    const { header } = this.#header(taken);
    return { uri: this.#uri("draft"), text: moduleText(header, code, names) };
  }

  /** Drops the documents that no later cell can need; returns them. */
  prune(): CellDocument[] {
    const needed = new Set<number>();
    const visit = (cell: number) => {
      if (needed.has(cell)) return;
      needed.add(cell);
      this.#held.get(cell)?.uses.forEach(visit);
    };
    for (const { cell } of this.#owners.values()) visit(cell);
    const dropped = [...this.#held.values()].filter(({ number }) => !needed.has(number));
    for (const { number } of dropped) this.#held.delete(number);
    return dropped;
  }

  /** Forgets everything, as the process does that ran the cells. */
  clear(): CellDocument[] {
    const dropped = [...this.#held.values()];
    this.#held.clear();
    this.#owners.clear();
    this.#globals.clear();
    return dropped;
  }

  #uri(cell: number | "draft"): string {
    return `${this.#folder}${fileName(cell)}`;
  }

  #header(names: readonly string[]): { header: string; uses: ReadonlySet<number> } {
    const imports = new Map<number, string[]>();
    const parts: string[] = [];
    const uses = new Set<number>();
    for (const name of names) {
      const owner = this.#owners.get(name);
      if (!owner) {
        if (this.#globals.has(name)) parts.push(`declare var ${name}: any;`);
        continue;
      }
      const { cell, kind } = owner;
      uses.add(cell);
      // What is imported can't be assigned.
      if (kind === "variable") {
        parts.push(`declare let ${name}: typeof import("./${fileName(cell)}").${name};`);
      } else imports.set(cell, [...imports.get(cell) ?? [], name]);
    }
    for (const [cell, names] of imports) {
      parts.push(`import { ${names.join(", ")} } from "./${fileName(cell)}";`);
    }
    return { header: parts.join(" "), uses };
  }
}

function fileName(cell: number | "draft"): string {
  return `__cell_${cell}.ts`;
}

function moduleText(header: string, code: string, { declared, exported }: CellNames): string {
  const names = [...declared.keys()].filter((name) => !exported.has(name));
  const [open, close] = isObjectCell(code) ? ["(", ")"] : ["", ""];
  return `${header}${open}\n${code}\n${close};export { ${names.join(", ")} };`;
}
