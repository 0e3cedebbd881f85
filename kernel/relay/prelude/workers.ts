/**
 * `console` in workers started from a cell: inside `deno jupyter` it prints to nowhere.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { shareChannel } from "./channel.ts";

/** How a worker reaches the relay. */
export interface WorkerChannel {
  /** Marks the frames. */
  readonly token: string;
  /** Where the channel is. */
  readonly channel: string;
  /** The cell that started the worker. */
  readonly cell: string;
  /** One character naming the thread. */
  readonly thread: string;
}

const FIRST_THREAD = "A".charCodeAt(0);
const THREADS = 26;

/** Replaces `Worker` by one that first leads its console to the relay. */
export function installWorkers(token: string, channel: string): void {
  const Original = globalThis.Worker;
  const hook = new URL("./worker_console.ts", import.meta.url).href;
  let started = 0;
  globalThis.Worker = class Worker extends Original {
    constructor(specifier: string | URL, options?: WorkerOptions) {
      const target = new URL(specifier, `file://${Deno.cwd()}/`).href;
      // Deno can't name the module of a blob to another module, and has no classic workers.
      if (options?.type !== "module" || target.startsWith("blob:")) {
        super(specifier, options);
        return;
      }
      shareChannel();
      const thread = String.fromCharCode(FIRST_THREAD + started++ % THREADS);
      const settings: WorkerChannel = { token, channel, cell: ownerCell(), thread };
      const imports = [script(`globalThis.__worker = ${JSON.stringify(settings)};`), hook, target];
      super(script(imports.map((url) => `import ${JSON.stringify(url)};`).join("\n")), options);
    }
  };
}

function script(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
