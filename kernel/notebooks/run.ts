import { type Execution, KernelClient, type Kernelspec } from "../client/mod.ts";
import { wideVectors } from "../relay/command.ts";
import { type CodeCell, FIGURE, type Notebook, NotebookError, type Output } from "./nbformat.ts";

/** How to run a notebook. */
export interface RunOptions {
  /** The kernel to run it in. */
  readonly kernelspec: Kernelspec;
  /** The folder that relative imports start from: the notebook's own. */
  readonly folder: string;
  /** The time limit of each cell. */
  readonly limitMs: number;
  /** Called before each code cell, with its number among them (from 1) and their count. */
  readonly onCell?: (number: number, count: number) => void;
}

/** Why a notebook stopped. */
export interface CellFailure {
  /** The cell's place among all cells of the notebook, from 1. */
  readonly cell: number;
  /** How it ended: never `ok`. */
  readonly execution: Execution;
  /** The cell's source. */
  readonly source: string;
}

/** A notebook that was run. */
export interface NotebookRun {
  /** A copy with the new outputs; cells after a failure have none. */
  readonly notebook: Notebook;
  /** How many code cells were run. */
  readonly cells: number;
  /** How long all cells took together, in milliseconds. */
  readonly tookMs: number;
  /** How long it took until the first plot was there, in milliseconds; none without a plot. */
  readonly firstPlotMs?: number;
  /** The first failure, if there was one. */
  readonly failure?: CellFailure;
}

/**
 * Runs a notebook from top to bottom in a fresh kernel, which is ended afterwards. It stops at the
 * first error, except in cells with the tag `raises-exception`.
 *
 * @param notebook The notebook; it isn't changed.
 * @throws {NotebookError} When the notebook is for another language.
 * @throws {KernelDiedError} When the kernel can't be started.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<NotebookRun> {
  checkLanguage(notebook);
  const result = structuredClone(notebook);
  const cells = result.cells.flatMap((cell, index) =>
    cell.cell_type === "code" ? [{ cell, number: index + 1 }] : []
  );
  for (const { cell } of cells) {
    cell.outputs = [];
    cell.execution_count = null;
  }
  const written = cells.filter(({ cell }) => cell.source.trim() !== "");
  const { kernelspec, folder: cwd, limitMs } = options;
  await using kernel = await KernelClient.start({ kernelspec, cwd, env: environment() });
  const started = performance.now();
  const took = () => performance.now() - started;
  let plot: { firstPlotMs: number } | undefined;
  const onOutput = (outputs: readonly Output[]) => {
    if (!plot && outputs.some(isPlot)) plot = { firstPlotMs: took() };
  };
  for (const [index, { cell, number }] of written.entries()) {
    options.onCell?.(index + 1, written.length);
    const execution = await kernel.execute(cell.source, { limitMs, onOutput });
    // The list goes on collecting what timers print later, until the notebook is written.
    cell.outputs = execution.outputs;
    setCount(cell, index + 1);
    if (execution.status !== "ok" && !mayFail(cell, execution)) {
      const failure = { cell: number, execution, source: cell.source };
      return { notebook: result, cells: index + 1, tookMs: took(), ...plot, failure };
    }
  }
  return { notebook: result, cells: written.length, tookMs: took(), ...plot };
}

function isPlot(output: Output): boolean {
  return "data" in output && output.data[FIGURE] !== undefined;
}

/** The same numbers on every machine, so no BLAS, and as fast as the engine can be without one. */
function environment(): Record<string, string> {
  const flags = Deno.env.get("DENO_V8_FLAGS");
  const wide = wideVectors(Deno.build.arch, Deno.version.v8, flags);
  return {
    TUNEBOOK_BLAS: "off",
    ...(wide.length > 0 && { DENO_V8_FLAGS: [...flags ? [flags] : [], ...wide].join() }),
  };
}

/** Kernels differ in what they count; a notebook run from the top counts its cells. */
function setCount(cell: CodeCell, count: number): void {
  cell.execution_count = count;
  for (const output of cell.outputs) {
    if (output.output_type === "execute_result") output.execution_count = count;
  }
}

function mayFail(cell: CodeCell, execution: Execution): boolean {
  return execution.status === "error" && (cell.metadata.tags ?? []).includes("raises-exception");
}

function checkLanguage(notebook: Notebook): void {
  const { name, language } = notebook.metadata.kernelspec;
  if (/deno|tunebook/i.test(name) || language === "typescript") return;
  throw new NotebookError(`Expected a notebook for Deno, found one for the kernel ${name}`);
}
