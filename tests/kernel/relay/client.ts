/**
 * A front-end for tests: it sends requests without waiting, and keeps every message as it came, so
 * that tests can tell what came where and when.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import {
  createMessage,
  type JsonObject,
  type Message,
  Signer,
  ZmtpConnection,
} from "../../../kernel/wire/mod.ts";
import { relayCommand } from "../../../kernel/relay/command.ts";
import { type ConnectionInfo, freshConnection } from "../../../kernel/relay/connection_file.ts";

/** A request under way. */
export interface Request {
  readonly id: string;
  readonly reply: Promise<Message>;
  /** Resolves with everything IOPub said about the request until it was idle. */
  readonly outputs: Promise<Message[]>;
  /** What came after idle. */
  readonly late: Message[];
}

/** What came of a cell. */
export interface Ran {
  readonly reply: JsonObject;
  readonly outputs: Message[];
  readonly late: Message[];
}

/** How a kernel is started. */
export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly argv?: (file: string) => string[];
  /** Where the kernel's own folder is made. Default: the system's place for such. */
  readonly inside?: string;
  /** Whether to wait until outputs arrive. Default true. */
  readonly settle?: boolean;
}

type Channel = "shell" | "control" | "stdin";

const LIMIT_MS = 30_000;
const SUBSCRIPTION_MS = 30;
const RELAY = fileURLToPath(new URL("../../../kernel/relay/main.ts", import.meta.url));

/** The command line of our kernel. */
export const relayArgv = (file: string) => relayCommand(Deno.execPath(), RELAY, file);
/** The command line of Deno's own. */
export const stockArgv = (
  file: string,
) => [Deno.execPath(), "jupyter", "--kernel", "--conn", file];

/** A kernel and the connection to it. */
export class TestKernel implements AsyncDisposable {
  readonly signer: Signer;
  /** Answers prompts. */
  answer: ((prompt: string) => string | undefined) | undefined;
  readonly #session = crypto.randomUUID();
  readonly #replies = new Map<string, PromiseWithResolvers<Message>>();
  readonly #outputs = new Map<string, (message: Message) => void>();
  readonly #soFar = new Map<string, Message[]>();

  private constructor(
    readonly process: Deno.ChildProcess,
    readonly connection: ConnectionInfo,
    readonly folder: string,
    readonly sockets: Record<Channel | "iopub", ZmtpConnection>,
  ) {
    this.signer = new Signer(connection.key);
    for (const channel of ["shell", "control", "stdin", "iopub"] as const) {
      void this.#read(channel);
    }
  }

  /** Starts a kernel in a folder of its own, and waits for its first answer. */
  static async start(options: StartOptions = {}): Promise<TestKernel> {
    const { env = {}, argv = relayArgv, inside, settle = true } = options;
    const folder = await Deno.makeTempDir({ prefix: "kernel_test_", ...inside && { dir: inside } });
    const connection = freshConnection();
    const file = `${folder}/connection.json`;
    await Deno.writeTextFile(file, JSON.stringify(connection));
    const [program, ...args] = argv(file);
    const process = new Deno.Command(program!, {
      args,
      cwd: folder,
      env: { NO_COLOR: "1", TUNEBOOK_TYPES: "off", ...env },
      stdin: "null",
      stdout: "null",
      stderr: Deno.env.get("TUNEBOOK_TEST_DEBUG") ? "inherit" : "null",
    }).spawn();
    const identity = crypto.randomUUID();
    const retryUntil = AbortSignal.timeout(LIMIT_MS);
    const connect = (type: "DEALER" | "SUB", port: number) =>
      ZmtpConnection.connect({ type, port, identity, retryUntil });
    const [shell, control, stdin, iopub] = await Promise.all([
      connect("DEALER", connection.shell_port),
      connect("DEALER", connection.control_port),
      connect("DEALER", connection.stdin_port),
      connect("SUB", connection.iopub_port),
    ]);
    const kernel = new TestKernel(process, connection, folder, { shell, control, stdin, iopub });
    // The subscription counts from the first status that arrives.
    for (let settled = !settle; !settled;) {
      const info = kernel.request("kernel_info_request", {});
      if (!await within(info.reply, LIMIT_MS)) throw new Error("The kernel doesn't answer");
      settled = await within(info.outputs, SUBSCRIPTION_MS) !== undefined;
    }
    return kernel;
  }

