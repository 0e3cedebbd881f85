import { ZmtpError } from "./frames.ts";
import { type PeerOptions, ZmtpPeer } from "./peer.ts";

/** How a server socket behaves. */
export interface ServerOptions extends Pick<PeerOptions, "maxMessageBytes" | "handshakeMs"> {
  /** ROUTER answers each client by its identity, PUB sends to subscribers, REP answers in turn. */
  readonly type: "ROUTER" | "PUB" | "REP";
  /** The address to listen on. Default `127.0.0.1`. */
  readonly hostname?: string;
  /** The port; 0 (the default) takes a free one, see {@linkcode ZmtpServer.port}. */
  readonly port?: number;
  /**
   * Called with each message (for REP without its envelope). Returning a promise holds back the
   * next message of that client until it resolves. What it throws ends that client's connection.
   */
  readonly onMessage?: (identity: Uint8Array, parts: Uint8Array[]) => void | Promise<void>;
  /** Called when a client subscribes to a PUB, for a welcome to it alone. */
  readonly onSubscribe?: (identity: Uint8Array, topic: Uint8Array) => void;
  /** Told why a client was disconnected, when it wasn't the client's own wish. */
  readonly onRefused?: (error: unknown) => void;
  /** A client with this many unread bytes is disconnected. Default 256 MiB. */
  readonly maxBacklogBytes?: number;
}

interface Client {
  readonly peer: ZmtpPeer;
  readonly identity: Uint8Array;
  readonly topics: Uint8Array[];
  /** For REP: the frames to put before the next reply. */
  envelope: readonly Uint8Array[];
}

const MAX_BACKLOG_BYTES = 256 * 1024 * 1024;

/**
 * The server end of a ZeroMQ socket (ZMTP 3, NULL) over TCP, for any number of clients. What is
 * sent to a client arrives in the order of the calls; a client that breaks the protocol, vanishes
 * or stops reading is disconnected and concerns nobody else.
 */
export class ZmtpServer {
  readonly #options: ServerOptions;
  readonly #listener: Deno.TcpListener;
  readonly #clients = new Map<string, Client>();
  readonly #greeting = new Set<Deno.TcpConn>();
  readonly #tasks = new Set<Promise<void>>();
  #closed = false;

  private constructor(options: ServerOptions) {
    this.#options = options;
    const { hostname = "127.0.0.1", port = 0 } = options;
    this.#listener = Deno.listen({ hostname, port });
    this.#track(this.#accept());
  }

  /**
   * Starts listening.
   *
   * @throws {Deno.errors.AddrInUse} When the port is taken.
   */
  static bind(options: ServerOptions): ZmtpServer {
    return new ZmtpServer(options);
  }

  /** The port listened on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** How many clients are connected. */
  get clients(): number {
    return this.#clients.size;
  }

  /** The most bytes any client has yet to read: a producer pauses (`drain`) when it grows. */
  get backlog(): number {
    return Math.max(0, ...[...this.#clients.values()].map((client) => client.peer.backlog));
  }

  /** Queues a message to one client; never waits. False when that client is gone. */
  send(identity: Uint8Array, parts: readonly Uint8Array[]): boolean {
    const client = this.#clients.get(keyOf(identity));
    if (!client) return false;
    this.#sendTo(client, [...client.envelope, ...parts]);
    return true;
  }

  /** Queues a message to every client subscribed to a prefix of its first part; never waits. */
  publish(parts: readonly Uint8Array[]): void {
    const subject = parts[0] ?? new Uint8Array();
    for (const client of this.#clients.values()) {
      if (client.topics.some((topic) => startsWith(subject, topic))) this.#sendTo(client, parts);
    }
  }

  /** Resolves when every message sent so far was written to the clients still there. */
  async drain(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.peer.drain()));
  }

  /** Stops listening and disconnects everyone; resolves when no work is left behind. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#listener.close();
      for (const connection of this.#greeting) connection.close();
      for (const client of this.#clients.values()) client.peer.close();
    }
    await Promise.all(this.#tasks);
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        const connection = await this.#listener.accept();
        this.#track(this.#serve(connection));
      } catch (error) {
        // A client may vanish while it is being accepted; only a closed listener ends the loop.
        if (!this.#closed) this.#options.onRefused?.(error);
      }
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    let client: Client | undefined;
    try {
      client = await this.#welcome(connection);
      for (
        let parts = await client.peer.receive();
        parts;
        parts = await client.peer.receive()
      ) await this.#deliver(client, parts);
    } catch (error) {
      if (!this.#closed) this.#options.onRefused?.(error);
    } finally {
      if (client) this.#forget(client);
    }
  }

  async #welcome(connection: Deno.TcpConn): Promise<Client> {
    this.#greeting.add(connection);
    try {
      connection.setNoDelay(true);
      const peer = await ZmtpPeer.open(connection, {
        ...this.#options,
        onSubscription: (subscribe, topic) => this.#subscription(client, subscribe, topic),
      });
      const identity = peer.identity.length > 0 ? peer.identity : freshIdentity();
      const client: Client = { peer, identity, topics: [], envelope: [] };
      if (this.#closed) peer.close();
      // A client that reconnects under its old identity replaces a connection that is half dead.
      this.#clients.get(keyOf(identity))?.peer.close();
      this.#clients.set(keyOf(identity), client);
      return client;
    } finally {
      this.#greeting.delete(connection);
    }
  }

  async #deliver(client: Client, parts: Uint8Array[]): Promise<void> {
    if (this.#options.type === "PUB") {
      const flag = parts[0]?.[0];
      if (flag === 0 || flag === 1) this.#subscription(client, flag === 1, parts[0]!.subarray(1));
      return;
    }
    if (this.#options.type === "REP") {
      const delimiter = parts.findIndex((part) => part.length === 0);
      client.envelope = parts.slice(0, delimiter + 1);
      await this.#options.onMessage?.(client.identity, parts.slice(delimiter + 1));
      return;
    }
    await this.#options.onMessage?.(client.identity, parts);
  }

  #subscription(client: Client, subscribe: boolean, topic: Uint8Array): void {
    if (subscribe) {
      client.topics.push(topic);
      this.#options.onSubscribe?.(client.identity, topic);
    } else {
      const index = client.topics.findIndex((known) => keyOf(known) === keyOf(topic));
      if (index >= 0) client.topics.splice(index, 1);
    }
  }

  #sendTo(client: Client, parts: readonly Uint8Array[]): void {
    const limit = this.#options.maxBacklogBytes ?? MAX_BACKLOG_BYTES;
    if (client.peer.backlog > limit) {
      // Dropping single messages would leave holes that look like lost output.
      this.#forget(client);
      this.#options.onRefused?.(
        new ZmtpError(`Expected a client that reads, found ${client.peer.backlog} unread bytes`),
      );
      return;
    }
    client.peer.send(parts);
  }

  #forget(client: Client): void {
    client.peer.close();
    const key = keyOf(client.identity);
    if (this.#clients.get(key) === client) this.#clients.delete(key);
  }
}

function keyOf(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** As libzmq's: a zero byte, which a chosen identity may not start with, and four random ones. */
function freshIdentity(): Uint8Array {
  return new Uint8Array([0, ...crypto.getRandomValues(new Uint8Array(4))]);
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
