/**
 * The kernel's side of the conversation with Jupyter: five sockets, signed messages.
 *
 * @module
 */
import { createMessage, type JsonObject, type Message, Signer, ZmtpServer } from "../wire/mod.ts";
import type { ConnectionInfo } from "./connection_file.ts";
import { log } from "./log.ts";

/** Where a request came in. */
export type Channel = "shell" | "control" | "stdin";

/** The protocol that is spoken. */
export const PROTOCOL = "5.4";

const REMEMBERED_MESSAGES = 65_536;

/** Sends to, and receives from, every front-end of this kernel. */
export class FrontEnd {
  readonly #session = crypto.randomUUID();
  readonly #signer: Signer;
  readonly #iopub: ZmtpServer;
  readonly #sockets: Record<Channel, ZmtpServer>;
  readonly #heartbeat: ZmtpServer;
  readonly #seen = new Set<string>();
  readonly #onRequest: (channel: Channel, message: Message) => void;

  /**
   * Starts listening.
   *
   * @param connection Where, and with which key.
   * @param onRequest Called with every message that is well-formed, signed and new.
   */
  constructor(
    connection: ConnectionInfo,
    onRequest: (channel: Channel, message: Message) => void,
  ) {
    this.#signer = new Signer(connection.key, connection.signature_scheme);
    this.#onRequest = onRequest;
    const hostname = connection.ip;
    const onRefused = (error: unknown) => log("refused", String(error));
    const router = (channel: Channel) =>
      ZmtpServer.bind({
        type: "ROUTER",
        hostname,
        port: connection[`${channel}_port`],
        onMessage: (identity, parts) => this.#receive(channel, [identity, ...parts]),
        onRefused,
      });
    this.#sockets = {
      shell: router("shell"),
      control: router("control"),
      stdin: router("stdin"),
    };
    this.#iopub = ZmtpServer.bind({
      type: "PUB",
      hostname,
      port: connection.iopub_port,
      onRefused,
    });
    this.#heartbeat = ZmtpServer.bind({
      type: "REP",
      hostname,
      port: connection.hb_port,
      onMessage: (identity, parts) => void this.#heartbeat.send(identity, parts),
      onRefused,
    });
  }

  /** Tells all front-ends something that happened because of `parent`. */
  publish(
    type: string,
    content: JsonObject,
    parent: Message | undefined,
    extra: { metadata?: JsonObject; buffers?: Uint8Array[] } = {},
  ): void {
    const identities = [new TextEncoder().encode(`kernel.${this.#session}.${type}`)];
    this.#iopub.publish(this.#encode(type, content, parent, { ...extra, identities }));
  }

  /** Answers a request. */
  reply(channel: Channel, request: Message, content: JsonObject): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#sendTo(channel, type, content, request);
  }

  /** Asks the front-end that sent `parent` for a line of input. */
  ask(prompt: string, password: boolean, parent: Message): void {
    this.#sendTo("stdin", "input_request", { prompt, password }, parent);
  }

  /** The most bytes that a front-end has yet to take. */
  get backlog(): number {
    return this.#iopub.backlog;
  }

  /** Resolves when everything sent so far was written. */
  async drain(): Promise<void> {
    const servers = [this.#iopub, ...Object.values(this.#sockets)];
    await Promise.all(servers.map((server) => server.drain()));
  }

  /** Stops listening. */
  async close(): Promise<void> {
    const servers = [this.#iopub, this.#heartbeat, ...Object.values(this.#sockets)];
    await Promise.all(servers.map((server) => server.close()));
  }

  #sendTo(channel: Channel, type: string, content: JsonObject, parent: Message): void {
    const [identity, ...frames] = this.#encode(type, content, parent, {});
    this.#sockets[channel].send(identity!, frames);
  }

  #encode(
    type: string,
    content: JsonObject,
    parent: Message | undefined,
    extra: { metadata?: JsonObject; buffers?: Uint8Array[]; identities?: Uint8Array[] },
  ): Uint8Array[] {
    return this.#signer.encode(
      createMessage(type, content, {
        session: this.#session,
        version: PROTOCOL,
        username: "kernel",
        parent,
        ...extra,
      }),
    );
  }

  #receive(channel: Channel, frames: Uint8Array[]): void {
    let message: Message;
    try {
      message = this.#signer.decode(frames);
    } catch (error) {
      // Whoever sent it may be an attacker: no answer, and nobody else is disturbed.
      log("dropped", channel, String(error));
      return;
    }
    const id = message.header.msg_id;
    if (this.#seen.has(id)) {
      log("dropped", channel, `replay of ${id}`);
      return;
    }
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED_MESSAGES) {
      this.#seen.delete(this.#seen.values().next().value!);
    }
    log("<-", channel, message.header.msg_type);
    this.#onRequest(channel, message);
  }
}
