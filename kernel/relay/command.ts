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
 * A flag of V8 by which the engine's products run nearly twice as fast, with the same bits (see
 * `lib/tensor/README.md`). It is an experiment of V8's, so it is given only to the V8 that all our
 * tests ran with. A user's own flag of that name, or `--no-…`, counts instead.
 *
 * @param arch The processor's family.
 * @param v8 V8's version.
 * @param flags The V8 flags that the user already has.
 */
export function wideVectors(arch: string, v8: string, flags = ""): string[] {
  const tested = arch === "x86_64" && v8.startsWith("15.0.");
  return tested && !flags.includes("wasm-revectorize") ? ["--experimental-wasm-revectorize"] : [];
}

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

/**
 * Ends the program when its standard input ends, from its very first moment and whatever it does.
 * The shell becomes the program, which so keeps its process id; the part that waits is left behind.
 */
const GUARD = `exec 3<&0 </dev/null
file=$1
shift
{ trap '' HUP INT TERM; read -r _ <&3; kill -KILL $$; rm -f "$file"; } >/dev/null 2>&1 &
exec "$@" 3<&-`;

/**
 * The command line by which a program ends with the process that starts it, even if that is killed.
 * It holds the program's standard input open.
 *
 * @param platform Where it runs: on Windows, Deno's children end with it anyway.
 * @param command The program's own command line.
 * @param file A file that goes with it.
 */
export function endingWithUs(
  platform: typeof Deno.build.os,
  command: readonly [program: string, ...rest: string[]],
  file: string,
): [program: string, ...rest: string[]] {
  return platform === "windows" ? [...command] : ["/bin/sh", "-c", GUARD, "sh", file, ...command];
}
