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
import type { Kernel } from "./kernel.ts";
import { heapMegabytes, parseMemoryLimit } from "./memory.ts";
import { watchParent } from "./parent.ts";
import { discardChild, spawnChild } from "./spawn.ts";

async function main(file: string): Promise<void> {
  const connection = parseConnectionFile(Deno.readTextFileSync(file));
  const { total } = Deno.systemMemoryInfo();
  const limit = parseMemoryLimit(Deno.env.get("TUNEBOOK_MEMORY"), total);
  const child = spawnChild(heapMegabytes(limit));
  let kernel: Kernel | undefined;
  const end = () => {
    if (kernel) return void kernel.close();
    discardChild(child); // It doesn't know us yet, and would live on.
    Deno.exit(1);
  };
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(signal, end);
  }
  Deno.addSignalListener("SIGINT", () => void kernel?.interrupt());
  watchParent(end);
  try {
    // All this is loaded while the child starts; what only cells need comes after the sockets.
    const { Kernel } = await import("./kernel.ts");
    kernel = new Kernel(connection, limit, child, () => import("./rewrite/mod.ts"));
  } catch (error) {
    discardChild(child);
    throw error; // A port is taken, most likely: Jupyter tries others.
  }
  await kernel.closed;
}

if (import.meta.main) {
  const [file] = Deno.args;
  if (file === undefined) {
    console.error("Expected a connection file: deno run -A kernel/relay/main.ts {connection_file}");
    Deno.exit(2);
  }
  await main(file);
  Deno.exit(0);
}
