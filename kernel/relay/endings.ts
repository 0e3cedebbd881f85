/**
 * How a cell's end reads when it isn't a value.
 *
 * @module
 */
import type { CellEnd } from "./cell.ts";
import type { Failure } from "./failure.ts";

/** The failure to show for an end. */
export function failureOf(end: Exclude<CellEnd, { kind: "value" }>): Failure {
  if (end.kind === "failure") return end.failure;
  if (end.kind === "stopped") {
    return {
      name: "KeyboardInterrupt",
      message: "the cell was stopped; its variables are kept",
      stack: "",
      errors: [],
    };
  }
  return {
    name: "KernelDied",
    message: "the process that runs your cells has ended: " + explainDeath(end) +
      " All variables are gone. The next cell finds a fresh process: run the cells from the top.",
    stack: "",
    errors: [],
  };
}

function explainDeath({ reason, lastWords }: Extract<CellEnd, { kind: "lost" }>): string {
  if (/heap out of memory|heap limit|out of memory/i.test(lastWords)) {
    return "it ran out of memory. Use smaller batches or arrays, or raise TUNEBOOK_MEMORY.";
  }
  const panic = /panicked at[^\n]*\n([^\n]*)/.exec(lastWords)?.[1];
  if (panic) return `Deno itself failed (${panic.trim()}).`;
  if (reason.startsWith("exit code")) return `${reason} (Deno.exit ends the whole notebook).`;
  return `${reason}.`;
}
