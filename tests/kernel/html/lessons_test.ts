/**
 * Every lesson as a page of HTML, as `deno task html` writes it: what its notebook stores is drawn.
 * With TUNEBOOK_SCREENSHOTS set to a folder, a picture of each whole page is kept there.
 *
 * @module
 */

import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { type HeadlessBrowser, openBrowser } from "../../../kernel/browser/open.ts";
import { html } from "../../../kernel/notebooks/html.ts";
import { FIGURE, isObject, type JsonObject } from "../../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../../kernel/notebooks/read.ts";
import { lessonFolders } from "../../lessons/lessons.ts";
import { MARKS } from "../browser/lab_page.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";
const SCREENSHOTS = Deno.env.get("TUNEBOOK_SCREENSHOTS");

/** In the short tier the first lesson stands for all. */
const LESSONS = lessonFolders().slice(0, FULL ? undefined : 1);

/** The figures that a notebook stores, from top to bottom. */
async function storedFigures(folder: URL): Promise<JsonObject[]> {
  const { cells } = await readNotebook(fileURLToPath(new URL("lesson.ipynb", folder)));
  return cells.flatMap((cell) => cell.cell_type === "code" ? cell.outputs : [])
    .flatMap((output) =>
      "data" in output && isObject(output.data[FIGURE]) ? [output.data[FIGURE]] : []
    );
}

/** The sliders or menus of a figure. */
function controls({ layout }: JsonObject, kind: "sliders" | "updatemenus"): JsonObject[] {
  const found = isObject(layout) ? layout[kind] : undefined;
  return Array.isArray(found) ? found.filter((control) => control.visible !== false) : [];
}

/** Opens a page from the disk, without a network; `problems` collects what its console complains of. */
async function openPage(browser: HeadlessBrowser, file: string, colorScheme: "light" | "dark") {
  const viewport = { width: 1000, height: 1400 };
  const context = await browser.newContext({ colorScheme, offline: true, viewport });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { context, page, problems };
}

/** How many of a plot's marks take up room. */
async function countMarks(plot: Locator): Promise<number> {
  return await plot.locator(MARKS).evaluateAll((marks) =>
    marks.filter((mark) => {
      const { width, height } = mark.getBoundingClientRect();
      return width + height > 2;
    }).length
  );
}

/** Formulas that a reader would see as they are typed. */
async function unreadFormulas(page: Page): Promise<string[]> {
  return await page.locator(".prose :not(pre, code):is(p, li, td, summary), .katex-error")
    .evaluateAll((elements) =>
      elements.map((element) => {
        const copy = element.cloneNode(true) as typeof element;
        for (const code of [...copy.querySelectorAll("code, math")]) code.remove();
        return copy.textContent ?? "";
      }).filter((text, i) => text.includes("$") || elements[i]!.matches(".katex-error"))
    );
}

/** Moves a plot's slider to its other end, and waits until it is there and what it chose is drawn. */
async function moveSlider(page: Page, plot: Locator): Promise<void> {
  const rail = plot.locator(".slider-rail-touch-rect").first();
  await rail.scrollIntoViewIfNeeded();
  const before = await activeStep(plot);
  const { x, y, width, height } = (await rail.boundingBox())!;
  await page.mouse.click(x + (before === 0 ? width - 3 : 3), y + height / 2);
  const end = Date.now() + 10_000;
  while (await activeStep(plot) === before || await countMarks(plot) === 0) {
    assert(Date.now() < end, "the slider did not move, or nothing is drawn where it is now");
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
}

/** Which of its steps a plot's slider stands at. */
async function activeStep(plot: Locator): Promise<number> {
  return await plot.evaluate((element) => {
    const { _fullLayout } = element as unknown as {
      _fullLayout: { sliders: { active: number }[] };
    };
    return _fullLayout.sliders[0]!.active;
  });
}

for (const { name, folder } of LESSONS) {
  Deno.test(`${name}: its page draws every plot, offline, and its sliders move`, async () => {
    const figures = await storedFigures(folder);
    assert(figures.length > 0, "a lesson without a plot");
    const out = await Deno.makeTempDir();
    try {
      assertEquals(await html([name, "--out", out]), 0);
      await using browser = await openBrowser();
      for (const scheme of ["light", "dark"] as const) {
        const { context, page, problems } = await openPage(
          browser,
          join(out, `${name}.html`),
          scheme,
        );
        assertEquals(await unreadFormulas(page), []);
        const plots = page.locator(".figure");
        assertEquals(await plots.count(), figures.length);
        for (const [i, figure] of figures.entries()) {
          const plot = plots.nth(i);
          const title = await plot.getAttribute("aria-label");
          assert(await plot.locator(".main-svg").count() > 0, `${title} is not drawn`);
          assert(await countMarks(plot) > 0, `${title} is empty`);
          const { width } = (await plot.locator(".main-svg").first().boundingBox())!;
          assertLess(width, 1000, `${title} is wider than the page`);
          const sliders = controls(figure, "sliders").length;
          assertEquals(
            await plot.locator(".slider-container .slider-group").count(),
            sliders,
            `${title}`,
          );
          const menus = controls(figure, "updatemenus").length;
          assertEquals(await plot.locator(".updatemenu-header-group").count(), menus, `${title}`);
        }
        if (SCREENSHOTS !== undefined) {
          await page.screenshot({
            path: join(SCREENSHOTS, `${name}-${scheme}.png`),
            fullPage: true,
          });
        }
        if (scheme === "light") {
          for (const [i, figure] of figures.entries()) {
            if (controls(figure, "sliders").length > 0) await moveSlider(page, plots.nth(i));
          }
        }
        assertEquals(problems, []);
        await context.close();
      }
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  });
}
