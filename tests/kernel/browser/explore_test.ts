/**
 * The slider of `explore` in a real JupyterLab: it runs a cell's TypeScript as long as its kernel
 * lives, and leaves a figure behind.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { fixture } from "./fixture.ts";
import { NotebookPage } from "./lab_page.ts";
import { startJupyter } from "./server.ts";

const SOURCES = [
  `import { explore } from "@tunebook/notebook";
const x = Array.from({ length: 100 }, (_, i) => i / 10);
let amplitude = 1;
await explore({ label: "frequency", values: [1, 2, 3, 4, 5] }, (frequency) => ({
  data: [{ x, y: x.map((x) => amplitude * Math.sin(frequency * x)) }],
  layout: { title: "amplitude " + amplitude, yaxis: { range: [-3, 3] } },
}));`,
  "amplitude = 2;",
  "Deno.exit(1);",
];

/** The live control, and the figure that stands in for it. */
const LIVE = ".tunebook-explore", STORED = ".tunebook-plotly";

/** What is seen of either: its curve, and its title. */
async function seen(
  notebook: NotebookPage,
  where: string,
): Promise<[curve: string, title: string]> {
  const part = (selector: string) => notebook.page.locator(`${where} ${selector}:visible`).first();
  const curve = await part(".js-line").getAttribute("d");
  return [curve!, (await part(".gtitle").textContent())!];
}

/** Waits until another curve than this is seen. */
async function seenAfter(
  notebook: NotebookPage,
  where: string,
  before: string,
): Promise<[curve: string, title: string]> {
  await notebook.page.waitForFunction(({ selector, before }) => {
    const { document } = globalThis as unknown as {
      document: { querySelectorAll(selector: string): Iterable<SvgPath> };
    };
    interface SvgPath {
      getAttribute(name: string): string;
      getBoundingClientRect(): { width: number };
    }
    const seen = [...document.querySelectorAll(selector)]
      .filter((path) => path.getBoundingClientRect().width > 0);
    return seen.length > 0 && seen[0]!.getAttribute("d") !== before;
  }, { selector: `${where} .js-line`, before });
  return await seen(notebook, where);
}

async function command(notebook: NotebookPage, id: string): Promise<void> {
  await notebook.page.evaluate((id) => {
    const { jupyterapp } = globalThis as unknown as {
      jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
    };
    return id.includes("restart")
      ? void jupyterapp.commands.execute(id) // It waits for an answer to its dialog.
      : jupyterapp.commands.execute(id);
  }, id);
}

Deno.test("JupyterLab: a slider runs a cell's TypeScript, and the curve follows", async (t) => {
  await using server = await startJupyter();
  await using browser = await openBrowser();
  const file = formatNotebook(fixture(SOURCES));
  await Deno.writeTextFile(join(server.folder, "explore.ipynb"), file);
  await using notebook = await NotebookPage.open(browser, server, "explore.ipynb");
  const { page } = notebook;
  const live = page.locator(LIVE), stored = page.locator(STORED);
  const slider = page.locator(`${LIVE} input`);
  const value = page.locator(`${LIVE} output`);
  await notebook.run(0);
  await live.waitFor();
  let [curve, title] = await seenAfter(notebook, LIVE, "");
  assertEquals([title, await value.textContent()], ["amplitude 1", "1"]);
  assert(!await stored.isVisible(), "there are two figures");

  await t.step("by the arrow keys", async () => {
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    const [next] = await seenAfter(notebook, LIVE, curve);
    assertEquals(await value.textContent(), "2");
    curve = next;
  });

  await t.step("by the mouse, with what the variables are now", async () => {
    await notebook.run(1);
    const { x, y, width, height } = (await slider.boundingBox())!;
    await page.mouse.move(x + width * 0.3, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 2, y + height / 2, { steps: 20 });
    await page.mouse.up();
    assertEquals(await value.textContent(), "5");
    await page.locator(`${LIVE} .gtitle`, { hasText: "amplitude 2" }).waitFor();
    const [next] = await seenAfter(notebook, LIVE, curve);
    assert((await notebook.screenshot("explore-live")).length > 20_000);
    await notebook.setTheme("Dark");
    await notebook.screenshot("explore-live-dark");
    await notebook.setTheme("Light");
    curve = next;
  });

  await t.step("a page that is loaded again finds it as it was", async () => {
    await command(notebook, "docmanager:save");
    await page.reload();
    await live.waitFor();
    [, title] = await seenAfter(notebook, LIVE, "");
    assertEquals([title, await value.textContent()], ["amplitude 2", "5"]);
    const [before] = await seen(notebook, LIVE);
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await seenAfter(notebook, LIVE, before);
  });

  await t.step(
    "when its process has ended, a figure with a slider of its own is there",
    async () => {
      await notebook.run(2);
      await stored.waitFor();
      assert(!await live.isVisible());
      [curve, title] = await seenAfter(notebook, STORED, "");
      assertEquals(title, "amplitude 1");
    },
  );

  await t.step("so it is after a restart", async () => {
    await notebook.run(0);
    await live.waitFor();
    await command(notebook, "kernelmenu:restart");
    await page.click(".jp-Dialog .jp-mod-accept");
    await stored.waitFor();
    assert(!await live.isVisible());
  });

  await t.step("and in a notebook that is opened later", async () => {
    await command(notebook, "docmanager:save");
    await page.reload();
    await stored.waitFor();
    [curve] = await seenAfter(notebook, STORED, "");
    const rail = (await page.locator(`${STORED} .slider-rail-touch-rect`).boundingBox())!;
    await page.mouse.click(rail.x + rail.width - 3, rail.y + rail.height / 2);
    await seenAfter(notebook, STORED, curve);
    assert(!await live.isVisible());
    assertEquals(await page.getByText("Error displaying widget").isVisible(), false);
    assert((await notebook.screenshot("explore-stored")).length > 20_000);
  });
});
