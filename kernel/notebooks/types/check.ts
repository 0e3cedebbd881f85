/**
 * The three checks: types and lint of the programs, format of the cells.
 *
 * @module
 */
import { runDeno } from "./deno.ts";
import { readDiagnostics } from "./diagnostics.ts";
import { allSources } from "./notebook.ts";
import type { Problem } from "./problem.ts";
import type { Workspace } from "./workspace.ts";

/** Rules that ask of a notebook what only a module can give. */
const NOT_FOR_NOTEBOOKS = [
  "no-unused-vars", // a value is there to be looked at
  "no-inner-declarations", // the blocks are ours
  "no-import-prefix", // a cell may be tried out with any package
  "no-unversioned-import",
];

/** Arguments that make Deno use a configuration file, or none. */
export function configArguments(config: string | undefined): string[] {
  return config === undefined ? ["--no-config"] : ["--config", config];
}

/** Type-checks the programs. */
export async function checkTypes(
  workspace: Workspace,
  config: string | undefined,
): Promise<Problem[]> {
  const run = await runDeno(["check", ...configArguments(config), ...workspace.files]);
  if (run.ok) return [];
  const found = readDiagnostics(run.stderr);
  if (found.length === 0) throw new Error(`deno check failed:\n${run.stderr}`);
  return found.map((diagnostic) => workspace.locate(diagnostic));
}

/** Lints the programs. */
export async function lint(workspace: Workspace, config: string | undefined): Promise<Problem[]> {
  const run = await runDeno([
    "lint",
    "--json",
    `--rules-exclude=${NOT_FOR_NOTEBOOKS.join()}`,
    ...configArguments(config),
    ...workspace.files,
  ]);
  const report = parseReport(run.stdout);
  if (!report) throw new Error(`deno lint failed:\n${run.stderr}`);
  // What cannot be parsed is a problem of `checkTypes`.
  const found = report.diagnostics.map(({ filename, range, code, message, hint }) =>
    workspace.locate({
      url: filename,
      line: range.start.line,
      code,
      message: hint ? `${message} (${hint})` : message,
    })
  );
  return found.filter(({ cell }) => cell !== undefined); // the other lines are ours
}

interface LintReport {
  diagnostics: {
    filename: string;
    range: { start: { line: number } };
    code: string;
    message: string;
    hint: string | null;
  }[];
}

function parseReport(text: string): LintReport | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Compares each cell with what `deno fmt` makes of it.
 *
 * @param path The notebook's path, as problems name it.
 * @param text The notebook file's text.
 */
export async function checkFormat(
  path: string,
  text: string,
  config: string | undefined,
): Promise<Problem[]> {
  // By standard input, since `deno fmt` passes over files that the configuration excludes.
  const run = await runDeno(["fmt", "--ext=ipynb", ...configArguments(config), "-"], text);
  if (!run.ok) return [{ path, code: "fmt", message: run.stderr.trim() }];
  const wanted = allSources(run.stdout);
  return allSources(text).flatMap((source, i) =>
    source === wanted[i] ? [] : [{
      path,
      cell: i + 1,
      code: "fmt",
      message: "is not formatted; run: deno fmt",
    }]
  );
}
