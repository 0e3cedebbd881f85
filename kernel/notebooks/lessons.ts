/**
 * `deno task lessons`: runs lessons from top to bottom, without a front-end.
 *
 * @module
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cleanUpOnSignal } from "../client/cleanup.ts";
import {
  findKernelspec,
  KernelDiedError,
  type Kernelspec,
  KernelspecError,
} from "../client/mod.ts";
import { type Notebook, NotebookError } from "./nbformat.ts";
import { readNotebook } from "./read.ts";
import { describeFailure, formatTable, type LessonResult } from "./report.ts";
import { type NotebookRun, runNotebook } from "./run.ts";
import { type LessonFile, NoSuchLessonError, selectLessons, shortPath } from "./select.ts";
import { storeOutputs } from "./store.ts";

/** What the exit codes of `deno task lessons` mean. */
export const EXIT = {
  /** Every notebook ran to its end. */
  passed: 0,
  /** A cell failed. */
  cellFailed: 1,
  /** The command line names something that doesn't exist: an option, a lesson, a kernelspec. */
  usage: 2,
  /** A file isn't a notebook that can be run. */
  badNotebook: 3,
  /** A cell ran over its time limit. */
  timeLimit: 4,
  /** A kernel didn't start, or died. */
  kernelDied: 5,
  /** The outputs can't be stored: too large, or no browser to draw the figures. */
  notStored: 6,
} as const;

const HELP = `Usage: deno task lessons [names…] [options]

Runs lessons from top to bottom in a fresh kernel each, and stops at the first error.
Names are beginnings of lesson names (00, 03-freezing) or paths of .ipynb files; none for all.

  --write            store the outputs in the notebooks; a second run changes nothing
  --kernel <kernel>  tunebook (this project's, the default), stock (Deno's own), or a folder that
                     holds a kernel.json
  --timeout <s>      time limit for each cell in seconds (default 300)
  --help             show this

Exit codes: 0 all passed, 1 a cell failed, 2 wrong usage (also: no such lesson or kernelspec),
3 not a notebook that can be run, 4 a cell ran over its time limit, 5 the kernel didn't start or
died, 6 the outputs can't be stored, 128 + n ended by signal n (130 for Ctrl+C).`;

const LESSONS = fileURLToPath(new URL("../../lessons", import.meta.url));

interface Settings {
  readonly files: readonly LessonFile[];
  readonly kernelspec: Kernelspec;
  readonly limitMs: number;
  readonly write: boolean;
}

/**
 * The whole command.
 *
 * @param args The command line.
 * @param folder The folder of lessons.
 * @returns The exit code, one of {@linkcode EXIT}.
 */
export async function lessons(args: readonly string[], folder: string = LESSONS): Promise<number> {
  // From here on a Ctrl+C ends the process by way of the clean-ups, never in the midst of a write.
  const withdraw = cleanUpOnSignal(() => Promise.resolve());
  const results: LessonResult[] = [];
  try {
    const settings = await readSettings(args, folder);
    if (!settings) return EXIT.passed;
    for (const file of settings.files) {
      const code = await runLesson(file, settings, results);
      if (code !== EXIT.passed) return code;
    }
    return EXIT.passed;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    console.error((error as Error).message);
    return code;
  } finally {
    if (results.length > 0) console.log(`\n${formatTable(results)}`);
    withdraw();
  }
}

async function readSettings(
  args: readonly string[],
  folder: string,
): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      write: { type: "boolean", default: false },
      kernel: { type: "string", default: "tunebook" },
      timeout: { type: "string", default: "300" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const seconds = Number(values.timeout);
  if (!(seconds > 0)) {
    throw new RangeError(`Expected --timeout to be a number of seconds, found ${values.timeout}`);
  }
  return {
    files: await selectLessons(positionals, folder),
    kernelspec: await findKernelspec(values.kernel),
    // The longest delay a timer takes.
    limitMs: Math.min(seconds * 1000, 2 ** 31 - 1),
    write: values.write,
  };
}

async function runLesson(
  { name, path }: LessonFile,
  { kernelspec, limitMs, write }: Settings,
  results: LessonResult[],
): Promise<number> {
  const started = performance.now();
  const progress = new ProgressLine(name);
  const done = (cells: number, result: string) => {
    progress.end();
    const seconds = (performance.now() - started) / 1000;
    results.push({ name, cells, seconds, result });
  };
  const shown = shortPath(path);
  let previous: Notebook;
  let run: NotebookRun;
  try {
    progress.show(`starting ${kernelspec.displayName}`);
    previous = await readNotebook(path);
    const onCell = (number: number, count: number) => progress.show(`cell ${number} of ${count}`);
    run = await runNotebook(previous, { kernelspec, folder: dirname(path), limitMs, onCell });
  } catch (error) {
    done(0, error instanceof NotebookError ? "not a notebook to run" : "not run");
    throw error;
  }
  const { notebook, cells, failure } = run;
  if (failure) {
    done(cells, `${FAILED[failure.execution.status]} in cell ${failure.cell}`);
    const colour = Deno.stderr.isTerminal() && !Deno.noColor;
    console.error(`\n${describeFailure(shown, failure, colour)}`);
    return CODES[failure.execution.status];
  }
  if (!write) {
    done(cells, "passed");
    return EXIT.passed;
  }
  try {
    progress.show("storing outputs");
    const changed = await storeOutputs(path, notebook, previous);
    done(cells, changed ? "passed, stored" : "passed, unchanged");
    return EXIT.passed;
  } catch (error) {
    done(cells, "passed, not stored");
    console.error(`${shown} can't be stored: ${error instanceof Error ? error.message : error}`);
    return EXIT.notStored;
  }
}

const FAILED = { ok: "", error: "failed", timeout: "over its time limit", died: "kernel died" };

const CODES = {
  ok: EXIT.passed,
  error: EXIT.cellFailed,
  timeout: EXIT.timeLimit,
  died: EXIT.kernelDied,
};

function codeOf(error: unknown): number | undefined {
  if (error instanceof KernelspecError || error instanceof NoSuchLessonError) return EXIT.usage;
  if (error instanceof RangeError) return EXIT.usage;
  // What parseArgs throws for an option it doesn't know.
  if (error instanceof TypeError && "code" in error) return EXIT.usage;
  if (error instanceof NotebookError) return EXIT.badNotebook;
  if (error instanceof KernelDiedError) return EXIT.kernelDied;
  return undefined;
}

/** One line that says how far a lesson is: rewritten in a terminal, said once elsewhere. */
class ProgressLine {
  readonly #name: string;
  readonly #terminal = Deno.stdout.isTerminal();

  constructor(name: string) {
    this.#name = name;
    if (!this.#terminal) console.log(`${name} …`);
  }

  show(text: string): void {
    if (this.#terminal) this.#write(`\r\x1b[K${this.#name}: ${text}`);
  }

  end(): void {
    if (this.#terminal) this.#write("\r\x1b[K");
  }

  #write(text: string): void {
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  }
}

if (import.meta.main) Deno.exit(await lessons(Deno.args));
