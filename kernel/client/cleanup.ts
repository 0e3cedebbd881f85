/**
 * What must happen before the process ends by a signal: a Ctrl+C in the terminal must not leave a
 * kernel running or a file behind.
 *
 * @module
 */

/**
 * The signals that ask a process to end, with their numbers: Ctrl+C, Ctrl+Break on Windows, `kill`,
 * a terminal that closes.
 *
 * @param platform As `Deno.build.os`.
 */
export function endSignals(platform: string): [Deno.Signal, number][] {
  return platform === "windows"
    ? [["SIGINT", 2], ["SIGBREAK", 21]]
    : [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]];
}

const cleanups = new Set<() => Promise<void>>();
const listeners = endSignals(Deno.build.os).map(([signal, number]) => ({
  signal,
  listen: () => void endBySignal(number),
}));

/**
 * Runs `cleanup` when the process is told to stop (Ctrl+C, SIGTERM, a closed terminal), then ends
 * it with the code 128 + the signal's number.
 *
 * @returns A function that takes the request back. While none stands, signals act as usual.
 */
export function cleanUpOnSignal(cleanup: () => Promise<void>): () => void {
  if (cleanups.size === 0) {
    for (const { signal, listen } of listeners) Deno.addSignalListener(signal, listen);
  }
  cleanups.add(cleanup);
  return () => {
    if (!cleanups.delete(cleanup) || cleanups.size > 0) return;
    for (const { signal, listen } of listeners) Deno.removeSignalListener(signal, listen);
  };
}

async function endBySignal(number: number): Promise<void> {
  await Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
  Deno.exit(128 + number);
}
