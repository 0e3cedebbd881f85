/**
 * Every lesson as a learner meets it: in JupyterLab, in Notebook 7, as a page of HTML.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type HeadlessBrowser, openBrowser } from "../../../kernel/browser/open.ts";
import { renderNotebook } from "../../../kernel/notebooks/html/page.ts";
import type { Notebook, Output } from "../../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../../kernel/notebooks/read.ts";
import { FIGURE } from "../../../kernel/notebooks/render/mod.ts";
import { lessonFolders } from "../../lessons/lessons.ts";
import { type Application, NotebookPage } from "./lab_page.ts";
import { type JupyterServer, startJupyter } from "./server.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";

/** In the short tier the first lesson stands for all. */
const LESSONS = lessonFolders().slice(0, FULL ? undefined : 1);

/** The cells of a notebook that stored outputs, and how many figures each has. */
function codeCells({ cells }: Notebook): { cell: number; stored: Output[]; figures: number }[] {
  return cells.flatMap((cell, i) => {
    if (cell.cell_type !== "code") return [];
    const figures = cell.outputs.filter((output) => "data" in output && output.data[FIGURE]);
    return [{ cell: i, stored: cell.outputs, figures: figures.length }];
  });
}

/** A cell's outputs as far as they are the same at each run and in each front end. */
function steady(outputs: readonly Output[]): string[] {
  return outputs.flatMap((output) => {
    if (output.output_type === "stream") return [output.text];
    if (output.output_type === "error") return [`error ${output.ename}: ${output.evalue}`];
    const { volatile } = (output.metadata.tunebook ?? {}) as { volatile?: unknown };
    if (volatile) return [output.output_type];
    return [stripVTControlCharacters(String(output.data["text/plain"]))];
  });
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
  Deno.test(`${lesson.name}: runs in JupyterLab and Notebook 7, and is a page`, async (t) => {
    const notebook = await readNotebook(fileURLToPath(new URL("lesson.ipynb", lesson.folder)));
    const cells = codeCells(notebook);
    const plots = cells.filter(({ figures }) => figures > 0);
    await using server = await startJupyter();
    await using browser = await openBrowser();

    for (const application of ["lab", "notebook"] as const) {
      await t.step(`${application}: not run, it shows every stored plot`, async () => {
        await using page = await openCopy(browser, server, lesson, application);
        for (const { cell } of plots) await page.waitForPlot(cell);
      });

      await t.step(`${application}: run, every cell has its own outputs`, async () => {
        await using page = await openCopy(browser, server, lesson, application);
        await page.clearOutputs();
        for (const { cell } of cells) await page.run(cell);
        for (const { cell, stored } of cells) {
          assertEquals(steady(await page.outputs(cell)), steady(stored), `cell ${cell + 1}`);
        }
        for (const { cell } of plots) {
          await page.waitForPlot(cell);
          await page.screenshot(`${lesson.name}-${application}-cell-${cell + 1}`);
        }
      });
    }

    await t.step("as HTML it draws every plot, offline", async () => {
      const file = join(server.folder, "page.html");
      await Deno.writeTextFile(file, await renderNotebook(notebook, fileURLToPath(lesson.folder)));
      const context = await browser.newContext({ offline: true });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      await page.goto(pathToFileURL(file).href);
      const drawn = await page.locator(".js-plotly-plot .mlayer").count();
      const figures = plots.reduce((sum, { figures }) => sum + figures, 0);
      assertEquals(await page.locator(".js-plotly-plot").count(), figures);
      assert(drawn >= figures, `${drawn} of ${figures} plots have drawn`);
      assertEquals(errors, []);
      await context.close();
    });
  });
}
