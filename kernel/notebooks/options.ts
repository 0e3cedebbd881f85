import { parseArgs } from "node:util";
import { findKernelspec, type Kernelspec } from "../client/mod.ts";
import { type LessonFile, selectLessons } from "./select.ts";

/** What `deno task lessons --help` says. */
export const HELP = `Usage: deno task lessons [names…] [options]

Runs lessons from top to bottom in a fresh kernel each, stops at the first error, and tells whether
every number is as stored in the notebook.
Names are beginnings of lesson names (00, 03-freezing) or paths of .ipynb files; none for all.

  --write            store the outputs in the notebooks; a second run changes nothing
  --kernel <kernel>  tunebook (this project's, the default), stock (Deno's own), both of them, or a
                     folder that holds a kernel.json
  --measure          run in both kernels, and store how long it took in lessons/minutes.json
  --timeout <s>      time limit for each cell in seconds (default 300)
  --help             show this

Exit codes: 0 all passed, 1 a cell failed, 2 wrong usage (also: no such lesson or kernelspec),
3 not a notebook that can be run, 4 a cell ran over its time limit, 5 the kernel didn't start or
died, 6 the outputs can't be stored, 7 outputs differ from those stored, 128 + n ended by signal n
(130 for Ctrl+C).`;

/** What to run, and how. */
export interface Settings {
  /** The notebooks. */
  readonly files: readonly LessonFile[];
  /** The kernels that each is run in. */
  readonly kernelspecs: readonly Kernelspec[];
  /** The time limit of each cell. */
  readonly limitMs: number;
  /** Whether outputs are stored in the notebooks. */
  readonly write: boolean;
  /** Whether times are stored in `minutes.json`. */
  readonly measure: boolean;
}

/**
 * Reads the command line of `deno task lessons`.
 *
 * @param args The command line.
 * @param folder The folder of lessons.
 * @returns What to run; `undefined` when help is asked for.
 * @throws {RangeError} When options don't go together, or the time limit isn't a number.
 * @throws {NoSuchLessonError} When a name fits no lesson.
 * @throws {KernelspecError} When there is no such kernel.
 */
export async function readSettings(
  args: readonly string[],
  folder: string,
): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      write: { type: "boolean", default: false },
      measure: { type: "boolean", default: false },
      kernel: { type: "string", default: "tunebook" },
      timeout: { type: "string", default: "300" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { write, measure, kernel, timeout } = values;
  const seconds = Number(timeout);
  if (!(seconds > 0)) {
    throw new RangeError(`Expected --timeout to be a number of seconds, found ${timeout}`);
  }
  const both = measure || kernel === "both";
  if (write && both) {
    throw new RangeError("Expected --write with one kernel: outputs are stored of one run");
  }
  const kernels = both ? ["tunebook", "stock"] : [kernel];
  return {
    files: await selectLessons(positionals, folder),
    kernelspecs: await Promise.all(kernels.map(findKernelspec)),
    // The longest delay a timer takes.
    limitMs: Math.min(seconds * 1000, 2 ** 31 - 1),
    write,
    measure,
  };
}