  /** Sends a request at once. */
  request(
    type: string,
    content: JsonObject,
    channel: Channel = "shell",
    buffers: Uint8Array[] = [],
  ): Request {
    const message = createMessage(type, content, {
      session: this.#session,
      version: "5.3",
      buffers,
    });
    const id = message.header.msg_id;
    const reply = Promise.withResolvers<Message>();
    this.#replies.set(id, reply);
    const until = Promise.withResolvers<Message[]>();
    const outputs: Message[] = [];
    const late: Message[] = [];
    let idle = false;
    this.#soFar.set(id, outputs);
    this.#outputs.set(id, (output) => {
      (idle ? late : outputs).push(output);
      if (output.header.msg_type === "status" && output.content.execution_state === "idle") {
        idle = true;
        until.resolve(outputs);
      }
    });
    this.sockets[channel].send(this.signer.encode(message));
    return { id, reply: reply.promise, outputs: until.promise, late };
  }

  /** Sends a cell at once. */
  submit(code: string, options: JsonObject = {}): Request {
    return this.request("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: this.answer !== undefined,
      stop_on_error: true,
      ...options,
    });
  }

  /** Runs a cell to its end. */
  async run(code: string, options: JsonObject = {}): Promise<Ran> {
    return await this.finish(this.submit(code, options));
  }

  /** What a request has put out so far. */
  outputsOf(request: Request): Message[] {
    return this.#soFar.get(request.id) ?? [];
  }

  /** Waits for a cell's end. */
  async finish(request: Request): Promise<Ran> {
    const both = await within(Promise.all([request.reply, request.outputs]), LIMIT_MS);
    if (!both) throw new Error("The cell neither ended nor failed");
    const outputs = both[1].filter(({ header }) =>
      !["status", "execute_input"].includes(header.msg_type)
    );
    return { reply: both[0].content, outputs, late: request.late };
  }

  /** Stops the running cell; resolves with how long it took to be heeded (milliseconds). */
  async interrupt(): Promise<number> {
    const start = performance.now();
    await this.request("interrupt_request", {}, "control").reply;
    return performance.now() - start;
  }

  /** The value of a cell as text. */
  async value(code: string): Promise<string | undefined> {
    const { outputs, reply } = await this.run(code);
    if (reply.status !== "ok") throw new Error(`${code}: ${reply.ename}: ${reply.evalue}`);
    const result = outputs.find(({ header }) => header.msg_type === "execute_result");
    return (result?.content.data as JsonObject | undefined)?.["text/plain"] as string | undefined;
  }

  /** The process id of the child that runs the cells. */
  async childPid(): Promise<number> {
    return Number(await this.value("Deno.pid"));
  }

  /** Asks the kernel to end; resolves with how long it took (milliseconds). */
  async shutdown(): Promise<number> {
    const start = performance.now();
    this.request("shutdown_request", { restart: false }, "control");
    await this.process.status;
    return performance.now() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.sockets.control.closed) this.request("shutdown_request", {}, "control");
    const ended = await within(this.process.status, 3_000);
    if (!ended) this.process.kill("SIGKILL");
    await this.process.status;
    for (const socket of Object.values(this.sockets)) socket.close();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #read(channel: Channel | "iopub"): Promise<void> {
    try {
      for await (const frames of this.sockets[channel]) {
        const message = this.signer.decode(frames);
        const parent = message.parentHeader?.msg_id ?? "";
        if (channel === "iopub") this.#outputs.get(parent)?.(message);
        else if (channel !== "stdin") this.#replies.get(parent)?.resolve(message);
        else this.#answer(message);
      }
    } catch {
      // A killed kernel resets its connections.
    }
  }

  #answer(question: Message): void {
    const value = this.answer?.(String(question.content.prompt));
    if (value === undefined) return;
    const reply = createMessage("input_reply", { status: "ok", value }, {
      session: this.#session,
      version: "5.3",
      parent: question,
      identities: [],
    });
    this.sockets.stdin.send(this.signer.encode(reply));
  }
}

/** What a promise resolves to, or `undefined` when that takes too long. */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) =>
    timer = setTimeout(() => resolve(undefined), limitMs)
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs = 5_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`Not so after ${limitMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process exists and isn't merely waiting to be reaped. */
export async function isAlive(pid: number): Promise<boolean> {
  if (Deno.build.os === "linux") {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    return stat !== "" && !/\) [ZX] /.test(stat);
  }
  const { success } = await new Deno.Command("ps", {
    args: ["-p", String(pid)],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** The text of all `stream` outputs of one name. */
export function printed(outputs: readonly Message[], name = "stdout"): string {
  return outputs.filter(({ header, content }) =>
    header.msg_type === "stream" && content.name === name
  ).map(({ content }) => content.text).join("");
}

/** The traceback of the first `error` output, without colours. */
export function errorText(outputs: readonly Message[]): string {
  const error = outputs.find(({ header }) => header.msg_type === "error");
  if (!error) throw new Error(`No error among ${outputs.map((each) => each.header.msg_type)}`);
  // deno-lint-ignore no-control-regex
  return (error.content.traceback as string[]).join("\n").replace(/\x1b\[\d+m/g, "");
}
