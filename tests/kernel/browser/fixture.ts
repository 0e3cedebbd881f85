/**
 * A small notebook that uses all that cells call, for the browser tests.
 *
 * @module
 */

import { toPlotlyJson } from "@tunebook/notebook";
import {
  type Cell,
  FIGURE,
  type Notebook,
  type Output,
} from "../../../kernel/notebooks/nbformat.ts";
import { renderFigures } from "../../../kernel/notebooks/render/mod.ts";

/** The cells' sources; each says its number, so that a misplaced output shows. */
const SOURCES = [
  `import { check, exercise, plot, progress, show, todo } from "@tunebook/notebook";
show([{ cell: "cell 0", value: NaN }], { title: "Table" });`,
  `for (let i = 0; i < 50; i++) console.log("cell 1, line", i);`,
  `plot({ data: [{ y: [1, 3, 2] }], layout: { title: "cell 2" } });`,
  `const live = plot({ data: [{ y: [1] }], layout: { title: "cell 3" } });
for (const step of progress(5, { label: "cell 3" })) {
  const y = Array.from({ length: step + 2 }, (_, i) => i * i);
  live.update({ data: [{ y }], layout: { title: "cell 3, step " + step } });
}`,
  `const answer = exercise({
  title: "cell 4",
  hint: "Six times seven.",
  misconceptions: {},
  check: (answer: () => number, expect) => expect.equal(answer(), 42),
});
await check(answer, () => todo());
await check(answer, () => 42);`,
];

/** Which cells of the fixture have plots. */
export const PLOT_CELLS = [2, 3];

/** The fixture without outputs, or with cells of one's own. */
export function fixture(sources: readonly string[] = SOURCES): Notebook {
  const cells = sources.map((source, i): Cell => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const metadata = {
    kernelspec: { name: "deno", display_name: "Deno", language: "typescript" },
    language_info: { name: "typescript" },
  };
  return { nbformat: 4, nbformat_minor: 5, metadata, cells };
}

let stored: Promise<Notebook> | undefined;

/** The fixture as it would be committed: its plots have figures and PNGs, and no script. */
export function storedFixture(): Promise<Notebook> {
  return stored ??= drawFixture(fixture());
}

async function drawFixture(notebook: Notebook): Promise<Notebook> {
  for (const i of PLOT_CELLS) {
    const cell = notebook.cells[i]!;
    const figure = toPlotlyJson({ data: [{ y: [1, 3, 2] }], layout: { title: `cell ${i}` } });
    const data = { [FIGURE]: { ...figure }, "text/plain": `Plot: cell ${i}` };
    const output: Output = { output_type: "display_data", data, metadata: {} };
    if (cell.cell_type === "code") cell.outputs = [output];
  }
  await renderFigures(notebook, undefined);
  return notebook;
}
