/**
 * What a cell sends to the front end. Everything goes out by `Deno.jupyter.broadcast`, which is
 * synchronous: it keeps its place among `console.log` lines and shows at once, even from a loop
 * that never awaits (`Deno.jupyter.display` is asynchronous and would show everything at the end).
 *
 * @module
 */

/** The same content in several forms, keyed by MIME type; the front end picks one. */
export type MimeBundle = { [mimeType: string]: unknown };

/** The method by which a value says how it is shown; it returns a {@linkcode MimeBundle}. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** What the project notes on an output, kept in the notebook under `metadata.tunebook`. */
export interface OutputMarks {
  /** The text varies from run to run (a clock, a rate); it alone doesn't make an output differ. */
  volatile?: boolean;
  /** Wanted while the notebook runs, never stored: a script, a notice about the kernel. */
  passing?: boolean;
  /** How a {@linkcode check} ended. */
  check?: "unsolved" | "wrong" | "right";
}

/** An output that has been sent and can be replaced where it stands. */
export interface DisplayHandle {
  /** Replaces the output's content. */
  update(bundle: MimeBundle): void;
}

type Broadcast = (type: string, content: Record<string, unknown>) => unknown;

/** The kernel's broadcast function, or undefined outside a Jupyter kernel. */
function findBroadcast(): Broadcast | undefined {
  try {
    // Outside `deno jupyter` reading this property throws.
    const { jupyter } = Deno as unknown as { jupyter?: { broadcast?: Broadcast } };
    return jupyter?.broadcast?.bind(jupyter);
  } catch {
    return undefined;
  }
}

/**
 * Whether this code runs in a cell of a Jupyter notebook.
 *
 * @example
 * ```ts
 * import { insideNotebook } from "@tunebook/notebook";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(insideNotebook(), false); // a test is not a notebook
 * ```
 */
export function insideNotebook(): boolean {
  return findBroadcast() !== undefined;
}

/**
 * Sends one output to the running cell. Outside a notebook it prints the bundle's `text/plain`.
 *
 * @param bundle The output's forms; always give a `text/plain` one.
 * @param marks What to note on the output.
 * @returns A handle that replaces the output. In a terminal an update prints again.
 */
export function display(bundle: MimeBundle, marks: OutputMarks = {}): DisplayHandle {
  const broadcast = findBroadcast();
  if (broadcast === undefined) {
    printPlain(bundle);
    return { update: printPlain };
  }
  const metadata = Object.keys(marks).length > 0 ? { tunebook: marks } : {};
  const transient = { display_id: crypto.randomUUID() };
  broadcast("display_data", { data: bundle, metadata, transient });
  return {
    update(next) {
      broadcast("update_display_data", { data: next, metadata, transient });
    },
  };
}

function printPlain(bundle: MimeBundle): void {
  console.log(String(bundle["text/plain"] ?? ""));
}
