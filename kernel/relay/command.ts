/**
 * How the kernel is started: the command of every kernelspec.
 *
 * @module
 */

/**
 * A flag of V8: room for 16 MB of young objects from the start, as against 1 MB. A start makes
 * little but young objects, and would stop to look through them several times. Memory is taken only
 * as it is used.
 */
export const ROOM_FOR_YOUNG = "--min-semi-space-size=16";

/**
 * The command line of the kernel.
 *
 * @param deno The Deno to run.
 * @param relay The path of `main.ts`.
 * @param file The connection file, or what Jupyter replaces by it.
 */
export function relayCommand(deno: string, relay: string, file: string): string[] {
  return [deno, "run", "-A", `--v8-flags=${ROOM_FOR_YOUNG}`, relay, file];
}
