import type { Output } from "../client/mod.ts";
import { type CodeCell, isObject, type JsonObject, type Notebook } from "./nbformat.ts";

/** Cell metadata in which front-ends note when a cell ran: different at each run. */
const TIMING_METADATA = ["execution", "ExecuteTime"];

/** The MIME type under which an output names a control, which lives no longer than its kernel. */
const CONTROL = "application/vnd.jupyter.widget-view+json";

/**
 * Takes everything from a notebook that isn't worth storing: times of execution, the steps of a
 * line that rewrote itself, the names of controls, and outputs that are wanted only while it runs
 * (their metadata says `{ tunebook: { passing: true } }`, as for a script or a notice about the
 * kernel) or are empty.
 */
export function normalize(notebook: Notebook): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      const metadata = Object.fromEntries(
        Object.entries(cell.metadata).filter(([key]) => !TIMING_METADATA.includes(key)),
      );
      return cell.cell_type === "code"
        ? { ...cell, metadata, outputs: normalizeOutputs(cell.outputs) }
        : { ...cell, metadata };
    }),
  };
}

function normalizeOutputs(outputs: readonly Output[]): Output[] {
  return outputs
    .map((output) =>
      output.output_type === "stream"
        ? { ...output, text: settle(output.text) }
        : withoutControl(output)
    )
    .filter((output) => !isPassing(output));
}

function withoutControl(output: Output): Output {
  if (!("data" in output) || !(CONTROL in output.data)) return output;
  const { [CONTROL]: _, ...data } = output.data;
  return { ...output, data };
}

function isPassing(output: Output): boolean {
  if (output.output_type === "stream") return output.text === "";
  if (output.output_type === "error") return false;
  return Object.keys(output.data).length === 0 || mark(output, "passing") !== undefined;
}

/** What a terminal shows in the end of a text with carriage returns and backspaces. */
function settle(text: string): string {
  let settled = text.replaceAll("\r\n", "\n").replace(/^.*\r(?=[^\n])/gm, "");
  for (let before = ""; before !== settled;) {
    before = settled;
    settled = settled.replace(/[^\n\b][\b]/g, "");
  }
  return settled;
}

/**
 * Puts a notebook's previous outputs back where the new ones differ only in what was declared to
 * be of no meaning, so that running it again changes nothing.
 *
 * An output is **volatile** when its metadata says `{ tunebook: { volatile: key } }`, as progress
 * lines, timings and rates do. `key` is `true`, or a value for the part of it that does matter
 * (say, `"1000 steps"`). The n-th volatile output of a cell stays as it was when the cell's source
 * is unchanged and the key is equal. What a cell prints can't carry metadata: a cell whose own
 * metadata says `{ tunebook: { volatile: true } }` keeps all its outputs while its source and their
 * kinds are unchanged.
 *
 * @param notebook The notebook as it has just run; changed in place.
 * @param previous The notebook as it was stored.
 */
export function keepVolatile(notebook: Notebook, previous: Notebook): void {
  const before = new Map(previous.cells.map((cell) => [cell.id, cell]));
  for (const cell of notebook.cells) {
    const old = before.get(cell.id);
    if (cell.cell_type !== "code" || old?.cell_type !== "code") continue;
    if (cell.source !== old.source) continue;
    keepOutputs(cell, old);
    for (const output of cell.outputs) {
      if (output.output_type === "execute_result") output.execution_count = cell.execution_count;
    }
  }
}

function keepOutputs(cell: CodeCell, old: CodeCell): void {
  if (markIn(cell.metadata, "volatile") !== undefined) {
    const alike = cell.outputs.map(kind).join() === old.outputs.map(kind).join();
    if (alike) cell.outputs = structuredClone(old.outputs);
    return;
  }
  const kept = old.outputs.filter((output) => mark(output, "volatile") !== undefined);
  cell.outputs = cell.outputs.map((output) => {
    const volatile = mark(output, "volatile");
    if (volatile === undefined) return output;
    const stored = kept.shift();
    return stored && mark(stored, "volatile") === volatile ? structuredClone(stored) : output;
  });
}

/** A mark of ours on an output (`metadata.tunebook`), as JSON; `undefined` when there is none. */
function mark(output: Output, name: string): string | undefined {
  return "metadata" in output ? markIn(output.metadata, name) : undefined;
}

function markIn({ tunebook }: JsonObject, name: string): string | undefined {
  return isObject(tunebook) && tunebook[name] ? JSON.stringify(tunebook[name]) : undefined;
}

/** What an output is, apart from what it says; the PNG of a figure is added after a run. */
function kind(output: Output): string {
  if (output.output_type === "stream") return output.name;
  if (output.output_type === "error") return output.ename;
  const types = Object.keys(output.data).filter((type) => type !== "image/png");
  return `${output.output_type} ${types.sort().join(" ")}`;
}
