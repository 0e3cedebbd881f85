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
import { Kernel } from "./kernel.ts";
import { parseMemoryLimit } from "./memory.ts";
import { watchParent } from "./parent.ts";

if (import.meta.main) {
  const [file] = Deno.args;
  if (file === undefined) {
    console.error("Expected a connection file: deno run -A kernel/relay/main.ts {connection_file}");
    Deno.exit(2);
  }
  const connection = parseConnectionFile(Deno.readTextFileSync(file));
  const { total } = Deno.systemMemoryInfo();
  const kernel = new Kernel(connection, parseMemoryLimit(Deno.env.get("TUNEBOOK_MEMORY"), total));
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
