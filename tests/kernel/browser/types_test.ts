/**
 * Help with the language in real JupyterLab: warnings, the completion popup, the tooltip.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { descendants } from "./descendants.ts";
import { fixture } from "./fixture.ts";
import { NotebookPage } from "./lab_page.ts";
import { startJupyter } from "./server.ts";

const SOURCES = [
  'import { Linear } from "@tunebook/nn";\nconst layer = new Linear(2, 1);\nlet rate = 0.1;',
  'rate = 0.01;\nrate = "fast";\nconsole.log("the output");',
  "",
  'import { greet } from "./greeting.ts";\nconst greetings = [greet()];\ngreetings[0]',
  "%reload\ngreetings.push(greet());\ngreetings.join()",
  'console.log("begun"); await new Promise(() => {});',
];
/** How often the server is asked until it is ready (each time waits for what it answers). */
const ATTEMPTS = 60;
const EACH_MS = 2_000;

Deno.test("JupyterLab shows type warnings, typed completion and what a name is", async (t) => {
  await using server = await startJupyter("lab", "on");
  await using browser = await openBrowser();
  const write = (name: string, text: string) => Deno.writeTextFile(join(server.folder, name), text);
  await write("types.ipynb", formatNotebook(fixture(SOURCES)));
  await write("greeting.ts", 'export const greet = () => "old";\n');
  await using notebook = await NotebookPage.open(browser, server, "types.ipynb");
  const { page } = notebook;
  const editor = page.locator(".jp-Notebook .jp-CodeCell").nth(2).locator(".cm-content");
  const rewrite = async (code: string) => {
    await editor.click();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText(code);
  };
  /** Presses a key until what it opens shows a text: the first answers come without types. */
  const pressUntil = async (key: string, selector: string, text: string) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await page.keyboard.press(key);
      const found = page.locator(selector, { hasText: text }).first();
      if (await found.waitFor({ timeout: EACH_MS }).then(() => true, () => false)) return;
      await page.keyboard.press("Escape");
      await editor.click();
      await page.keyboard.press("Control+End");
    }
    throw new Error(`${key} never showed ${text}`);
  };

  await notebook.run(0);
  await t.step("a warning with its line and a squiggle; the cell runs", async () => {
    await notebook.run(1);
    await notebook.waitForText(1, "the output");
    await notebook.waitForText(1, "Type 'string' is not assignable to type 'number'.");
    await notebook.waitForText(1, ":2:1");
    // Once the server is there and not busy, the warning stands before the output.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await notebook.run(1);
      await notebook.waitForText(1, "is not assignable");
      const [first] = await notebook.outputs(1);
      if (first && "data" in first) break;
    }
    const [first] = await notebook.outputs(1);
    assert(first && "data" in first, JSON.stringify(first));
    await notebook.screenshot("types-warning");
    await notebook.setTheme("Dark");
    await notebook.screenshot("types-warning-dark");
    await notebook.setTheme("Light");
  });

  await t.step("the completion popup has the members of an earlier cell's name", async () => {
    await rewrite("layer.");
    await pressUntil("Tab", ".jp-Completer:visible", "requires");
    const popup = await page.locator(".jp-Completer").innerText();
    for (const member of ["forward", "parameters", "method"]) assertStringIncludes(popup, member);
    // Beside it stands what is known of the first of them.
    await page.locator(".jp-Completer-docpanel", { hasText: "bias: Tensor" }).waitFor();
    await notebook.screenshot("types-completion");
    await notebook.setTheme("Dark");
    await notebook.screenshot("types-completion-dark");
    await notebook.setTheme("Light");
    await page.keyboard.press("Escape");
  });

  await t.step("Shift+Tab tells the type of a name", async () => {
    await rewrite("layer.forward");
    await pressUntil("Shift+Tab", ".jp-Tooltip", "forward(input: Tensor): Tensor");
    await notebook.screenshot("types-tooltip");
    await page.keyboard.press("Escape");
  });

  await t.step("Shift+Tab in a call tells its signature", async () => {
    await rewrite("new Linear(2, ");
    await pressUntil("Shift+Tab", ".jp-Tooltip", "Linear(inputs: number, outputs: number");
    await notebook.screenshot("types-signature");
    await page.keyboard.press("Escape");
  });

  await t.step("an edited module is loaded again, and what was made stays", async () => {
    await notebook.run(3);
    await notebook.waitForText(3, "old");
    await write("greeting.ts", 'export const greet = () => "new";\n');
    await notebook.run(4);
    await notebook.waitForText(4, "Loaded again: greeting.ts");
    await notebook.waitForText(4, "old,new");
    await notebook.screenshot("types-reload");
  });

  await t.step("a language server that is killed comes back, and nobody notices", async () => {
    const servers = () => descendants(server.pid, / lsp\b/);
    const [killed, ...others] = await servers();
    assertEquals(others, []);
    Deno.kill(killed!, "SIGKILL");
    await notebook.run(1);
    await notebook.waitForText(1, "the output");
    await notebook.waitForText(1, "Type 'string' is not assignable to type 'number'.");
    await rewrite("layer.");
    await pressUntil("Tab", ".jp-Completer:visible", "requires");
    await page.locator(".jp-Completer-docpanel", { hasText: "bias: Tensor" }).waitFor();
    await notebook.screenshot("types-server-back");
    await page.keyboard.press("Escape");
    const [back, ...more] = await servers();
    assert(back !== undefined);
    assertNotEquals(back, killed);
    assertEquals(more, []);
    for (const cell of SOURCES.keys()) {
      const failed = (await notebook.outputs(cell)).filter((each) => each.output_type === "error");
      assertEquals(failed, []);
    }
    assertEquals(await page.locator(".jp-Dialog, .Toastify__toast").count(), 0);
  });

  await t.step("while a cell runs there is help, too", async () => {
    const running = notebook.run(5);
    await notebook.waitForText(5, "begun");
    await rewrite("layer.");
    await pressUntil("Tab", ".jp-Completer:visible", "requires");
    await notebook.screenshot("types-while-running");
    await page.keyboard.press("Escape");
    assertEquals(await notebook.status(), "busy");
    await notebook.execute("notebook:interrupt-kernel");
    await running;
    await notebook.waitForText(5, "KeyboardInterrupt");
    assertEquals(await notebook.status(), "idle");
  });
});
