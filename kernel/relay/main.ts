/**
 * The kernel "Deno (Tunebook)", as Jupyter starts it:
 *
 * ```sh
 * deno run -A kernel/relay/main.ts {connection_file}
 * ```
 *
 * @module
 */
import { parseConnectionFile } from "./connection_file.ts";
import { heapMegabytes, parseMemoryLimit } from "./memory.ts";
import { watchParent } from "./parent.ts";
import { spawnChild } from "./spawn.ts";

if (import.meta.main) {
  const [file] = Deno.args;
  if (file === undefined) {
    console.error("Expected a connection file: deno run -A kernel/relay/main.ts {connection_file}");
    Deno.exit(2);
  }
  const connection = parseConnectionFile(Deno.readTextFileSync(file));
  const { total } = Deno.systemMemoryInfo();
  const limit = parseMemoryLimit(Deno.env.get("TUNEBOOK_MEMORY"), total);
  const child = spawnChild(heapMegabytes(limit));
  const { Kernel } = await import("./kernel.ts"); // While the child starts.
  const kernel = new Kernel(connection, limit, child);
  Deno.addSignalListener("SIGINT", () => void kernel.interrupt());
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => void kernel.close());
    }
  }
  watchParent(() => void kernel.close());
  await kernel.closed;
  Deno.exit(0);
}
