/**
 * The worker of `lifeline.ts`.
 *
 * @module
 */

const byte = new Uint8Array(1);
while (Deno.stdin.readSync(byte) !== null);
// `Deno.exit` in a worker would end only the worker.
Deno.kill(Deno.pid, "SIGKILL");
