/**
 * Starts the child process. Apart from the rest, and with few imports, since it is the first thing
 * the kernel does: all else is loaded while the child starts.
 *
 * @module
 */
import { endingWithUs, ROOM_FOR_YOUNG, wideVectors } from "./command.ts";
import { type ConnectionInfo, freshConnection } from "./connection_file.ts";
import { log } from "./log.ts";

/** A child that is starting. */
export interface SpawnedChild {
  /** The process. */
  readonly process: Deno.ChildProcess;
  /** Where it will listen. */
  readonly connection: ConnectionInfo;
  /** The file that tells it so, to be removed once it has read it. */
  readonly file: string;
}

/**
 * Starts a child.
 *
 * @param heapMegabytes V8's heap limit.
 */
export function spawnChild(heapMegabytes: number): SpawnedChild {
  const connection = freshConnection();
  const file = Deno.makeTempFileSync({ prefix: "tunebook-", suffix: ".json" });
  Deno.writeTextFileSync(file, JSON.stringify({ ...connection, kernel_name: "deno" }));
  const jupyter = [Deno.execPath(), "jupyter", "--kernel", "--conn", file] as const;
  const [program, ...args] = endingWithUs(Deno.build.os, jupyter, file);
  const process = new Deno.Command(program, {
    args,
    env: childEnvironment(Deno.env.get("DENO_V8_FLAGS"), heapMegabytes),
    stdin: "piped", // Held open: its end ends the child.
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  log("child", "spawned", process.pid);
  return { process, connection, file };
}

/** Ends a child that nothing has been said to yet, and removes its connection file. */
export function discardChild({ process, file }: SpawnedChild): void {
  process.kill("SIGKILL");
  Deno.removeSync(file);
}

/**
 * What the child's environment adds to ours.
 *
 * @param flags The V8 flags the user already has.
 * @param heapMegabytes V8's heap limit.
 */
export function childEnvironment(
  flags: string | undefined,
  heapMegabytes: number,
): Record<string, string> {
  const limit = `--max-old-space-size=${heapMegabytes}`;
  const wide = wideVectors(Deno.build.arch, Deno.version.v8, flags);
  const all = [ROOM_FOR_YOUNG, ...wide, ...flags ? [flags] : [], limit];
  return {
    TUNEBOOK_KERNEL: "1",
    DENO_V8_FLAGS: all.join(","),
    // Without a BLAS a notebook shows the same numbers on every machine.
    TUNEBOOK_BLAS: Deno.env.get("TUNEBOOK_BLAS") ?? "off",
  };
}
