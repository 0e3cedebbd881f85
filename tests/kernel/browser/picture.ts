/**
 * Takes the picture of the README anew: a lesson in JupyterLab, its slider moved. Run it with
 * `deno run -A tests/kernel/browser/picture.ts`; it writes `lessons/jupyterlab.png`.
 *
 * @module
 */

import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { root } from "../../lessons/lessons.ts";
import { NotebookPage } from "./lab_page.ts";
import { startJupyter } from "./server.ts";

const LESSON = "03-freezing";

/** The cell with the plot, counted from 0, and where on the slider's rail to click (0 to 1). */
const CELL = 4, PLACE = 0.6;

await using server = await startJupyter();
const folder = join(server.folder, LESSON);
await Deno.mkdir(folder);
for await (const { name, isFile } of Deno.readDir(new URL(`lessons/${LESSON}/`, root))) {
  if (isFile) await Deno.copyFile(new URL(`lessons/${LESSON}/${name}`, root), join(folder, name));
}
await using browser = await openBrowser();
await using notebook = await NotebookPage.open(browser, server, `${LESSON}/lesson.ipynb`);
const { page } = notebook;
await page.setViewportSize({ width: 1120, height: 1005 });
await notebook.setTheme("Light");
await notebook.execute("application:toggle-left-area");
await notebook.waitForPlot(CELL);
const rail = page.locator(".jp-Notebook .slider-rail-touch-rect").first();
const { x, y, width, height } = (await rail.boundingBox())!;
await page.mouse.click(x + PLACE * width, y + height / 2);
await notebook.waitForText(CELL, "% of the parameters train");
await page.mouse.move(0, 0);
await notebook.scrollTo(CELL - 1);
await page.evaluate(
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
);
await Deno.writeFile(new URL("lessons/jupyterlab.png", root), await page.screenshot());
