/**
 * `%reload`: finds the modules that were edited since they were loaded, and what imports them.
 * These get an address of their own (`layer.ts?reload=1`), under which the runtime loads them anew;
 * all other modules stay the ones they are, with their state.
 *
 * What the import map names is loaded anew as a whole, with all of its folder that is in use: its
 * modules may share state, as a registry in which each enters itself when it is loaded.
 *
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { CellSyntaxError } from "../relay/rewrite/syntax_error.ts";
import { type ImportedName, readNames } from "./names.ts";

/** What is to be loaded anew. */
export interface Reload {
  /** The modules that were edited, as URLs. */
  readonly edited: readonly string[];
  /** Those, and what imports them: the number that each gets, by URL. */
  readonly versions: Readonly<Record<string, number>>;
  /** Names that cells have imported from these, to be bound again. */
  readonly names: readonly string[];
  /** The imports that do it, on one line. */
  readonly code: string;
}

interface Graph {
  /** What a specifier of a cell leads to. */
  readonly targets: ReadonlyMap<string, string>;
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** URLs of the folders that the import map leads into. */
  readonly rooms: ReadonlySet<string>;
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
  readonly redirects?: Readonly<Record<string, string>>;
}

const FIRST_LINE = { line: 1, column: 1 };
const MODULE = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Remembers what cells import, and when. */
export class Reloader {
  readonly #folder: string;
  readonly #names = new Map<string, ImportedName>();
  /** When a cell first imported something, by specifier (milliseconds since 1970). */
  readonly #since = new Map<string, number>();
  /** The date that a module's file had when it was loaded again, by URL. */
  readonly #reloaded = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  /** Names to be bound again: a mistake in one module keeps those of others from being bound. */
  readonly #unbound = new Set<string>();
  #count = 0;
  #noted = 0;

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    this.#folder = `${pathToFileURL(folder).href}/`;
  }

  /**
   * Looks for what was edited.
   *
   * @param ran All cells that the process has run, and when.
   * @throws {CellSyntaxError} When Deno can't tell, as with a mistake in deno.json.
   */
  async find(ran: readonly { readonly code: string; readonly at: number }[]): Promise<Reload> {
    for (const { code, at } of ran.slice(this.#noted)) this.#note(code, at);
    this.#noted = ran.length;
    const graph = await readGraph([...this.#since.keys()], this.#folder);
    const edited = [...this.#loadTimes(graph)].filter(([url, since]) => this.#isEdited(url, since))
      .map(([url]) => url);
    const affected = affectedBy(edited, graph);
    if (affected.size > 0) this.#count++;
    for (const url of affected) {
      this.#versions.set(url, this.#count);
      this.#reloaded.set(url, dateOf(url));
    }
    for (const [name, { from, typeOnly }] of this.#names) {
      if (!typeOnly && affected.has(graph.targets.get(from) ?? "")) this.#unbound.add(name);
    }
    const names = [...this.#names].filter(([name]) => this.#unbound.has(name));
    return {
      edited,
      versions: Object.fromEntries(this.#versions),
      names: names.map(([name]) => name),
      code: names.map(([name, from]) => importCode(name, from)).join(" "),
    };
  }

  /** The cell that binds the names anew has run to its end. */
  bound(): void {
    this.#unbound.clear();
  }

  /** Notes what a cell imports, and which names it takes for something else. */
  #note(code: string, at: number): void {
    const { declared, imported } = readNames(code);
    for (const name of declared.keys()) this.#names.delete(name);
    for (const [name, from] of imported) this.#names.set(name, from);
    for (const [, , specifier] of code.matchAll(MODULE)) {
      if (!this.#since.has(specifier!)) this.#since.set(specifier!, at);
    }
  }

  /** A file's date lags a little behind the clock, so dates are compared where both are known. */
  #isEdited(url: string, since: number): boolean {
    const known = this.#reloaded.get(url);
    return known === undefined ? dateOf(url) > since : dateOf(url) !== known;
  }

  /** When each local module was first loaded. */
  #loadTimes({ targets, imports }: Graph): Map<string, number> {
    const times = new Map<string, number>();
    const visit = (url: string, since: number) => {
      if (!isLocal(url) || (times.get(url) ?? Infinity) <= since) return;
      times.set(url, since);
      for (const each of imports.get(url) ?? []) visit(each, since);
    };
    for (const [specifier, since] of this.#since) visit(targets.get(specifier) ?? "", since);
    return times;
  }
}

function importCode(name: string, { from, exported }: ImportedName): string {
  const what = exported === "*" ? `* as ${name}` : `{ ${exported} as ${name} }`;
  return `import ${what} from ${JSON.stringify(from)};`;
}

function isLocal(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}

/** When a module's file was last written (milliseconds since 1970); 0 when there is none. */
function dateOf(url: string): number {
  try {
    return Deno.statSync(fileURLToPath(url)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The modules that have to be loaded anew with some. */
function affectedBy(urls: readonly string[], { imports, rooms }: Graph): Set<string> {
  const found = new Set(urls);
  const touched = new Set<string>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const room of rooms) {
      if ([...found].some((url) => url.startsWith(room))) touched.add(room);
    }
    for (const [url, imported] of imports) {
      const isAffected = imported.some((each) => found.has(each)) ||
        [...touched].some((room) => url.startsWith(room));
      if (isAffected) found.add(url);
    }
  }
  return found;
}

/** The modules that the cells' imports lead to, as Deno itself resolves them. */
async function readGraph(specifiers: readonly string[], folder: string): Promise<Graph> {
  const resolved = specifiers.map((each) =>
    /^\.{0,2}\//.test(each) ? new URL(each, folder).href : each
  );
  const entry = `data:application/typescript,${
    encodeURIComponent(resolved.map((each) => `import ${JSON.stringify(each)};`).join(""))
  }`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: fileURLToPath(folder),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (!success) throw new CellSyntaxError(new TextDecoder().decode(stderr).trim(), FIRST_LINE);
  const { modules, redirects = {} }: Info = JSON.parse(new TextDecoder().decode(stdout));
  const imports = new Map<string, string[]>();
  const targets = new Map<string, string>();
  const rooms = new Set<string>();
  for (const { specifier: url, dependencies = [] } of modules) {
    const found = dependencies.flatMap(({ specifier, code }) =>
      code?.specifier === undefined
        ? []
        : [[specifier, redirects[code.specifier] ?? code.specifier] as const]
    );
    for (const [specifier, target] of found) {
      if (isLocal(target) && !/^(?:\.{0,2}\/|[\w+.-]+:)/.test(specifier)) {
        rooms.add(new URL("./", target).href);
      }
    }
    if (isLocal(url)) imports.set(url, found.map(([, target]) => target));
    else if (url === entry) {
      const own = new Map(found);
      for (const [i, each] of specifiers.entries()) {
        const target = own.get(resolved[i]!);
        if (target) targets.set(each, target);
      }
    }
  }
  return { targets, imports, rooms };
}
