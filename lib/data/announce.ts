/**
 * Says something while data is fetched. In a notebook the line is an output that is not stored with
 * the notebook, since only the first run on a machine has it; elsewhere it is printed.
 *
 * @param line What to say.
 */
export function announce(line: string): void {
  const content = {
    data: { "text/plain": line },
    metadata: { tunebook: { passing: true } },
    transient: {},
  };
  try {
    // Outside a Jupyter kernel reading this property throws.
    Deno.jupyter.broadcast("display_data", content);
  } catch {
    console.info(line);
  }
}
