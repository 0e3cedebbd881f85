/**
 * `deno task html`: writes lessons as pages of HTML.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderIndex, renderNotebook, titleOf } from "./html/page.ts";
import { NotebookError } from "./nbformat.ts";
import { readNotebook } from "./read.ts";
import { type LessonFile, NoSuchLessonError, selectLessons, shortPath } from "./select.ts";

const HELP = `Usage: deno task html [names…] [--out <folder>]

Writes lessons as pages of HTML with interactive plots, each complete in itself, to dist/html.
Names are beginnings of lesson names (00, 03-freezing) or paths of .ipynb files; none for all, with
an index page. It shows the outputs that are stored; it doesn't run the lessons.`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The whole command.
 *
 * @param args The command line.
 * @param lessons The folder of lessons.
 * @returns The exit code: 0, 2 for a wrong usage, 3 for a file that isn't a notebook.
 */
export async function html(
  args: readonly string[],
  lessons: string = join(ROOT, "lessons"),
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: "string", default: join(ROOT, "dist", "html") },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const files = await selectLessons(positionals, lessons);
    await Deno.mkdir(values.out, { recursive: true });
    const entries = [];
    for (const file of files) entries.push(await writePage(file, values.out));
    if (positionals.length === 0) {
      const index = join(values.out, "index.html");
      await Deno.writeTextFile(index, await renderIndex(entries));
      console.log(shortPath(index));
    }
    return 0;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    console.error((error as Error).message);
    return code;
  }
}

async function writePage({ name, path }: LessonFile, out: string) {
  const notebook = await readNotebook(path);
  const file = `${basename(name, ".ipynb")}.html`;
  const target = join(out, file);
  await Deno.writeTextFile(target, await renderNotebook(notebook, dirname(path)));
  console.log(shortPath(target));
  return { file, title: titleOf(notebook) };
}

function codeOf(error: unknown): number | undefined {
  if (error instanceof NoSuchLessonError) return 2;
  // What parseArgs throws for an option it doesn't know.
  if (error instanceof TypeError && "code" in error) return 2;
  return error instanceof NotebookError ? 3 : undefined;
}

if (import.meta.main) Deno.exit(await html(Deno.args));
