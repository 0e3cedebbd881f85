/**
 * `deno task lab`: opens JupyterLab on a lesson, installing what it needs the first time.
 *
 * @module
 */

import { join } from "node:path";
import { HELP, readArguments } from "./args.ts";
import { copyLessons, describeChanges, findLesson, lessonNames } from "./copies.ts";
import { LabError, runningAsRoot, writing } from "./errors.ts";
import { checkPort, serve } from "./jupyter.ts";
import { ensureLab, ROOT } from "./lab.ts";

/**
 * Runs the lab.
 *
 * @param argv The command line.
 * @returns The exit code.
 * @throws {LabError} if something is missing.
 */
async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  // What can be known to fail fails before the minutes of an installation.
  if (Deno.uid() === 0 && !args.allowRoot) throw runningAsRoot();
  checkPort(args.ip, args.port);
  const lesson = findLesson(await lessonNames(ROOT), args.lesson);

  const lab = await ensureLab({ rebuild: args.rebuild, mayRebuild: askInTerminal });
  const copies = await writing(join(ROOT, "my"), () => copyLessons(ROOT));
  const changes = describeChanges(copies);
  if (changes !== undefined) console.error(changes);
  const notebook = lesson === undefined ? undefined : `my/${lesson}/lesson.ipynb`;
  console.error(`Starting JupyterLab${notebook ? ` on ${notebook}` : ""}; Ctrl+C stops it`);
  return await serve(lab, { root: ROOT, notebook, args });
}

function askInTerminal(question: string): boolean {
  return Deno.stdin.isTerminal() && confirm(question);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
