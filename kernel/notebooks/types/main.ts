/**
 * Checks types, lint and format of notebooks.
 *
 * ```sh
 * deno run -A kernel/notebooks/types/main.ts [notebooks or folders…]
 * ```
 *
 * Without arguments it checks all that is in `lessons/`. Exit code 1 if
 * something is wrong.
 *
 * @module
 */
import { join } from "node:path";
import { checkNotebooks, describe } from "./mod.ts";

/** The notebooks that arguments name: files as they are, folders with all that is in them. */
export async function findNotebooks(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if ((await Deno.stat(path)).isFile) {
      found.push(path);
      continue;
    }
    const entries = await Array.fromAsync(Deno.readDir(path));
    for (const { name, isDirectory } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      if (name.startsWith(".")) continue; // Jupyter's checkpoints
      if (isDirectory) found.push(...await findNotebooks([join(path, name)]));
      else if (name.endsWith(".ipynb")) found.push(join(path, name));
    }
  }
  return found;
}

/** Checks, prints, and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let notebooks: string[];
  try {
    notebooks = await findNotebooks(args.length > 0 ? args : ["lessons"]);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error(`No such notebook or folder: ${error.message}`);
    return 1;
  }
  const report = await checkNotebooks(notebooks);
  for (const { path, cell, reason } of report.skipped) {
    console.log(`${path}${cell ? ` cell ${cell}` : ""}: not checked, ${reason}`);
  }
  for (const problem of report.problems) console.error(describe(problem));
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  console.log(
    `${count(report.notebooks, "notebook")}, ${count(report.cells, "code cell")}: ` +
      (report.problems.length === 0 ? "all well" : count(report.problems.length, "problem")),
  );
  return report.problems.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
