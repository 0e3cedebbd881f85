/**
 * `deno task lessons`: runs lessons from top to bottom, without a front-end.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanUpOnSignal } from "../client/cleanup.ts";
import { KernelDiedError, type Kernelspec, KernelspecError } from "../client/mod.ts";
import { changedCells, hasOutputs } from "./differences.ts";
import { describeMachine, type RunTimes, storeMinutes } from "./minutes.ts";
import { type Notebook, NotebookError } from "./nbformat.ts";
import { HELP, readSettings, type Settings } from "./options.ts";
import { readNotebook } from "./read.ts";
import { describeFailure, formatTable, type LessonResult } from "./report.ts";
import { type NotebookRun, runNotebook } from "./run.ts";
import { type LessonFile, NoSuchLessonError, shortPath } from "./select.ts";
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
  /** Every notebook ran to its end, but some outputs are not those stored. */
  differs: 7,
} as const;

const LESSONS = fileURLToPath(new URL("../../lessons", import.meta.url));

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
    if (!settings) {
      console.log(HELP);
      return EXIT.passed;
    }
    let exit: number = EXIT.passed;
    for (const file of settings.files) {
      const machine = settings.measure ? await describeMachine() : undefined;
      const kernels: Record<string, RunTimes> = {};
      for (const kernelspec of settings.kernelspecs) {
        const { code, times } = await runLesson(file, kernelspec, settings, results);
        if (code === EXIT.differs) exit = code;
        else if (code !== EXIT.passed) return code;
        if (times) kernels[kernelspec.name] = times;
      }
      if (machine) {
        await storeMinutes(join(folder, "minutes.json"), file.name, { ...machine, kernels });
      }
    }
    return exit;
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

async function runLesson(
  { name, path }: LessonFile,
  kernelspec: Kernelspec,
  { limitMs, write }: Settings,
  results: LessonResult[],
): Promise<{ code: number; times?: RunTimes }> {
  const started = performance.now();
  const progress = new ProgressLine(name);
  const shown = shortPath(path);
  let run: NotebookRun | undefined;
  const done = (result: string) => {
    progress.end();
    results.push({
      name,
      kernel: kernelspec.displayName,
      cells: run?.cells ?? 0,
      ...run?.firstPlotMs !== undefined && { firstPlot: run.firstPlotMs / 1000 },
      seconds: (performance.now() - started) / 1000,
      result,
    });
  };
  let previous: Notebook;
  try {
    progress.show(`starting ${kernelspec.displayName}`);
    previous = await readNotebook(path);
    const onCell = (number: number, count: number) => progress.show(`cell ${number} of ${count}`);
    run = await runNotebook(previous, { kernelspec, folder: dirname(path), limitMs, onCell });
  } catch (error) {
    done(error instanceof NotebookError ? "not a notebook to run" : "not run");
    throw error;
  }
  const { notebook, failure } = run;
  if (failure) {
    done(`${FAILED[failure.execution.status]} in cell ${failure.cell}`);
    const colour = Deno.stderr.isTerminal() && !Deno.noColor;
    console.error(`\n${describeFailure(shown, failure, colour)}`);
    return { code: CODES[failure.execution.status] };
  }
  if (!write) {
    const changed = hasOutputs(previous) ? changedCells(notebook, previous) : undefined;
    const cells = changed?.map(({ cell }) => cell).join(", ");
    done(
      `passed${
        cells === undefined ? "" : cells === "" ? ", as stored" : `; not as stored: cells ${cells}`
      }`,
    );
    return { code: cells ? EXIT.differs : EXIT.passed, times: timesOf(run) };
  }
  try {
    progress.show("storing outputs");
    const changed = await storeOutputs(path, notebook, previous);
    done(changed ? "passed, stored" : "passed, unchanged");
    return { code: EXIT.passed };
  } catch (error) {
    done("passed, not stored");
    console.error(`${shown} can't be stored: ${error instanceof Error ? error.message : error}`);
    return { code: EXIT.notStored };
  }
}

function timesOf({ firstPlotMs, tookMs }: NotebookRun): RunTimes {
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    firstPlot: firstPlotMs === undefined ? null : seconds(firstPlotMs),
    all: seconds(tookMs),
  };
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
