/**
 * ZMTP frames: the length-prefixed pieces every ZeroMQ message is made of
 * (https://rfc.zeromq.org/spec/23/, "Framing").
 *
 * @module
 */

/** A peer broke the ZMTP protocol, or passed a limit. The connection is of no further use. */
export class ZmtpError extends Error {
  /** The name in messages. */
  override name = "ZmtpError";
}

/** One frame: a part of a message, or a command to the other side's socket. */
export interface Frame {
  /** True when more parts of the same message follow. */
  readonly more: boolean;
  /** True for a command (READY, PING, SUBSCRIBE, …), false for a part of a message. */
  readonly command: boolean;
  /** What the frame carries. */
  readonly body: Uint8Array;
}

/** Where bytes come from: the reading half of a `Deno.Conn`. */
export interface ByteSource {
  /** Fills the start of `into`; resolves to how many bytes were read, or `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

const MORE = 1;
const LONG = 2;
const COMMAND = 4;
const CHUNK_BYTES = 64 * 1024;

/**
 * The two or nine bytes that go before a frame's body.
 *
 * @param length The body's length in bytes.
 * @param flags Whether more parts follow, and whether it is a command.
 */
export function frameHeader(
  length: number,
  flags: { more?: boolean; command?: boolean } = {},
): Uint8Array {
  const bits = (flags.more ? MORE : 0) | (flags.command ? COMMAND : 0);
  if (length <= 255) return new Uint8Array([bits, length]);
  const header = new Uint8Array(9);
  header[0] = bits | LONG;
  new DataView(header.buffer).setBigUint64(1, BigInt(length));
  return header;
}

/**
 * Reads frames from a byte stream. A header's claimed length is believed only up to a limit, and
 * memory is taken as the bytes arrive, never ahead of them: a peer that announces a gigabyte and
 * sends ten bytes costs one chunk.
 */
export class FrameReader {
  readonly #source: ByteSource;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #start = 0;
  #end = 0;

  /** @param source The connection to read from. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Reads exactly `length` bytes (at most one chunk), for the greeting.
   *
   * @throws {ZmtpError} When the stream ends before that.
   */
  async bytes(length: number): Promise<Uint8Array> {
    if (!await this.#buffer(length)) throw new ZmtpError(`Expected ${length} bytes, found none`);
    return this.#take(length);
  }

  /**
   * Reads the next frame, or `undefined` when the stream ends between two frames.
   *
   * @param maxBytes The longest body accepted.
   * @throws {ZmtpError} On reserved flags, a body over `maxBytes`, or a stream that ends inside.
   */
  async frame(maxBytes: number): Promise<Frame | undefined> {
    // Awaiting only when bytes are missing keeps a burst of small frames fast.
    if (this.#end - this.#start < 2 && !await this.#buffer(2)) return undefined;
    const flags = this.#chunk[this.#start]!;
    if (flags & ~(MORE | LONG | COMMAND)) {
      throw new ZmtpError(`Expected frame flags 0 to 7, found ${flags}`);
    }
    if ((flags & COMMAND) && (flags & MORE)) {
      throw new ZmtpError("Expected a command in one frame, found one that says more follow");
    }
    const length = flags & LONG ? await this.#longLength() : this.#take(2)[1]!;
    if (length > maxBytes) {
      throw new ZmtpError(`Expected a frame of at most ${maxBytes} bytes, found ${length}`);
    }
    const body = this.#end - this.#start >= length ? this.#take(length) : await this.#body(length);
    return { more: (flags & MORE) !== 0, command: (flags & COMMAND) !== 0, body };
  }

  async #longLength(): Promise<number> {
    if (this.#end - this.#start < 9) await this.#buffer(9);
    const header = this.#take(9);
    return Number(new DataView(header.buffer).getBigUint64(1));
  }

  /** Makes at least `count` bytes available; false when the stream ends with none waiting. */
  async #buffer(count: number): Promise<boolean> {
    if (this.#start > 0) {
      this.#chunk.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    while (this.#end < count) {
      const read = await this.#source.read(this.#chunk.subarray(this.#end));
      if (read === null) {
        if (this.#end === 0) return false;
        throw new ZmtpError(`Expected ${count} bytes, found ${this.#end} before the stream ended`);
      }
      this.#end += read;
    }
    return true;
  }

  #take(count: number): Uint8Array {
    const bytes = this.#chunk.slice(this.#start, this.#start + count);
    this.#start += count;
    return bytes;
  }

  /** Reads a body larger than what is buffered into memory that doubles as it fills. */
  async #body(length: number): Promise<Uint8Array> {
    const buffered = this.#take(this.#end - this.#start);
    let body = new Uint8Array(Math.min(length, CHUNK_BYTES));
    body.set(buffered);
    let filled = buffered.length;
    while (filled < length) {
      if (filled === body.length) {
        const larger = new Uint8Array(Math.min(length, body.length * 2));
        larger.set(body);
        body = larger;
      }
      const read = await this.#source.read(body.subarray(filled));
      if (read === null) {
        throw new ZmtpError(`Expected a body of ${length} bytes, found ${filled}`);
      }
      filled += read;
    }
    return body;
  }
}
