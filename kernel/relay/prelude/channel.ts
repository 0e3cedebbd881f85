/**
 * The way out of the child: frames written synchronously into its stdout pipe, which only the relay
 * can read. Synchronous, so that a loop's output is seen while it runs and always in order.
 *
 * @module
 */
import { atomicBytes, encodeFrame, type FramePayload, SOLE_WRITER_BYTES } from "../frames.ts";

let file: Deno.FsFile | undefined;
let token = "";
let writer = "";
let frameBytes = SOLE_WRITER_BYTES;
const waiting = new Int32Array(new SharedArrayBuffer(4));

/**
 * Opens the channel.
 *
 * @param secret What every frame starts with, so that nothing else printed passes for one.
 * @param path The pipe: `Deno.stdout` itself leads nowhere inside `deno jupyter`.
 * @param thread One character that no other thread of this process writes under.
 */
export function openChannel(secret: string, path: string, thread = "m"): void {
  token = secret;
  writer = thread;
  file = Deno.openSync(path, { write: true });
}

/** From now on other threads write to the channel, too. */
export function shareChannel(): void {
  frameBytes = atomicBytes(Deno.build.os);
}

/** Sends one message to the relay; returns when the operating system has it. */
export function send(kind: string, cell: string, ...values: unknown[]): void {
  const payload: FramePayload = [kind, cell, ...values];
  for (const frame of encodeFrame(token, payload, frameBytes, writer)) writeAll(frame);
}

function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += file!.writeSync(bytes.subarray(written));
    } catch (error) {
      // A program started from a cell may have made the shared pipe non-blocking.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(waiting, 0, 0, 1);
    }
  }
}
