/**
 * The kernel's own log, for debugging it: `TUNEBOOK_KERNEL_LOG` names a file.
 *
 * @module
 */

const path = Deno.env.get("TUNEBOOK_KERNEL_LOG");
const MAX_CHARACTERS = 600;

/** Adds a line to the log, if there is one. */
export function log(event: string, ...details: unknown[]): void {
  if (!path) return;
  const text = details.map((detail) => typeof detail === "string" ? detail : JSON.stringify(detail))
    .join(" ").slice(0, MAX_CHARACTERS);
  const line = `${performance.now().toFixed(1)} ${Deno.pid} ${event} ${text}\n`;
  Deno.writeTextFileSync(path, line, { append: true });
}
