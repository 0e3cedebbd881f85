import { frameHeader, FrameReader, ZmtpError } from "./frames.ts";
import {
  decodeCommand,
  encodeCommand,
  greeting,
  GREETING_BYTES,
  readGreeting,
  readReady,
  readyCommand,
  type SocketType,
} from "./handshake.ts";
import { OrderedWriter } from "./writer.ts";

/** The part of a `Deno.Conn` that a peer needs. */
export interface Transport {
  /** Reads into a buffer; `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some bytes; resolves to how many. */
  write(from: Uint8Array): Promise<number>;
  /** Closes both directions. */
  close(): void;
}

/** How one end of a connection behaves. */
export interface PeerOptions {
  /** Our socket type. */
  readonly type: SocketType;
  /** Our identity; none by default. */
  readonly identity?: Uint8Array;
  /** The longest message accepted, all parts together. Default 256 MiB. */
  readonly maxMessageBytes?: number;
  /** How long the other side may take over the greeting and READY. Default 10,000 ms. */
  readonly handshakeMs?: number;
  /** Called when a SUBSCRIBE (`true`) or CANCEL (`false`) command arrives. */
  readonly onSubscription?: (subscribe: boolean, topic: Uint8Array) => void;
}

/** The default of {@linkcode PeerOptions.maxMessageBytes}. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const MAX_PARTS = 10_000;
const MAX_HANDSHAKE_BYTES = 8 * 1024;

/**
 * One established ZMTP connection, whichever side opened it: whole messages in and out, with the
 * protocol's commands (PING, SUBSCRIBE, …) handled out of sight.
 */
export class ZmtpPeer {
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  readonly #writer: OrderedWriter;
  readonly #options: PeerOptions;
  #closed = false;
  #identity = new Uint8Array();
  #minor = 0;

  private constructor(transport: Transport, options: PeerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#reader = new FrameReader(transport);
    this.#writer = new OrderedWriter(transport, () => this.close());
  }

  /**
   * Greets the other side.
   *
   * @throws {ZmtpError} When it isn't ZMTP 3 with NULL, is the wrong kind of socket, or is too slow.
   */
  static async open(transport: Transport, options: PeerOptions): Promise<ZmtpPeer> {
    const peer = new ZmtpPeer(transport, options);
    const limit = options.handshakeMs ?? 10_000;
    const timer = setTimeout(() => peer.close(), limit);
    try {
      await peer.#handshake();
      return peer;
    } catch (error) {
      const late = peer.closed && !(error instanceof ZmtpError);
      peer.close();
      throw late ? new ZmtpError(`Expected a ZMTP handshake within ${limit} ms`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The identity the other side announced; empty when it has none. */
  get identity(): Uint8Array {
    return this.#identity;
  }

  /** The other side's minor version: subscriptions are messages in 3.0 and commands in 3.1. */
  get minorVersion(): number {
    return this.#minor;
  }

  /** True once either side closed, or a write failed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes sent and not yet taken by the operating system. */
  get backlog(): number {
    return this.#writer.backlog;
  }

  /** Queues a message; never waits. The parts must not be changed afterwards. */
  send(parts: readonly Uint8Array[]): void {
    const chunks: Uint8Array[] = [];
    parts.forEach((part, index) => {
      chunks.push(frameHeader(part.length, { more: index < parts.length - 1 }), part);
    });
    this.#writer.write(chunks);
  }

  /** Queues a command. */
  sendCommand(name: string, data: Uint8Array = new Uint8Array()): void {
    this.#sendCommandBody(encodeCommand(name, data));
  }

  /**
   * The next message, or `undefined` once the connection has ended (closed here, closed there, or
   * the other side vanished).
   *
   * @throws {ZmtpError} When the other side broke the protocol; the connection is closed then.
   */
  async receive(): Promise<Uint8Array[] | undefined> {
    try {
      return await this.#message();
    } catch (error) {
      // A read that fails after close(), or by a reset, is an end like any other.
      const ended = this.#closed || !(error instanceof ZmtpError);
      this.close();
      if (ended) return undefined;
      throw error;
    }
  }

  /** Resolves when everything sent was written, or the connection has failed. */
  drain(): Promise<void> {
    return this.#writer.drain();
  }

  /** Closes at once; what is still queued is lost (see {@linkcode ZmtpPeer.drain}). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#transport.close();
    } catch {
      // The owner of the transport closed it already.
    }
  }

  async #handshake(): Promise<void> {
    this.#writer.write([greeting()]);
    this.#minor = readGreeting(await this.#reader.bytes(GREETING_BYTES));
    this.#sendCommandBody(
      readyCommand(this.#options.type, this.#options.identity ?? new Uint8Array()),
    );
    const frame = await this.#reader.frame(MAX_HANDSHAKE_BYTES);
    if (!frame?.command) throw new ZmtpError("Expected a READY command, found none");
    this.#identity = Uint8Array.from(readReady(this.#options.type, frame.body).identity);
  }

  async #message(): Promise<Uint8Array[] | undefined> {
    const parts: Uint8Array[] = [];
    let left = this.#options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    while (true) {
      const frame = await this.#reader.frame(left);
      if (!frame) {
        if (parts.length > 0) {
          throw new ZmtpError(`Expected part ${parts.length + 1}, found the end`);
        }
        this.close();
        return undefined;
      }
      if (frame.command) {
        this.#command(frame.body);
        continue;
      }
      parts.push(frame.body);
      left -= frame.body.length;
      if (!frame.more) return parts;
      if (parts.length === MAX_PARTS) {
        throw new ZmtpError(`Expected at most ${MAX_PARTS} parts in a message, found more`);
      }
    }
  }

  #command(body: Uint8Array): void {
    const { name, data } = decodeCommand(body);
    // PING carries a time to live (two bytes) and a context to send back.
    if (name === "PING") this.sendCommand("PONG", data.slice(2));
    if (name === "SUBSCRIBE") this.#options.onSubscription?.(true, data);
    if (name === "CANCEL") this.#options.onSubscription?.(false, data);
    if (name === "ERROR") throw new ZmtpError("The peer reported an error");
  }

  #sendCommandBody(body: Uint8Array): void {
    this.#writer.write([frameHeader(body.length, { command: true }), body]);
  }
}
