/**
 * Checks notebooks as a project's modules are checked: types, lint and format
 * of their cells. Deno's own tools only format notebooks.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NotebookError } from "../nbformat.ts";
import { checkFormat, checkTypes, lint } from "./check.ts";
import { type NotebookCells, readCells, SKIP_TAG } from "./notebook.ts";
import type { Problem } from "./problem.ts";
import { makeProgram } from "./program.ts";
import { type Source, Workspace } from "./workspace.ts";

export { describe, type Problem } from "./problem.ts";
export { SKIP_TAG } from "./notebook.ts";

/** Something that was not checked. */
export interface Skipped {
  readonly path: string;
  /** The cell's place among all cells, counted from 1; absent if it is the whole notebook. */
  readonly cell?: number;
  readonly reason: string;
}

/** What the check of some notebooks found. */
export interface NotebookReport {
  /** How many notebooks were read. */
  readonly notebooks: number;
  /** How many code cells were checked. */
  readonly cells: number;
  readonly problems: readonly Problem[];
  readonly skipped: readonly Skipped[];
}

/**
 * Checks notebooks. Each is one program with the configuration file that its
 * folder or the nearest one above has, as in the kernel; relative imports start
 * at the notebook's folder.
 *
 * @param paths The notebooks; problems name them as they are given.
 * @returns All problems, in order of notebook, cell and line.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts ignore
 * import { checkNotebooks, describe } from "./mod.ts";
 *
 * const { problems } = await checkNotebooks(["lessons/00-start-here/lesson.ipynb"]);
 * for (const problem of problems) console.log(describe(problem));
 * ```
 */
export async function checkNotebooks(paths: readonly string[]): Promise<NotebookReport> {
  const problems: Problem[] = [];
  const skipped: Skipped[] = [];
  const groups = new Map<string | undefined, Source[]>();
  let cells = 0;

  for (const path of paths) {
    const text = await Deno.readTextFile(path);
    const read = readOrReport(path, text, problems);
    if (!read) continue;
    if (read.skipped !== undefined) {
      skipped.push({ path, reason: read.skipped });
      continue;
    }
    for (const { number } of read.cells.filter((cell) => cell.skipped)) {
      skipped.push({ path, cell: number, reason: `tagged ${SKIP_TAG}` });
    }
    cells += read.cells.filter((cell) => !cell.skipped).length;
    const config = await findConfig(dirname(resolve(path)));
    problems.push(...await checkFormat(path, text, config));
    const folder = pathToFileURL(join(dirname(resolve(path)), "/"));
    const program = makeProgram(read.cells, folder);
    const mistakes = [...program.mistakes, ...program.refused];
    problems.push(...mistakes.map((mistake) => ({ path, ...mistake })));
    if (program.mistakes.length > 0) continue; // one unreadable program would hide the others
    groups.set(config, [...groups.get(config) ?? [], { path, folder, program }]);
  }

  for (const [config, sources] of groups) {
    await using workspace = await Workspace.create(sources);
    problems.push(...await checkTypes(workspace, config), ...await lint(workspace, config));
  }
  return { notebooks: paths.length, cells, problems: inOrder(problems, paths), skipped };
}

/** The cells; a file that is no notebook is one more problem. */
function readOrReport(path: string, text: string, problems: Problem[]): NotebookCells | undefined {
  try {
    return readCells(text, path);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    const message = error.message.replace(`${path}: `, "");
    problems.push({ path, code: "notebook", message });
    return undefined;
  }
}

/** The configuration file of a folder or of the nearest one above that has one. */
async function findConfig(folder: string): Promise<string | undefined> {
  for (let at = folder;; at = dirname(at)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const file = join(at, name);
      if (await Deno.stat(file).then((info) => info.isFile, () => false)) return file;
    }
    if (dirname(at) === at) return undefined;
  }
}

function inOrder(problems: readonly Problem[], paths: readonly string[]): Problem[] {
  // A module that several notebooks import has each of its problems once.
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const place = ({ path, cell = 0, line = 0 }: Problem) => [paths.indexOf(path), cell, line];
  return [...once.values()].sort((a, b) => {
    const [x, y] = [place(a), place(b)];
    return x.map((value, i) => value - (y[i] ?? 0)).find((order) => order !== 0) ?? 0;
  });
}
