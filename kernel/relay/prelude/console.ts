/**
 * Everything printed in the child's main thread: `console`, `Deno.stdout` and `Deno.stderr`; see
 * `node.ts` for Node's.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { send } from "./channel.ts";

/** The streams of a notebook. */
export type StreamName = "stdout" | "stderr";

/** Prints `text` under the cell that the running code belongs to. */
export function print(stream: StreamName, text: string): void {
  if (text !== "") send("stream", ownerCell(), stream, text);
}

/** Leads everything printed to the relay. */
export function installConsole(): void {
  const internal = (Deno as unknown as Record<symbol, InternalDeno>)[internalSymbol()]!;
  const ours = new internal.Console((text, level) => print(level > 1 ? "stderr" : "stdout", text));
  for (const name of Object.getOwnPropertyNames(ours)) {
    const method = ours[name];
    if (typeof method !== "function") continue;
    (console as unknown as Record<string, unknown>)[name] = method.bind(ours);
  }
  redirect("stdout");
  redirect("stderr");
}

interface InternalDeno {
  Console: new (write: (text: string, level: number) => void) => Record<string, unknown>;
}

function internalSymbol(): symbol {
  return (Deno as unknown as { internal: symbol }).internal;
}

function redirect(name: StreamName): void {
  const decoder = new TextDecoder();
  const write = (bytes: Uint8Array): number => {
    print(name, decoder.decode(bytes, { stream: true }));
    return bytes.length;
  };
  let writable: WritableStream<Uint8Array> | undefined;
  const stream = Deno[name];
  Object.defineProperties(stream, {
    writeSync: { value: write, configurable: true, writable: true },
    write: {
      value: (bytes: Uint8Array) => Promise.resolve(write(bytes)),
      configurable: true,
      writable: true,
    },
    // Made when it is asked for: streams take longer to load than all else here.
    writable: {
      get: () => writable ??= new WritableStream({ write: (bytes) => void write(bytes) }),
      configurable: true,
    },
  });
}
