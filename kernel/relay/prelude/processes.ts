/**
 * Programs started from a cell: what they would print to this process's own output, which leads
 * nowhere inside `deno jupyter`, is shown under the cell.
 *
 * @module
 */
import { onBehalfOf, ownerCell } from "./cells.ts";
import { print, type StreamName } from "./console.ts";

const STREAMS: readonly StreamName[] = ["stdout", "stderr"];

/** Replaces `Deno.Command` by one whose inherited output reaches the notebook. */
export function installProcesses(): void {
  const original = Object.getOwnPropertyDescriptor(Deno, "Command")!;
  let ours: typeof Deno.Command | undefined;
  // Deno loads its own when it is asked for; so do we.
  Object.defineProperty(Deno, "Command", {
    get: () => ours ??= showing(original.get ? original.get.call(Deno) : original.value),
    set: (replacement: typeof Deno.Command) => ours = replacement,
    enumerable: true,
    configurable: true,
  });
}

function showing(Original: typeof Deno.Command): typeof Deno.Command {
  return class Command {
    readonly #command: string | URL;
    readonly #options: Deno.CommandOptions;

    constructor(command: string | URL, options: Deno.CommandOptions = {}) {
      this.#command = command;
      this.#options = options;
    }

    spawn(): Deno.ChildProcess {
      const inherited = STREAMS.filter((name) => (this.#options[name] ?? "inherit") === "inherit");
      const child = new Original(this.#command, piping(this.#options, inherited)).spawn();
      const shown = inherited.map((name) => show(name, child[name]));
      const status = child.status;
      // The status comes after the output, as it does in a terminal.
      Object.defineProperty(child, "status", {
        value: Promise.all([status, ...shown]).then(([ended]) => ended),
      });
      return child;
    }

    async output(): Promise<Deno.CommandOutput> {
      const inherited = STREAMS.filter((name) => this.#options[name] === "inherit");
      const output = await new Original(this.#command, piping(this.#options, inherited)).output();
      return showCollected(output, inherited);
    }

    outputSync(): Deno.CommandOutput {
      const inherited = STREAMS.filter((name) => this.#options[name] === "inherit");
      const output = new Original(this.#command, piping(this.#options, inherited)).outputSync();
      return showCollected(output, inherited);
    }
  } as typeof Deno.Command;
}

function piping(
  options: Deno.CommandOptions,
  streams: readonly StreamName[],
): Deno.CommandOptions {
  const changed = { ...options };
  for (const name of streams) changed[name] = "piped";
  return changed;
}

async function show(name: StreamName, stream: ReadableStream<Uint8Array>): Promise<void> {
  const cell = ownerCell();
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    onBehalfOf(cell, () => print(name, decoder.decode(bytes, { stream: true })));
  }
}

function showCollected(
  output: Deno.CommandOutput,
  streams: readonly StreamName[],
): Deno.CommandOutput {
  for (const name of streams) print(name, new TextDecoder().decode(output[name]));
  return output;
}
