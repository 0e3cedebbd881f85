/**
 * Our kernel under real JupyterLab in a real browser: Run All, Stop, restart, a moving progress bar.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import type { Output } from "../../../kernel/notebooks/nbformat.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { fixture } from "../browser/fixture.ts";
import { NotebookPage } from "../browser/lab_page.ts";
import { type JupyterServer, startJupyter } from "../browser/server.ts";
import { until } from "./client.ts";

const LIMIT_MS = 30_000;

async function save(server: JupyterServer, name: string, sources: string[]): Promise<string> {
  await Deno.writeTextFile(join(server.folder, name), formatNotebook(fixture(sources)));
  return name;
}

/** Runs one of JupyterLab's commands without waiting for its end. */
async function command(notebook: NotebookPage, id: string): Promise<void> {
  await notebook.page.evaluate((id) => {
    const { jupyterapp } = globalThis as unknown as {
      jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
    };
    void jupyterapp.commands.execute(id);
  }, id);
}

/** Outputs as JSON, without colours. */
const text = (outputs: Output[]) => JSON.stringify(outputs).replace(/\\u001b\[\d+m/g, "");

const PARTS = [
  `import { plot, progress } from "@tunebook/notebook";\nconst base: number = 40;`,
  ...Array.from(
    { length: 6 },
    (_, n) =>
      `for (let i = 0; i < 60; i++) console.log("cell ${n + 1} line", i);
await new Promise((done) => setTimeout(done, 20));
base + ${n}`,
  ),
  `plot({ data: [{ y: [1, 3, 2] }], layout: { title: "cell 7" } });`,
  `NaN`,
  `for (const _ of progress(20, { label: "cell 9" })) {
  await new Promise((done) => setTimeout(done, 100));
}`,
  `plot({ data: [{ x: [1, 2], y: [3, 4], type: "bar" }], layout: { title: "cell 10" } });`,
  `"cell 11: the end"`,
];

async function assertPlaced(notebook: NotebookPage): Promise<void> {
  for (let n = 1; n <= 6; n++) {
    const found = text(await notebook.outputs(n));
    assertEquals(new Set(found.match(/cell \d+/g)), new Set([`cell ${n}`]));
    assertEquals(found.match(/line \d+/g)?.length, 60);
    assertMatch(found, new RegExp(`"text/plain":\\W*${40 + n - 1}\\b`));
  }
  assertStringIncludes(text(await notebook.outputs(8)), "NaN");
  for (const cell of [7, 10]) await notebook.waitForPlot(cell);
}

Deno.test("JupyterLab: Run All, a moving progress bar, restart and run all", async () => {
  await using server = await startJupyter();
  await using browser = await openBrowser();
  const path = await save(server, "run.ipynb", PARTS);
  await using notebook = await NotebookPage.open(browser, server, path);

  await command(notebook, "notebook:run-all-cells");
  const seen = new Set<string>();
  await until(async () => {
    seen.add(text(await notebook.outputs(9)).match(/\d+\/20/)?.[0] ?? "");
    return text(await notebook.outputs(11)).includes("the end");
  }, LIMIT_MS);
  assert(seen.size > 2, `the bar was seen at ${[...seen]}`);
  await assertPlaced(notebook);
  assert((await notebook.screenshot("relay-run-all")).length > 20_000);

  await notebook.clearOutputs();
  await command(notebook, "notebook:restart-run-all");
  await notebook.page.click(".jp-Dialog .jp-mod-accept");
  await until(async () => text(await notebook.outputs(11)).includes("the end"), LIMIT_MS);
  await assertPlaced(notebook);
});

const KINDS: [name: string, code: string][] = [
  ["a synchronous loop", "while (true);"],
  ["an endless await", "await new Promise(() => {});"],
  [
    "heavy chunks",
    `for (;;) {
  const end = Date.now() + 120; while (Date.now() < end);
  await new Promise((done) => setTimeout(done));
}`,
  ],
  ["a burst of output", "for (;;) console.log('burst');"],
  [
    "a progress bar",
    `import { progress } from "@tunebook/notebook";
for (const _ of progress(1e6)) await new Promise((done) => setTimeout(done, 10));`,
  ],
  ["a prompt", "prompt('who?')"],
];

Deno.test("JupyterLab: Stop ends each kind of cell and keeps the variables", async () => {
  await using server = await startJupyter();
  await using browser = await openBrowser();
  const path = await save(server, "stop.ipynb", [
    "let kept = 41;",
    ...KINDS.map(([, code]) => `console.log("begun");\n${code}`),
    "++kept",
  ]);
  await using notebook = await NotebookPage.open(browser, server, path);
  await notebook.run(0);
  for (const [index, [name]] of KINDS.entries()) {
    const cell = index + 1;
    const running = notebook.run(cell);
    await notebook.waitForText(cell, "begun");
    const start = performance.now();
    await command(notebook, "notebook:interrupt-kernel");
    await running;
    const took = performance.now() - start;
    assertMatch(text(await notebook.outputs(cell)), /KeyboardInterrupt/, name);
    assert(took < 3_000, `${name} took ${took} ms`);
  }
  const last = KINDS.length + 1;
  await notebook.run(last);
  await notebook.waitForText(last, "42");
  await notebook.waitForText(1, "KeyboardInterrupt"); // Scrolls there, for the picture.
  assert((await notebook.screenshot("relay-stop")).length > 20_000);
});
