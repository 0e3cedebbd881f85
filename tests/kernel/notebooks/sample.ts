/** A code cell as a file has it. */
export function codeCell(source: string, id = "c"): Record<string, unknown> {
  return { cell_type: "code", id, metadata: {}, source, outputs: [], execution_count: null };
}

/** A notebook as a file has it. */
export function notebookJson(cells: Record<string, unknown>[]) {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
    cells,
  };
}

/** The text of a notebook file with these code cells. */
export function notebookText(...sources: string[]): string {
  return JSON.stringify(notebookJson(sources.map((source, i) => codeCell(source, `cell-${i}`))));
}
