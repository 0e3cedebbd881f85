/**
 * JSON-RPC over two streams, framed as the Language Server Protocol has it. The packages for it
 * (`vscode-jsonrpc`, `vscode-languageserver-protocol`) need Node's streams and take longer to load
 * than a cell to run, for what comes to a header and a length.
 *
 * @module
 */

/** What a server sends unasked. */
export interface RpcEvents {
  /** The stream has ended: nothing more will be answered. */
  onEnd(): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const HEADER_END = "\r\n\r\n";

/** The client's end of a conversation. */
export class Rpc {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #ended = false;

  /**
   * @param input Where requests are written to.
   * @param output Where answers come from.
   */
  constructor(
    input: WritableStream<Uint8Array>,
    output: ReadableStream<Uint8Array>,
    events: RpcEvents,
  ) {
    this.#writer = input.getWriter();
    void this.#read(output).catch(() => {}).then(() => {
      this.#ended = true;
      for (const { reject } of this.#waiting.values()) reject(new Error("The server has ended"));
      this.#waiting.clear();
      events.onEnd();
    });
  }

  /** Asks something. @throws When the server says so, or ends. */
  request<Result>(method: string, params: unknown): Promise<Result> {
    if (this.#ended) return Promise.reject(new Error("The server has ended"));
    const id = ++this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#send({ id, method, params });
    return promise as Promise<Result>;
  }

  /** Tells something. */
  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  /** Ends the conversation; the server then ends by itself. */
  close(): void {
    this.#writer.close().catch(() => {});
  }

  #send(message: object): void {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    const head = new TextEncoder().encode(`Content-Length: ${body.length}${HEADER_END}`);
    const bytes = new Uint8Array(head.length + body.length);
    bytes.set(head);
    bytes.set(body, head.length);
    this.#writer.write(bytes).catch(() => {}); // Its end is noticed by the reading.
  }

  async #read(output: ReadableStream<Uint8Array>): Promise<void> {
    let pending = new Uint8Array(0);
    for await (const bytes of output) {
      const all = new Uint8Array(pending.length + bytes.length);
      all.set(pending);
      all.set(bytes, pending.length);
      pending = all.subarray(this.#readMessages(all));
    }
  }

  /** Handles the complete messages; returns how many bytes they took. */
  #readMessages(bytes: Uint8Array): number {
    let at = 0;
    while (true) {
      const head = headerAt(bytes, at);
      if (!head || head.start + head.length > bytes.length) return at;
      at = head.start + head.length;
      this.#receive(JSON.parse(new TextDecoder().decode(bytes.subarray(head.start, at))));
    }
  }

  #receive({ id, method, result, error }: Message): void {
    if (method !== undefined) {
      // Whatever the server wants to know of us, we have nothing to say.
      if (id !== undefined) this.#send({ id, result: null });
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

/** Where the body of the message at an offset starts, and its length; none if it isn't all there. */
function headerAt(bytes: Uint8Array, at: number): { start: number; length: number } | undefined {
  const text = new TextDecoder("latin1").decode(bytes.subarray(at, at + 200));
  const end = text.indexOf(HEADER_END);
  if (end < 0) return undefined;
  const length = Number(/Content-Length: (\d+)/i.exec(text.slice(0, end))?.[1]);
  return { start: at + end + HEADER_END.length, length };
}
