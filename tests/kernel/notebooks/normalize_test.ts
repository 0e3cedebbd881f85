import { assertEquals } from "@std/assert";
import type { CodeCell, Notebook, Output } from "../../../kernel/notebooks/nbformat.ts";
import { keepVolatile, normalize } from "../../../kernel/notebooks/normalize.ts";

function notebook(cell: Partial<CodeCell>): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "deno" } },
    cells: [{
      cell_type: "code",
      id: "c",
      metadata: {},
      source: "",
      execution_count: 1,
      outputs: [],
      ...cell,
    }],
  };
}

const print = (text: string): Output => ({ output_type: "stream", name: "stdout", text });
const show = (text: string, volatile?: unknown): Output => ({
  output_type: "display_data",
  data: { "text/plain": text },
  metadata: volatile === undefined ? {} : { tunebook: { volatile } },
});
const outputs = ({ cells: [cell] }: Notebook) => (cell as CodeCell).outputs;

/** The outputs after a second run, given the stored ones and the new ones. */
function second(stored: Output[], ran: Output[], cell: Partial<CodeCell> = {}): Output[] {
  const now = notebook({ ...cell, outputs: ran });
  keepVolatile(now, notebook({ ...cell, outputs: stored }));
  return outputs(now);
}

Deno.test("times of execution are taken out, other metadata stays", () => {
  const metadata = { tags: ["x"], execution: { "iopub.status.busy": "2026" }, ExecuteTime: {} };
  const normal = normalize(notebook({ metadata }));
  assertEquals(normal.cells[0]?.metadata, { tags: ["x"] });
});

Deno.test("a line that rewrote itself is stored as it ended", () => {
  const settled = (text: string) => outputs(normalize(notebook({ outputs: [print(text)] })));
  assertEquals(settled("1 %\r50 %\r100 %\nnext\rlast"), [print("100 %\nlast")]);
  assertEquals(settled("a\r\nb\n"), [print("a\nb\n")]);
  assertEquals(settled("abc\b\bX"), [print("aX")]);
  assertEquals(settled(""), []);
});

Deno.test("outputs wanted only while a notebook runs are not stored", () => {
  const passing: Output = {
    output_type: "display_data",
    data: { "text/html": "<script>" },
    metadata: { tunebook: { passing: true, volatile: true } },
  };
  const normal = normalize(notebook({ outputs: [passing, show("kept", true)] }));
  assertEquals(outputs(normal), [show("kept", true)]);
});

Deno.test("the name of a control isn't stored, what is shown in its place is", () => {
  const control = { "application/vnd.jupyter.widget-view+json": { model_id: "gone by then" } };
  const live = show("a figure");
  if ("data" in live) live.data = { ...live.data, ...control };
  assertEquals(outputs(normalize(notebook({ outputs: [live] }))), [show("a figure")]);
  const alone: Output = { output_type: "display_data", data: control, metadata: {} };
  assertEquals(outputs(normalize(notebook({ outputs: [alone] }))), []);
});

Deno.test("volatile outputs stay as stored, others are renewed", () => {
  assertEquals(
    second([show("1.0 s", true), show("old")], [show("1.2 s", true), show("new")]),
    [show("1.0 s", true), show("new")],
  );
  // The n-th keeps the n-th, wherever others come between.
  assertEquals(
    second([show("a", true), show("b", true)], [print("x"), show("c", true), show("d", true)]),
    [print("x"), show("a", true), show("b", true)],
  );
});

Deno.test("a volatile output is renewed when its key changes or it had none before", () => {
  assertEquals(second([show("a", "10 steps")], [show("b", "20 steps")]), [show("b", "20 steps")]);
  assertEquals(second([show("a", "10 steps")], [show("b", "10 steps")]), [show("a", "10 steps")]);
  assertEquals(second([show("a")], [show("b", true)]), [show("b", true)]);
  assertEquals(second([], [show("b", true)]), [show("b", true)]);
});

Deno.test("a changed cell is renewed altogether", () => {
  const now = notebook({ source: "new", outputs: [show("b", true)] });
  keepVolatile(now, notebook({ source: "old", outputs: [show("a", true)] }));
  assertEquals(outputs(now), [show("b", true)]);
});

Deno.test("a volatile cell keeps all it put out while the kinds are the same", () => {
  const cell = { metadata: { tunebook: { volatile: true } } };
  assertEquals(second([print("1 s")], [print("2 s")], cell), [print("1 s")]);
  assertEquals(second([print("1 s")], [print("2 s"), show("x")], cell), [print("2 s"), show("x")]);
});

Deno.test("a kept result is counted as its cell is now", () => {
  const result = (count: number, text: string): Output => ({
    output_type: "execute_result",
    data: { "text/plain": text },
    metadata: { tunebook: { volatile: true } },
    execution_count: count,
  });
  assertEquals(
    second([result(7, "old")], [result(1, "new")], { execution_count: 1 }),
    [result(1, "old")],
  );
});
