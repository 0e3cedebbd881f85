/**
 * The pipe by which the child's outputs reach us. `Deno.stdout` leads nowhere inside `deno
 * jupyter`, so the child opens a pipe by name: its own standard output where the platform has a
 * name for that, else a named pipe of ours.
 *
 * @module
 */
import type { Server } from "node:net";

/** One end of the pipe: ours. */
export interface OutputPipe {
  /** What the child opens for writing. */
  readonly path: string;
  /** Takes what comes through a named pipe; standard output is read where it is. */
  onData(take: (bytes: Uint8Array) => void): void;
  /** Lets go of the pipe. */
  close(): void;
}

/** The name of the pipe, and whether it is ours to serve. */
export function pipeName(
  platform: typeof Deno.build.os,
  id: string,
): { path: string; served: boolean } {
  return platform === "windows"
    ? { path: `\\\\.\\pipe\\tunebook-${id}`, served: true }
    : { path: "/dev/stdout", served: false };
}

/** Opens the pipe for a child about to start. */
export function openOutputPipe(platform: typeof Deno.build.os): OutputPipe {
  const { path, served } = pipeName(platform, crypto.randomUUID());
  if (!served) return { path, onData: () => {}, close: () => {} };
  let take: (bytes: Uint8Array) => void = () => {};
  // Loaded only where it is needed, and long before the child has started.
  const server = import("node:net").then(({ createServer }) => {
    const server: Server = createServer((socket) => {
      server.close(); // One writer, the child, and nobody after it.
      socket.on("data", (bytes) => take(bytes as Uint8Array));
    });
    return server.listen(path);
  });
  return {
    path,
    onData: (to) => take = to,
    close: () => void server.then((server) => server.close()),
  };
}
