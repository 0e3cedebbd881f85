import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findKernelspec } from "../../../kernel/client/mod.ts";
import { type Notebook, NotebookError } from "../../../kernel/notebooks/nbformat.ts";
import { parseNotebook } from "../../../kernel/notebooks/read.ts";
import { describeFailure, formatTable } from "../../../kernel/notebooks/report.ts";
import { runNotebook } from "../../../kernel/notebooks/run.ts";
import { codeCell, notebookJson, notebookText } from "./sample.ts";

const full = Deno.env.get("TUNEBOOK_TEST") === "full";
const kernelspec = await findKernelspec("stock");
const options = { kernelspec, folder: Deno.cwd(), limitMs: 60_000 };

function outputsOf(notebook: Notebook, index: number) {
  const cell = notebook.cells[index];
  return cell?.cell_type === "code" ? cell.outputs : [];
}

Deno.test("a notebook runs from the top; the one given stays as it was", async () => {
  const given = parseNotebook(notebookText("const a = 1;", "", "a + 1"), "x");
  const before = structuredClone(given);
  const told: string[] = [];
  const onCell = (number: number, count: number) => told.push(`${number}/${count}`);
  const { notebook, cells, failure } = await runNotebook(given, { ...options, onCell });
  assertEquals(given, before);
  assertEquals([cells, failure, told], [2, undefined, ["1/2", "2/2"]]);
  assertEquals(
    notebook.cells.map((cell) => cell.cell_type === "code" && cell.execution_count),
    [1, null, 2],
  );
  assertEquals(outputsOf(notebook, 2), [
    {
      output_type: "execute_result",
      data: { "text/plain": "2" },
      metadata: {},
      execution_count: 2,
    },
  ]);
});

Deno.test("the first failure stops a notebook, unless the cell is tagged raises-exception", async () => {
  const tagged = {
    ...codeCell("throw new Error('wanted')", "a"),
    metadata: { tags: ["raises-exception"] },
  };
  const given = parseNotebook(
    JSON.stringify(notebookJson([
      tagged,
      { cell_type: "markdown", id: "m", metadata: {}, source: "text" },
      codeCell("1;\n// here\nthrow new TypeError('unwanted');\n2;", "b"),
      codeCell("console.log('never')", "c"),
    ])),
    "x",
  );
  const { notebook, cells, failure } = await runNotebook(given, options);
  assertEquals([cells, failure?.cell], [2, 3]);
  assertEquals(outputsOf(notebook, 0)[0]?.output_type, "error");
  assertEquals(outputsOf(notebook, 3), []);
  const text = describeFailure("lessons/x.ipynb", failure!);
  assertStringIncludes(text, "lessons/x.ipynb, cell 3, line 3:");
  assertStringIncludes(text, "  2 | // here\n> 3 | throw new TypeError('unwanted');\n  4 | 2;");
  assertStringIncludes(text, "  TypeError: unwanted\n");
});

Deno.test("a run tells when its first plot was there, and how long it took", async () => {
  const show = (type: string) =>
    `Deno.jupyter.broadcast("display_data", {
      data: { ${JSON.stringify(type)}: {} },
      metadata: {},
    }); undefined`;
  const given = parseNotebook(notebookText("1", show("application/vnd.plotly.v1+json"), "2"), "x");
  const { firstPlotMs, tookMs } = await runNotebook(given, options);
  assert(firstPlotMs! > 0 && firstPlotMs! < tookMs, `${firstPlotMs} of ${tookMs} ms`);
  const without = parseNotebook(notebookText(show("application/json")), "x");
  assertEquals((await runNotebook(without, options)).firstPlotMs, undefined);
});

Deno.test("a notebook for another language is refused", async () => {
  const python = notebookJson([]);
  python.metadata.kernelspec = { name: "python3", display_name: "Python", language: "python" };
  const given = parseNotebook(JSON.stringify(python), "x");
  await assertRejects(() => runNotebook(given, options), NotebookError, "the kernel python3");
});

Deno.test("100 lines a cell, cell after cell: none lost, none in another cell", async () => {
  const count = full ? 100 : 20;
  const sources = Array.from(
    { length: count },
    (_, cell) => `for (let line = 0; line < 100; line++) console.log("cell ${cell} line", line);`,
  );
  const { notebook, failure } = await runNotebook(
    parseNotebook(notebookText(...sources), "x"),
    options,
  );
  assertEquals(failure, undefined);
  for (let cell = 0; cell < count; cell++) {
    const text = Array.from({ length: 100 }, (_, line) => `cell ${cell} line ${line}\n`).join("");
    assertEquals(outputsOf(notebook, cell), [{ output_type: "stream", name: "stdout", text }]);
  }
});

Deno.test("the table's columns are aligned", () => {
  const [deno, own] = ["Deno", "Deno (Tunebook)"];
  assertEquals(
    formatTable([
      { name: "00-a", kernel: own, cells: 31, firstPlot: 1, seconds: 12.34, result: "passed" },
      { name: "01-start", kernel: deno, cells: 7, seconds: 0.1, result: "failed in cell 7" },
    ]),
    `lesson    kernel           cells  first plot  seconds  result
00-a      Deno (Tunebook)     31         1.0     12.3  passed
01-start  Deno                 7                  0.1  failed in cell 7`,
  );
});
