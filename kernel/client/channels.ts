import {
  createMessage,
  type JsonObject,
  type Message,
  Signer,
  ZmtpConnection,
} from "../wire/mod.ts";
import type { ConnectionInfo } from "./connection_file.ts";

/** The version of the Jupyter protocol that this client speaks. */
const PROTOCOL = "5.3";

/** A request on its way. */
export interface Request {
  /** The request's message id: the parent of all that belongs to it. */
  readonly id: string;
  /** Resolves to the reply; rejects when the kernel is lost. */
  readonly reply: Promise<Message>;
}

/** What a client listens to. */
export interface ChannelHandlers {
  /** An output or a status. */
  readonly onOutput: (message: Message) => void;
  /** The kernel asks the person at the keyboard; what is returned is the answer. */
  readonly onInput: (prompt: string) => string;
}

interface Sockets {
  readonly shell: ZmtpConnection;
  readonly control: ZmtpConnection;
  readonly stdin: ZmtpConnection;
  readonly iopub: ZmtpConnection;
}

/** The four sockets of one connected client, and the requests on their way. */
export class Channels {
  readonly #session: string;
  readonly #signer: Signer;
  readonly #sockets: Sockets;
  readonly #handlers: ChannelHandlers;
  readonly #pending = new Map<string, PromiseWithResolvers<Message>>();
  /** Resolves when every socket has ended and all that arrived was handled. */
  readonly ended: Promise<unknown>;

  private constructor(
    session: string,
    signer: Signer,
    sockets: Sockets,
    handlers: ChannelHandlers,
  ) {
    this.#session = session;
    this.#signer = signer;
    this.#sockets = sockets;
    this.#handlers = handlers;
    this.ended = Promise.all([
      this.#pump("shell", (message) => this.#settle(message)),
      this.#pump("control", (message) => this.#settle(message)),
      this.#pump("stdin", (message) => this.#answer(message)),
      this.#pump("iopub", handlers.onOutput),
    ]);
  }

  /**
   * Connects to a kernel.
   *
   * @param until While this hasn't aborted, refused connections are tried again.
   */
  static async open(
    info: ConnectionInfo,
    handlers: ChannelHandlers,
    until: AbortSignal,
  ): Promise<Channels> {
    const session = crypto.randomUUID();
    const opened: ZmtpConnection[] = [];
    const connect = async (type: "DEALER" | "SUB", port: number) => {
      // The kernel addresses its questions on stdin to the identity that sent the request on shell.
      const identity = type === "DEALER" ? { identity: session } : {};
      const connection = await ZmtpConnection.connect({
        type,
        port,
        hostname: info.ip,
        retryUntil: until,
        ...identity,
      });
      opened.push(connection);
      return connection;
    };
    const connecting = Promise.all([
      connect("DEALER", info.shell_port),
      connect("DEALER", info.control_port),
      connect("DEALER", info.stdin_port),
      connect("SUB", info.iopub_port),
    ]);
    try {
      const [shell, control, stdin, iopub] = await connecting;
      const signer = new Signer(info.key, info.signature_scheme);
      return new Channels(session, signer, { shell, control, stdin, iopub }, handlers);
    } catch (error) {
      for (const connection of opened) connection.close();
      throw error;
    }
  }

  /** Sends a request. Nobody has to wait for its reply. */
  request(channel: "shell" | "control", type: string, content: JsonObject): Request {
    const message = createMessage(type, content, { session: this.#session, version: PROTOCOL });
    const id = message.header.msg_id;
    const waiting = Promise.withResolvers<Message>();
    waiting.promise.catch(() => {});
    this.#pending.set(id, waiting);
    try {
      this.#sockets[channel].send(this.#signer.encode(message));
    } catch (error) {
      this.#pending.delete(id);
      waiting.reject(error);
    }
    return { id, reply: waiting.promise };
  }

  /** Closes the sockets; requests still on their way reject with `reason`. */
  close(reason: Error): void {
    for (const socket of Object.values(this.#sockets)) socket.close();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  async #pump(channel: keyof Sockets, handle: (message: Message) => void): Promise<void> {
    const socket: ZmtpConnection = this.#sockets[channel];
    try {
      for await (const parts of socket) handle(this.#signer.decode(parts));
    } catch {
      // Bytes that aren't our kernel's: this connection is of no further use, like one that ended.
      socket.close();
    }
  }

  #settle(message: Message): void {
    const id = message.parentHeader?.msg_id ?? "";
    this.#pending.get(id)?.resolve(message);
    this.#pending.delete(id);
  }

  #answer(question: Message): void {
    if (question.header.msg_type !== "input_request") return;
    const value = this.#handlers.onInput(String(question.content.prompt ?? ""));
    const answer = createMessage("input_reply", { status: "ok", value }, {
      session: this.#session,
      version: PROTOCOL,
      parent: question,
      identities: [],
    });
    this.#sockets.stdin.send(this.#signer.encode(answer));
  }
}
