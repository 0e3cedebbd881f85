/**
 * Programs of several notebooks in one temporary folder, and the way back from
 * a line of theirs to the cell.
 *
 * They are not written beside their notebooks, where another tool might meet them.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Problem } from "./problem.ts";
import type { NotebookProgram } from "./program.ts";

/** A notebook with its program. */
export interface Source {
  /** The notebook's path, as problems name it. */
  readonly path: string;
  /** URL of its folder, ending in `/`. */
  readonly folder: URL;
  readonly program: NotebookProgram;
}

/** The programs as files; removed when disposed of. */
export class Workspace implements AsyncDisposable {
  readonly #folder: string;
  readonly #sources = new Map<string, Source>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the programs. */
  static async create(sources: readonly Source[]): Promise<Workspace> {
    // The real path, since Deno's messages name that one.
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "tunebook-types-" }));
    const workspace = new Workspace(folder);
    for (const [i, source] of sources.entries()) {
      const file = join(folder, `notebook${i}.ts`);
      await Deno.writeTextFile(file, source.program.text);
      workspace.#sources.set(pathToFileURL(file).href, source);
    }
    return workspace;
  }

  /** The programs' paths. */
  get files(): string[] {
    return [...this.#sources.keys()].map((url) => fileURLToPath(url));
  }

  /**
   * The problem in terms of the notebook; without a cell if its line is no cell's.
   *
   * @param found `url` and `line` as a tool names them; `line` counts from 1.
   */
  locate(found: { url?: string; line?: number; code: string; message: string }): Problem {
    const { url = "", line, code } = found;
    const source = this.#sources.get(url);
    if (!source) {
      const path = url.startsWith("file:") ? fileURLToPath(url) : url || "notebooks";
      return { path, ...(line && { line }), code, message: found.message };
    }
    const origin = source.program.origins[(line ?? 0) - 1];
    const message = found.message
      .replaceAll(source.folder.href, "./")
      .replaceAll(/__(above|cell)\d+/g, ""); // names that only the program has
    return { path: source.path, ...origin, code, message };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
