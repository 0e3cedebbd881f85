/**
 * Every lesson as a learner meets it: in JupyterLab and in Notebook 7.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { OutputMarks } from "@tunebook/notebook";
import { type HeadlessBrowser, openBrowser } from "../../../kernel/browser/open.ts";
import { FIGURE, type Notebook, type Output } from "../../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../../kernel/notebooks/read.ts";
import { lessonFolders } from "../../lessons/lessons.ts";
import { type Application, NotebookPage } from "./lab_page.ts";
import { type JupyterServer, startJupyter } from "./server.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";

/** In the short tier the first lesson stands for all. */
const LESSONS = lessonFolders().slice(0, FULL ? undefined : 1);

/** How long outputs may come after a cell's end, in milliseconds. */
const PATIENCE = 5_000;

/** Cells, what they stored, whether that differs from run to run, and how many figures each has. */
type CodeCells = { cell: number; stored: Output[]; volatile: boolean; figures: number }[];

function codeCells({ cells }: Notebook): CodeCells {
  return cells.flatMap((cell, i) => {
    if (cell.cell_type !== "code") return [];
    const figures = cell.outputs.filter((output) => "data" in output && output.data[FIGURE]);
    const { volatile = false } = (cell.metadata.tunebook ?? {}) as { volatile?: boolean };
    return [{ cell: i, stored: cell.outputs, volatile, figures: figures.length }];
  });
}

/** A cell's outputs as far as they are the same at each run and in each front end. */
function steady(outputs: readonly Output[], cellIsVolatile: boolean): string[] {
  if (cellIsVolatile) return outputs.map((output) => output.output_type);
  return outputs.flatMap((output) => {
    if (output.output_type === "stream") return [output.text];
    if (output.output_type === "error") return [`error ${output.ename}: ${output.evalue}`];
    const { passing, volatile } = (output.metadata.tunebook ?? {}) as OutputMarks;
    // The stock kernel shows even what has nothing to show.
    if (passing || Object.keys(output.data).length === 0) return [];
    if (volatile) return [output.output_type];
    return [stripVTControlCharacters(String(output.data["text/plain"]))];
  });
}

/**
 * Runs cells one after another, the next when all that the last one stored is there: the stock
 * kernel says that it is done while outputs are on their way.
 */
async function runInOrder(page: NotebookPage, cells: CodeCells): Promise<void> {
  await page.clearOutputs();
  for (const { cell, stored, volatile } of cells) {
    await page.run(cell);
    const began = Date.now();
    while (Date.now() - began < PATIENCE) {
      const found = steady(await page.outputs(cell), volatile);
      if (found.join() === steady(stored, volatile).join()) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  for (const { cell, stored, volatile } of cells) {
    const found = steady(await page.outputs(cell), volatile);
    assertEquals(found, steady(stored, volatile), `cell ${cell + 1}`);
  }
}

async function openCopy(
  browser: HeadlessBrowser,
  server: JupyterServer,
  lesson: { name: string; folder: URL },
  application: Application,
): Promise<NotebookPage> {
  const copy = join(server.folder, application);
  await Deno.mkdir(copy, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(lesson.folder)) {
    if (isFile) await Deno.copyFile(new URL(name, lesson.folder), join(copy, name));
  }
  const path = `${application}/lesson.ipynb`;
  return await NotebookPage.open(browser, server, path, application);
}

for (const lesson of LESSONS) {
  Deno.test(`${lesson.name}: runs in JupyterLab and Notebook 7`, async (t) => {
    const notebook = await readNotebook(fileURLToPath(new URL("lesson.ipynb", lesson.folder)));
    const cells = codeCells(notebook);
    const plots = cells.filter(({ figures }) => figures > 0);
    await using server = await startJupyter();
    await using browser = await openBrowser();

    for (const application of ["lab", "notebook"] as const) {
      await using page = await openCopy(browser, server, lesson, application);

      await t.step(`${application}: not run, it shows every stored plot`, async () => {
        for (const { cell } of plots) await page.waitForPlot(cell);
      });

      await t.step(`${application}: run, every cell has its own outputs`, async () => {
        await runInOrder(page, cells);
        for (const { cell } of plots) {
          await page.waitForPlot(cell);
          await page.screenshot(`${lesson.name}-${application}-cell-${cell + 1}`);
        }
      });
    }

    await t.step("own: a learner's own JupyterLab runs it on Deno's stock kernel", async () => {
      await using own = await startJupyter("own");
      await using page = await openCopy(browser, own, lesson, "lab");
      await runInOrder(page, cells);
      for (const { cell } of plots) await page.waitForPlot(cell);
    });
  });
}
