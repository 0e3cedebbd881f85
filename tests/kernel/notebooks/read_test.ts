import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { NotebookError } from "../../../kernel/notebooks/nbformat.ts";
import { parseNotebook, readNotebook } from "../../../kernel/notebooks/read.ts";
import { codeCell, notebookJson } from "./sample.ts";

const parse = (file: unknown) => parseNotebook(JSON.stringify(file), "x.ipynb");

Deno.test("texts stored as lines or in one piece are read the same", () => {
  const outputs = [
    { output_type: "stream", name: "stderr", text: ["a\n", "b"] },
    {
      output_type: "display_data",
      data: { "text/html": ["<b>", "</b>"], "application/json": ["a", "b"], "image/png": "AAA=" },
      metadata: { width: 3 },
    },
    { output_type: "execute_result", data: {}, execution_count: 4 },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["E: v"] },
  ];
  const { cells } = parse(notebookJson([
    { ...codeCell(""), source: ["let a;\n", "a"], outputs, execution_count: 4 },
    {
      cell_type: "markdown",
      id: "m",
      metadata: {},
      source: "# T",
      attachments: { "a.txt": { "text/plain": ["x", "y"] } },
    },
    { cell_type: "raw", id: "r", metadata: {}, source: [] },
  ]));
  assertEquals(cells, [
    {
      cell_type: "code",
      id: "c",
      metadata: {},
      source: "let a;\na",
      execution_count: 4,
      outputs: [
        { output_type: "stream", name: "stderr", text: "a\nb" },
        {
          output_type: "display_data",
          data: { "text/html": "<b></b>", "application/json": ["a", "b"], "image/png": "AAA=" },
          metadata: { width: 3 },
        },
        { output_type: "execute_result", data: {}, metadata: {}, execution_count: 4 },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["E: v"] },
      ],
    },
    {
      cell_type: "markdown",
      id: "m",
      metadata: {},
      source: "# T",
      attachments: { "a.txt": { "text/plain": "xy" } },
    },
    { cell_type: "raw", id: "r", metadata: {}, source: "" },
  ]);
});

Deno.test("cells with a missing, bad or repeated id get one that stays the same", () => {
  const file = notebookJson([
    { ...codeCell("1"), id: undefined },
    { ...codeCell("1"), id: undefined },
    { ...codeCell("2"), id: "twice" },
    { ...codeCell("3"), id: "twice" },
    { ...codeCell("4"), id: "not allowed!" },
  ]);
  const ids = parse(file).cells.map((cell) => cell.id);
  assertEquals(new Set(ids).size, 5);
  assertEquals(ids[2], "twice");
  for (const index of [0, 1, 3, 4]) assertMatch(ids[index]!, /^[0-9a-f]{8}$/);
  assertEquals(parse(file).cells.map((cell) => cell.id), ids);
  // Other cells don't change a cell's id.
  file.cells.splice(2, 1);
  assertEquals(parse(file).cells[0]?.id, ids[0]);
});

Deno.test("what isn't a notebook in nbformat 4 is refused, with what is wrong", () => {
  const good = notebookJson([codeCell("1")]);
  const withCell = (change: object) => notebookJson([{ ...codeCell("1"), ...change }]);
  const cases: [unknown, string][] = [
    [[], "expected a notebook (a JSON object), found []"],
    [{ nbformat: 3, worksheets: [] }, "expected nbformat 4, found 3. Convert it with"],
    [{}, "expected nbformat 4, found nothing"],
    [{ ...good, metadata: undefined }, "expected metadata to be an object, found nothing"],
    [{ ...good, metadata: {} }, "metadata.kernelspec to be an object with a name"],
    [{ ...good, metadata: { kernelspec: {} } }, 'as {"name": "deno"}, found {}'],
    [{ ...good, cells: undefined }, "expected cells to be a list, found nothing"],
    [{ ...good, cells: [1] }, "expected cells[0] to be an object, found 1"],
    [withCell({ cell_type: "heading" }), "cells[0].cell_type to be code, markdown or raw"],
    [withCell({ metadata: null }), "cells[0].metadata to be an object, found null"],
    [withCell({ source: 1 }), "cells[0].source to be a text or a list of lines, found 1"],
    [withCell({ outputs: {} }), "cells[0].outputs to be a list, found {}"],
    [withCell({ outputs: [null] }), "cells[0].outputs[0] to be an object, found null"],
    [withCell({ outputs: [{ output_type: "pyout" }] }), 'execute_result or error, found "pyout"'],
    [withCell({ outputs: [{ output_type: "stream" }] }), "cells[0].outputs[0].text"],
    [withCell({ outputs: [{ output_type: "display_data" }] }), "cells[0].outputs[0].data"],
    [withCell({ outputs: [{ output_type: "error" }] }), "cells[0].outputs[0].traceback"],
  ];
  for (const [file, message] of cases) {
    const error = assertThrows(() => parse(file), NotebookError, message);
    assertEquals(error.message.startsWith("x.ipynb: "), true);
  }
});

Deno.test("a truncated file is refused with the place where it stops", () => {
  const text = JSON.stringify(notebookJson([codeCell("1")]), null, 1);
  for (let length = 1; length < text.length; length += 7) {
    assertThrows(
      () => parseNotebook(text.slice(0, length), "x.ipynb"),
      NotebookError,
      "restore it from git",
    );
    const { message } = assertThrows(() => parseNotebook(text.slice(0, length), "x.ipynb"), Error);
    assertMatch(message, /position \d+ \(line \d+ column \d+\)/);
  }
});

Deno.test("a file that isn't there is refused by name", async () => {
  await assertRejects(() => readNotebook("no/such.ipynb"), NotebookError, "no/such.ipynb: ");
});
