import { ZmtpError } from "./frames.ts";
import { type PeerOptions, ZmtpPeer } from "./peer.ts";

/** How to connect. */
export interface ConnectOptions extends Pick<PeerOptions, "maxMessageBytes" | "handshakeMs"> {
  /** `SUB` subscribes to everything. */
  readonly type: "DEALER" | "SUB" | "REQ";
  /** The port to connect to. */
  readonly port: number;
  /** The host. Default `127.0.0.1`. */
  readonly hostname?: string;
  /** Our identity, by which a ROUTER addresses us. */
  readonly identity?: string;
  /** Refused connections are tried again until this aborts; without it, one attempt is made. */
  readonly retryUntil?: AbortSignal;
  /** How long to wait between two attempts (milliseconds). Default 10. */
  readonly retryMs?: number;
}

const RETRY_MS = 10;

/**
 * The client end of a ZeroMQ connection (ZMTP 3, NULL) over TCP.
 *
 * @example Sending a request and reading its reply
 * ```ts
 * import { ZmtpConnection, ZmtpServer } from "./mod.ts";
 *
 * const server = ZmtpServer.bind({
 *   type: "ROUTER",
 *   onMessage: (identity, parts) => void server.send(identity, parts),
 * });
 * const client = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
 * client.send([new TextEncoder().encode("hello")]);
 * const [reply] = (await client.receive())!;
 * if (new TextDecoder().decode(reply) !== "hello") throw new Error("no echo");
 * client.close();
 * await server.close();
 * ```
 */
export class ZmtpConnection {
  readonly #peer: ZmtpPeer;
  readonly #type: ConnectOptions["type"];

  private constructor(peer: ZmtpPeer, type: ConnectOptions["type"]) {
    this.#peer = peer;
    this.#type = type;
  }

  /**
   * Connects and greets.
   *
   * @throws {ZmtpError} When the other side isn't the ZeroMQ socket expected.
   * @throws {Deno.errors.ConnectionRefused} When nothing listens (until `retryUntil` aborts).
   */
  static async connect(options: ConnectOptions): Promise<ZmtpConnection> {
    const transport = await dial(options);
    const identity = new TextEncoder().encode(options.identity ?? "");
    const peer = await ZmtpPeer.open(transport, { ...options, identity });
    if (options.type === "SUB") {
      if (peer.minorVersion === 0) peer.send([new Uint8Array([1])]);
      else peer.sendCommand("SUBSCRIBE");
    }
    return new ZmtpConnection(peer, options.type);
  }

  /** True once either side has closed. */
  get closed(): boolean {
    return this.#peer.closed;
  }

  /**
   * Queues a message; never waits. A REQ's empty delimiter is added here.
   *
   * @throws {ZmtpError} When the connection is closed.
   */
  send(parts: readonly Uint8Array[]): void {
    if (this.closed) throw new ZmtpError("Expected an open connection, found it closed");
    this.#peer.send(this.#type === "REQ" ? [new Uint8Array(), ...parts] : parts);
  }

  /**
   * The next message, or `undefined` once the connection has ended.
   *
   * @throws {ZmtpError} When the other side broke the protocol.
   */
  async receive(): Promise<Uint8Array[] | undefined> {
    const parts = await this.#peer.receive();
    return this.#type === "REQ" ? parts?.slice(1) : parts;
  }

  /** All messages until the connection ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array[]> {
    for (let parts = await this.receive(); parts; parts = await this.receive()) yield parts;
  }

  /** Resolves when everything sent was written, or the connection has failed. */
  drain(): Promise<void> {
    return this.#peer.drain();
  }

  /** Closes at once; what is still queued is lost. */
  close(): void {
    this.#peer.close();
  }
}

async function dial(options: ConnectOptions): Promise<Deno.TcpConn> {
  const { port, hostname = "127.0.0.1", retryUntil, retryMs = RETRY_MS } = options;
  while (true) {
    try {
      const connection = await Deno.connect({ hostname, port });
      // A port nobody listens on can connect to itself when the system picks it as the local one.
      if (connection.localAddr.port !== port) {
        connection.setNoDelay(true);
        return connection;
      }
      connection.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused) || !retryUntil) throw error;
    }
    if (!retryUntil || retryUntil.aborted) {
      throw new Deno.errors.ConnectionRefused(`Nothing listens on ${hostname}:${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}
