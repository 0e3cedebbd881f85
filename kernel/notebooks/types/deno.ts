/**
 * Runs Deno's own tools.
 *
 * @module
 */

/** What a run of Deno left behind. */
export interface DenoRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `deno` with arguments and a text on its standard input. */
export async function runDeno(args: readonly string[], input?: string): Promise<DenoRun> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (input !== undefined) {
    // Deno may stop reading early, when it refuses the arguments: its exit code tells.
    await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  }
  const { success, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { ok: success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
