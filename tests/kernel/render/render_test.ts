import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Figure, toPlotlyJson } from "@tunebook/notebook";
import { FIGURE, type Notebook, NotebookError } from "../../../kernel/notebooks/nbformat.ts";
import { renderFigures, SIZE_LIMIT } from "../../../kernel/notebooks/render/mod.ts";

/** A notebook with a figure a cell, as it has just run. */
function notebookWith(...figures: Figure[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "deno" } },
    cells: figures.map((figure, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source: "plot(…)",
      execution_count: i + 1,
      outputs: [{
        output_type: "display_data",
        data: {
          [FIGURE]: { ...toPlotlyJson(figure) },
          "text/html": "<script>…</script>",
          "text/plain": "Plot",
        },
        metadata: {},
      }],
    })),
  };
}

/** The forms of each cell's output. */
function bundles(notebook: Notebook): Record<string, unknown>[] {
  return notebook.cells.flatMap((cell) =>
    cell.cell_type === "code"
      ? cell.outputs.map((output) => "data" in output ? output.data : {})
      : []
  );
}

/** Width and height of a PNG, from its header. */
function size(png: unknown): [number, number] {
  const header = new DataView(Uint8Array.fromBase64(String(png)).buffer);
  assertEquals(header.getUint32(0), 0x89504e47); // \x89PNG
  return [header.getUint32(16), header.getUint32(20)];
}

const line: Figure = { data: [{ y: [1, 3, 2] }], layout: { title: "Line" } };
const bars: Figure = { data: [{ type: "bar", y: [1, 3, 2] }], layout: { width: 400, height: 200 } };

Deno.test("every figure gets a PNG, and loses the form with a script", async () => {
  const notebook = notebookWith(line, bars);
  await renderFigures(notebook, undefined);
  const [first, second] = bundles(notebook);
  assertEquals(Object.keys(first!).sort(), [FIGURE, "image/png", "text/plain"]);
  assertEquals(size(first!["image/png"]), [1140, 600]); // 760 × 400 CSS pixels, 1.5 dots each
  assertEquals(size(second!["image/png"]), [600, 300]);
  assert(String(first!["image/png"]).length < 80_000, "a PNG of a small figure is small");
});

Deno.test("the same figure gives the same picture, and is not drawn twice", async () => {
  const stored = notebookWith(line, bars);
  await renderFigures(stored, undefined);
  const again = notebookWith(line);
  await renderFigures(again, undefined);
  assertEquals(bundles(again)[0], bundles(stored)[0]);

  // A picture that no browser would draw shows that the stored one is kept.
  bundles(stored)[0]!["image/png"] = "kept";
  const changed = { ...bars, data: [{ type: "bar", y: [9] }] };
  const next = notebookWith(changed, line);
  await renderFigures(next, stored);
  const [drawn, kept] = bundles(next);
  assertEquals(kept!["image/png"], "kept");
  assertEquals(size(drawn!["image/png"]), [600, 300]);
  assert(drawn!["image/png"] !== bundles(stored)[1]!["image/png"]);
});

Deno.test("a figure that can't be drawn is refused, with its cell", async () => {
  const unknown = notebookWith(line, { data: [{ type: "scatter3d" }] });
  const error = await assertRejects(() => renderFigures(unknown, undefined), NotebookError);
  assertStringIncludes(error.message, "cell 2");
  assertStringIncludes(error.message, "found scatter3d");
});

Deno.test("a notebook too large to store is refused, with its largest figures", async () => {
  const y = Array.from({ length: 200_000 }, (_, i) => Math.sin(i));
  const large = notebookWith(line, { data: [{ y }] });
  const stored = structuredClone(large);
  for (const cell of stored.cells) {
    if (cell.cell_type !== "code") continue;
    for (const output of cell.outputs) {
      if (!("data" in output)) continue;
      output.data["image/png"] = "kept";
      output.metadata["image/png"] = { width: 760, height: 400 };
    }
  }
  const error = await assertRejects(() => renderFigures(large, stored), NotebookError);
  assertStringIncludes(error.message, `at most ${SIZE_LIMIT / 1000} kB`);
  assertStringIncludes(error.message.split("figures:\n")[1]!, "cell 2: data ");
});
