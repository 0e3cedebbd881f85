/**
 * Ends this process when the relay is gone, however it went and whatever a cell is doing: the relay
 * holds our standard input open and never writes to it, so its end means the relay's. The waiting
 * is done in a worker, since a synchronous loop would keep the main thread from noticing.
 *
 * @module
 */

/** A worker takes half a second of processor time to start: not while the first cell waits. */
const AFTER_MS = 1_000;

/** Starts the waiting. Called before `Worker` and the timers are replaced. */
export function installLifeline(): void {
  const Original = Worker;
  const timer = setTimeout(() => {
    const worker = new Original(new URL("./lifeline_worker.ts", import.meta.url), {
      type: "module",
    });
    // Its failing must not be taken for an error of a cell.
    worker.addEventListener("error", (event) => event.preventDefault());
  }, AFTER_MS);
  Deno.unrefTimer(timer as unknown as number);
}
