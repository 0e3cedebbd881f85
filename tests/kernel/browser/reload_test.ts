/**
 * A lesson in a real JupyterLab, whose reader changes the library under it: `%reload` brings the
 * change into the cells and leaves their variables alone.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { ROOT } from "../../../kernel/lab/lab.ts";
import type { Cell } from "../../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../../kernel/notebooks/read.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { NotebookPage } from "./lab_page.ts";
import { startJupyter } from "./server.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";

const LESSON = "lessons/04-annotated-data";
/** What a lesson needs of the project. */
const PARTS = ["deno.json", "deno.lock", "lib", LESSON];

/** Of the library: how Cohen's kappa is worked out, and how it is after the edit. */
const FILE = "lib/data/annotation/agreement.ts";
const FORMULA = "(observed - expected) / (1 - expected)", EDITED = `10 * ${FORMULA}`;

/** What the reader adds below the lesson. */
const KEEP = "const kept = reviews, before = cohenKappa;";
const RELOAD = `%reload
console.log("kept", kept === reviews, reviews.train.length > 0, "edited", before !== cohenKappa);`;

/** Copies a part of the project; kernels beside it then use the copy. */
async function copyProject(to: string): Promise<void> {
  for (const part of PARTS) await cp(join(ROOT, part), join(to, part), { recursive: true });
}

Deno.test({
  name: "JupyterLab: a lesson takes up an edit of the library, and keeps its variables",
  ignore: !FULL,
  async fn() {
    await using server = await startJupyter();
    const project = join(server.folder, "project");
    await copyProject(project);
    const path = join(project, LESSON, "lesson.ipynb");
    const lesson = await readNotebook(path);
    const cellWith = (text: string) => {
      const found = lesson.cells.findIndex(({ cell_type, source }) =>
        cell_type === "code" && source.includes(text)
      );
      assert(found >= 0, `No cell has ${text}`);
      return found;
    };
    const imports = cellWith("import { afinn, cohenKappa");
    const data = cellWith("const reviews = ");
    const kappa = cellWith("kappa: cohenKappa(");
    const add = (source: string): number =>
      lesson.cells.push(
        {
          ...{ cell_type: "code", id: `added-${lesson.cells.length}`, metadata: {}, source },
          ...{ execution_count: null, outputs: [] },
        } satisfies Cell,
      ) - 1;
    const keep = add(KEEP), reload = add(RELOAD);
    await Deno.writeTextFile(path, formatNotebook(lesson));

    await using browser = await openBrowser();
    await using notebook = await NotebookPage.open(
      browser,
      server,
      `project/${LESSON}/lesson.ipynb`,
    );
    await notebook.clearOutputs();
    for (const cell of [imports, data, kappa, keep]) await notebook.run(cell);
    await notebook.waitForText(kappa, "0.638029");

    const file = join(project, FILE);
    const text = await Deno.readTextFile(file);
    assertStringIncludes(text, FORMULA);
    await Deno.writeTextFile(file, text.replace(FORMULA, EDITED));

    await notebook.run(reload);
    await notebook.waitForText(reload, "Loaded again: agreement.ts");
    await notebook.waitForText(reload, "kept true true edited true");
    await notebook.run(kappa);
    await notebook.waitForText(kappa, "6.38029");
    await notebook.screenshot("reload-lesson");
    for (const cell of [kappa, reload]) {
      const types = (await notebook.outputs(cell)).map(({ output_type }) => output_type);
      assertEquals(types.includes("error"), false);
    }
  },
});
