import { display, insideNotebook } from "./jupyter.ts";

const NOTICE =
  "This notebook runs on Deno's stock kernel: Stop ends the kernel, and the outputs of " +
  "queued cells can land in the wrong cell. `deno task lab` opens the course with a better one.";

/**
 * Says in one line that the stock kernel is running and how to get the better one. Importing
 * `@tunebook/notebook` in a cell says it once; on the course's own kernel it says nothing.
 */
export function kernelNotice(): void {
  // The course's kernel sets this variable. Reading it never prompts: a kernel has all permissions.
  if (!insideNotebook() || Deno.env.get("TUNEBOOK_KERNEL") === "1") return;
  display({ "text/plain": NOTICE }, { volatile: true, passing: true });
}
