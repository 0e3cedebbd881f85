import { type ExerciseDefinition, fillSolutions } from "@tunebook/notebook";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import { fileURLToPath } from "node:url";
import { findKernelspec } from "../../kernel/client/mod.ts";
import { changedCells } from "../../kernel/notebooks/differences.ts";
import type { CodeCell, Notebook } from "../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../kernel/notebooks/read.ts";
import { runNotebook } from "../../kernel/notebooks/run.ts";
import { lessonFolders } from "./lessons.ts";

/** What a lesson may take: all of it, until its first plot, and without a sign of life, in seconds. */
const LESSON_SECONDS = 180;
const FIRST_PLOT_SECONDS = 5;
const SILENT_SECONDS = 5;

/** How many times slower than alone: other tests, and other lessons, run on the same cores. */
function busy(): number {
  return Math.max(1, Deno.loadavg()[0]! / navigator.hardwareConcurrency);
}

const full = Deno.env.get("TUNEBOOK_TEST") === "full";
const kernels = full ? ["stock", "tunebook"] : ["stock"];

/** Needs a download of 83 MB and minutes of training: run by the full tests only. */
const LONG = ["12-capstone"];

for (const { name, folder } of lessonFolders()) {
  const path = fileURLToPath(new URL("lesson.ipynb", folder));
  const exercises = await namesOfExercises(folder);

  for (const kernel of kernels) {
    const ignore = !full && LONG.includes(name);
    const title = `${name} runs as published on the ${kernel} kernel: all "not yet", as stored`;
    Deno.test(ignore ? `${title} (full tests only)` : title, { ignore }, async () => {
      const published = await readNotebook(path);
      let { notebook, seconds, firstPlot } = await run(published, folder, kernel);
      if (silentCells(notebook, seconds).length > 0) {
        // Other tests run on the same cores: what is slow must be slow twice.
        ({ notebook, seconds, firstPlot } = await run(published, folder, kernel));
      }
      const cells = codeCells(notebook);
      assertEquals(verdictsOf(cells), exercises.map(() => "unsolved"));
      const total = seconds.reduce((sum, more) => sum + more, 0);
      assertLessOrEqual(total, LESSON_SECONDS * busy());
      assertLessOrEqual(firstPlot, FIRST_PLOT_SECONDS * busy(), "the first plot");
      const silent = silentCells(notebook, seconds);
      assertEquals(silent, [], `cells that say nothing for ${SILENT_SECONDS} s: show progress`);
      assertEquals(
        changedCells(notebook, published),
        [],
        "their outputs are not those stored: run `deno task lessons --write`",
      );
    });

    // The short tier leaves this to checks_test.ts, which puts every solution to its check.
    if (!full) continue;
    Deno.test(`${name} runs with the solutions on the ${kernel} kernel, all right`, async () => {
      const notebook = await readNotebook(path);
      for (const cell of notebook.cells) {
        if (cell.cell_type === "code") cell.source = fillSolutions(cell.source);
      }
      const solved = await run(notebook, folder, kernel);
      assertEquals(verdictsOf(codeCells(solved.notebook)), exercises.map(() => "right"));
    });
  }

  Deno.test(`${name} checks every exercise once, in a cell tagged "exercise"`, async () => {
    const { cells } = await readNotebook(path);
    const checked = cells.filter((cell) => cell.cell_type === "code").flatMap((cell) => {
      const found = [...cell.source.matchAll(/\bcheck\(\s*checks\.(\w+)/g)].map(([, name]) =>
        name!
      );
      const tagged = (cell.metadata.tags ?? []).includes("exercise");
      assertEquals(tagged, found.length > 0, `the tags of cell ${cell.id}`);
      return found;
    });
    assertEquals(checked.toSorted(), exercises.toSorted());
  });
}

async function namesOfExercises(folder: URL): Promise<string[]> {
  const { checks } = await import(new URL("checks.ts", folder).href) as {
    // deno-lint-ignore no-explicit-any -- exercises differ in what they take
    checks: Record<string, ExerciseDefinition<any, any>>;
  };
  return Object.keys(checks);
}

/** Runs a notebook to its end; the seconds are those of each code cell, and until the first plot. */
async function run(
  notebook: Notebook,
  folder: URL,
  kernel: string,
): Promise<{ notebook: Notebook; seconds: number[]; firstPlot: number }> {
  const starts: number[] = [];
  const result = await runNotebook(notebook, {
    kernelspec: await findKernelspec(kernel),
    folder: fileURLToPath(folder),
    limitMs: 1000 * LESSON_SECONDS * busy(),
    onCell: () => starts.push(performance.now()),
  });
  starts.push(performance.now());
  assertEquals(result.failure?.execution, undefined, result.failure?.source);
  const seconds = starts.slice(1).map((end, i) => (end - starts[i]!) / 1000);
  return { notebook: result.notebook, seconds, firstPlot: (result.firstPlotMs ?? NaN) / 1000 };
}

function codeCells({ cells }: Notebook): CodeCell[] {
  return cells.filter((cell) => cell.cell_type === "code")
    .filter(({ source }) => source.trim() !== "");
}

/** How each check of a notebook came out. */
function verdictsOf(cells: readonly CodeCell[]): unknown[] {
  return cells.flatMap(({ outputs }) => outputs).flatMap((output) => {
    const { tunebook } = ("metadata" in output ? output.metadata : {}) as {
      tunebook?: { check?: string };
    };
    return tunebook?.check === undefined ? [] : [tunebook.check];
  });
}

/** The cells without a progress bar that took longer than a learner is kept waiting. */
function silentCells(notebook: Notebook, seconds: readonly number[]): string[] {
  const limit = SILENT_SECONDS * busy();
  return codeCells(notebook)
    .filter((cell, i) => seconds[i]! > limit && !hasProgress(cell))
    .map(({ id }) => id);
}

/** Whether a cell shows a progress bar: they are marked as different at each run. */
function hasProgress({ outputs }: CodeCell): boolean {
  return outputs.some((output) =>
    "metadata" in output && (output.metadata.tunebook as { volatile?: unknown })?.volatile
  );
}
