/**
 * Real JupyterLab 4 and Notebook 7 in a real browser.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { ensureLab } from "../../../kernel/lab/lab.ts";
import type { Notebook } from "../../../kernel/notebooks/nbformat.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { fixture, PLOT_CELLS, storedFixture } from "./fixture.ts";
import { type Application, NotebookPage } from "./lab_page.ts";
import { startJupyter } from "./server.ts";

const APPLICATIONS: Application[] = ["lab", "notebook"];

async function save(folder: string, name: string, notebook: Notebook): Promise<void> {
  await Deno.writeTextFile(join(folder, name), formatNotebook(notebook));
}

/** Checks that each of the fixture's cells has its own outputs, and that its plots have drawn. */
async function checkFixture(notebook: NotebookPage): Promise<void> {
  for (let cell = 0; cell < fixture().cells.length; cell++) {
    const text = JSON.stringify(await notebook.outputs(cell));
    assertEquals(new Set(text.match(/cell \d/g)), new Set([`cell ${cell}`]));
    assert(!text.includes('"output_type":"error"'), text);
  }
  for (const cell of PLOT_CELLS) await notebook.waitForPlot(cell);
  assertStringIncludes(JSON.stringify(await notebook.outputs(3)), "cell 3, step 4");
}

/** What a reader sees of each cell when all of it is there. */
const LAST_TEXT = ["NaN", "cell 1, line 49", "cell 2", "5/5", "✓ right"];

Deno.test("JupyterLab and Notebook 7 run a notebook and show its plots", async (t) => {
  await using server = await startJupyter();
  await using browser = await openBrowser();
  const stored = await storedFixture();
  for (const application of APPLICATIONS) {
    const path = `${application}.ipynb`;
    await save(server.folder, path, stored);
    await using notebook = await NotebookPage.open(browser, server, path, application);

    await t.step(`${application}: a notebook that wasn't run shows its stored plots`, async () => {
      for (const cell of PLOT_CELLS) await notebook.waitForPlot(cell);
      await notebook.screenshot(`${application}-stored`);
    });

    await t.step(`${application}: Run All leaves every output with its cell`, async () => {
      await notebook.clearOutputs();
      await notebook.runAll();
      for (const [cell, text] of LAST_TEXT.entries()) await notebook.waitForText(cell, text);
      await checkFixture(notebook);
    });

    await t.step(`${application}: plots draw in light and dark`, async () => {
      for (const theme of ["Light", "Dark"] as const) {
        await notebook.setTheme(theme);
        for (const cell of PLOT_CELLS) await notebook.waitForPlot(cell);
        const png = await notebook.screenshot(`${application}-${theme}`);
        assert(png.length > 20_000, `a screenshot of ${png.length} bytes`);
      }
    });
  }
});

Deno.test("a learner's own JupyterLab, without a renderer, shows PNGs, and plots when run", async () => {
  await using server = await startJupyter("own");
  await using browser = await openBrowser();
  await save(server.folder, "own.ipynb", await storedFixture());
  await using notebook = await NotebookPage.open(browser, server, "own.ipynb");
  for (const cell of PLOT_CELLS) await notebook.waitForPicture(cell);
  await notebook.screenshot("own-stored");
  // One after another: the stock kernel misplaces the outputs of queued cells.
  for (const [cell, text] of LAST_TEXT.entries()) {
    await notebook.run(cell);
    await notebook.waitForText(cell, text);
  }
  await checkFixture(notebook);
  // The stock kernel runs here, and the first cell says so.
  const [notice] = await notebook.outputs(0);
  assert(notice !== undefined && "data" in notice);
  assertMatch(String(notice.data["text/plain"]), /stock kernel.*`deno task lab`/);
  await notebook.screenshot("own-run");
});

Deno.test("plain nbconvert shows the PNGs of stored plots, and no script", async () => {
  const { jupyter } = await ensureLab({ quiet: true });
  const folder = await Deno.makeTempDir();
  try {
    await save(folder, "fixture.ipynb", await storedFixture());
    const { success, stderr } = await new Deno.Command(jupyter, {
      args: ["nbconvert", "--to", "html", "--log-level=ERROR", "fixture.ipynb"],
      cwd: folder,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const page = await Deno.readTextFile(join(folder, "fixture.html"));
    assertEquals(page.match(/src="data:image\/png;base64,/g)?.length, PLOT_CELLS.length);
    assert(!page.includes("Plotly.newPlot"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
