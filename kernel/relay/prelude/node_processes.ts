/**
 * Programs started by `node:child_process`: like those of `processes.ts`, they show under the cell
 * what they would print to this process's own output.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { onBehalfOf, ownerCell } from "./cells.ts";
import { print, type StreamName } from "./console.ts";

type Node = typeof import("node:process");
type Options = Record<string, unknown>;
type Sync = (...given: unknown[]) => unknown;

/** Which of a program's streams, by number, are shown as which of ours. */
type Shown = ReadonlyMap<number, StreamName>;

const OURS: readonly [number: number, name: StreamName][] = [[1, "stdout"], [2, "stderr"]];

/**
 * Replaces what starts programs. It must come before a cell imports `node:child_process`, whose named
 * exports don't change any more.
 */
export function installNodeProcesses(process: Node): void {
  const node = process.getBuiltinModule("node:child_process") as unknown as Record<string, Sync> & {
    ChildProcess: { prototype: { spawn(this: ChildProcess, options: Options): unknown } };
  };
  const { prototype } = node.ChildProcess;
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { stdio, shown } = piping(process, options.stdio);
    const result = spawn.call(this, { ...options, stdio });
    if (shown.size > 0 && this.pid !== undefined) showStreams(this, shown);
    return result;
  };
  const { spawnSync } = node;
  node.spawnSync = withOptions(process, spawnSync!, (run, options, stdio, shown) => {
    const result = run({ ...options, stdio, maxBuffer: Infinity }) as
      & Record<StreamName, unknown>
      & { output: unknown[] | null };
    for (const [number, name] of shown) {
      const [, own] = OURS[number - 1]!;
      printAll(name, result[own]);
      result[own] = null;
      if (result.output) result.output[number] = null;
    }
    return result;
  });
  for (const name of ["execSync", "execFileSync"]) {
    node[name] = withOptions(process, node[name]!, (run, options, stdio, shown) => {
      const out = shown.get(1);
      // Asked for nothing, these two print errors to `process.stderr`, which leads to the notebook.
      const asked = shown.has(2) ? undefined : stdio;
      try {
        const result = run({ ...options, stdio: asked, maxBuffer: Infinity });
        if (!out) return result;
        printAll(out, result);
        return null;
      } catch (error) {
        if (out) printAll(out, (error as { stdout?: unknown }).stdout);
        throw error;
      }
    });
  }
}

/** The options that ask for pipes instead of our own streams, and which those are. */
function piping(process: Node, given: unknown): { stdio: unknown; shown: Shown } {
  const stdio: unknown[] = Array.isArray(given) ? [...given] : [given, given, given];
  const shown = new Map<number, StreamName>();
  for (const [number] of OURS) {
    const wanted = stdio[number] === "inherit" ? number : stdio[number];
    const found = OURS.find(([own, name]) => wanted === own || wanted === process[name]);
    if (!found) continue;
    shown.set(number, found[1]);
    stdio[number] = "pipe";
  }
  return { stdio: shown.size > 0 ? stdio : given, shown };
}

/** Prints what comes; the program's end is told after its output, as it is seen in a terminal. */
function showStreams(child: ChildProcess, shown: Shown): void {
  const cell = ownerCell();
  const ends = [...shown].map(([number, name]) => {
    const stream = child.stdio[number] as Readable;
    const decoder = new TextDecoder();
    stream.on("data", (bytes: Uint8Array) => {
      onBehalfOf(cell, () => print(name, decoder.decode(bytes, { stream: true })));
    });
    Object.assign(child.stdio, { [number]: null });
    Object.assign(child, { [OURS[number - 1]![1]]: null });
    return new Promise((resolve) => stream.on("close", resolve));
  });
  const ended = Promise.all(ends);
  const emit: (event: string, ...values: unknown[]) => boolean = child.emit;
  child.emit = (event: string, ...values: unknown[]) => {
    if (event !== "exit" && event !== "close") return emit.call(child, event, ...values);
    void ended.then(() => emit.call(child, event, ...values));
    return true;
  };
}

/** A function that runs a program to its end, `run` where some of its output is to be shown. */
function withOptions(
  process: Node,
  original: Sync,
  run: (
    run: (options: Options) => unknown,
    options: Options,
    stdio: unknown,
    shown: Shown,
  ) => unknown,
): Sync {
  return (...given) => {
    const last = given.at(-1);
    if (typeof last !== "object" || last === null || Array.isArray(last)) return original(...given);
    const options = last as Options;
    const { stdio, shown } = piping(process, options.stdio);
    if (shown.size === 0) return original(...given);
    return run((changed) => original(...given.slice(0, -1), changed), options, stdio, shown);
  };
}

function printAll(name: StreamName, output: unknown): void {
  if (typeof output === "string") print(name, output);
  else if (output instanceof Uint8Array) print(name, new TextDecoder().decode(output));
}
