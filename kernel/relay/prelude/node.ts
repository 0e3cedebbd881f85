/**
 * What Node's modules print: `process.stdout`, `process.stderr` and the programs of
 * `node:child_process`. Apart from the rest, since loading `node:process` takes as long as everything
 * else together.
 *
 * @module
 */
import process from "node:process";
import { print, type StreamName } from "./console.ts";
import { installNodeProcesses } from "./node_processes.ts";

/** Leads to the relay what Node's modules print. */
export function installNode(): void {
  redirect("stdout");
  redirect("stderr");
  installNodeProcesses(process);
}

function redirect(name: StreamName): void {
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    if (typeof chunk === "string") print(name, chunk);
    else Deno[name].writeSync(chunk);
    const done = rest.find((value) => typeof value === "function") as (() => void) | undefined;
    if (done) queueMicrotask(done);
    return true;
  }) as typeof process[typeof name]["write"];
}
