/**
 * Messages inside the child's stdout: what the relay's end and the child's end must agree on. A
 * message is cut into frames. Where several threads write, a frame is as short as the operating
 * system writes in one piece, so that frames never end up inside each other.
 *
 * A frame: the token, its part of the message, the writer's letter, four hexadecimal digits of
 * length, the bytes. The writer may be ended by force between two frames: a first frame begins a
 * new message, whatever came before.
 *
 * @module
 */

/** A message: its kind, the cell it belongs to, and what it carries. */
export type FramePayload = [kind: string, cell: string, ...values: unknown[]];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LENGTH_DIGITS = 4;
const PART = { only: "1", first: "<", middle: "-", last: ">" } as const;

/** The longest write the operating system never interleaves with another (`PIPE_BUF`). */
export function atomicBytes(platform: typeof Deno.build.os): number {
  return platform === "linux" ? 4096 : 512;
}

/** The longest frame of a process's only writer: its length has four hexadecimal digits. */
export const SOLE_WRITER_BYTES = 60_000;

/**
 * The frames of a message.
 *
 * @param token What marks our frames; the same on both sides.
 * @param payload The message.
 * @param maxBytes How long a frame may be.
 * @param writer One letter naming the thread, so that its frames are put together again.
 */
export function encodeFrame(
  token: string,
  payload: FramePayload,
  maxBytes: number,
  writer = "m",
): Uint8Array[] {
  const bytes = encoder.encode(JSON.stringify(payload));
  const header = token.length + 2 + LENGTH_DIGITS;
  const room = maxBytes - header;
  const frames: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += room) {
    const part = bytes.subarray(start, start + room);
    const frame = new Uint8Array(header + part.length);
    const ends = start + room >= bytes.length;
    const place = start === 0 ? (ends ? "only" : "first") : ends ? "last" : "middle";
    const length = part.length.toString(16).padStart(LENGTH_DIGITS, "0");
    encoder.encodeInto(token + PART[place] + writer + length, frame);
    frame.set(part, header);
    frames.push(frame);
  }
  return frames;
}

/** Puts messages together again, and passes on everything printed between them. */
export class FrameReader {
  readonly #token: Uint8Array;
  readonly #onMessage: (payload: FramePayload) => void;
  readonly #onText: (bytes: Uint8Array) => void;
  readonly #parts = new Map<string, Uint8Array[]>();
  #buffer: Uint8Array = new Uint8Array();

  /**
   * @param token The token of the writing side.
   * @param onMessage Called with each message.
   * @param onText Called with the bytes that are not part of any message.
   */
  constructor(
    token: string,
    onMessage: (payload: FramePayload) => void,
    onText: (bytes: Uint8Array) => void,
  ) {
    this.#token = encoder.encode(token);
    this.#onMessage = onMessage;
    this.#onText = onText;
  }

  /** Takes the next bytes of the pipe. */
  push(bytes: Uint8Array): void {
    const data = this.#buffer.length === 0 ? bytes : concat([this.#buffer, bytes]);
    let at = 0;
    while (at < data.length) {
      const start = indexOf(data, this.#token, at);
      if (start > at) this.#onText(data.subarray(at, start));
      const end = this.#frameEnd(data, start);
      at = start;
      if (end === undefined) break;
      this.#take(data.subarray(start + this.#token.length, end));
      at = end;
    }
    this.#buffer = data.slice(at);
  }

  /** Where the frame at `start` ends, or `undefined` while it isn't all here. */
  #frameEnd(data: Uint8Array, start: number): number | undefined {
    const header = start + this.#token.length + 2 + LENGTH_DIGITS;
    if (header > data.length) return undefined;
    const length = parseInt(decoder.decode(data.subarray(header - LENGTH_DIGITS, header)), 16);
    return header + length <= data.length ? header + length : undefined;
  }

  #take(frame: Uint8Array): void {
    const [part, writer] = [String.fromCharCode(frame[0]!), String.fromCharCode(frame[1]!)];
    const bytes = frame.slice(2 + LENGTH_DIGITS);
    const begins = part === PART.only || part === PART.first;
    const parts = begins ? [] : this.#parts.get(writer);
    if (!parts) return;
    parts.push(bytes);
    this.#parts.set(writer, parts);
    if (part === PART.first || part === PART.middle) return;
    this.#parts.delete(writer);
    const message = parseMessage(parts.length === 1 ? bytes : concat(parts));
    if (message) this.#onMessage(message);
  }
}

/** A frame broken off in the middle spoils its message, and must not spoil more. */
function parseMessage(bytes: Uint8Array): FramePayload | undefined {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Where `pattern` starts at or after `from`, a beginning of it at the end included; else the end. */
function indexOf(data: Uint8Array, pattern: Uint8Array, from: number): number {
  const first = pattern[0]!;
  for (let at = data.indexOf(first, from); at >= 0; at = data.indexOf(first, at + 1)) {
    let matched = 1;
    while (
      matched < pattern.length && at + matched < data.length &&
      data[at + matched] === pattern[matched]
    ) matched++;
    if (matched === pattern.length || at + matched === data.length) return at;
  }
  return data.length;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
