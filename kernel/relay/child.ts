/**
 * The stock `deno jupyter` process that runs the cells. Commands go in by its own signed shell and
 * control sockets; everything comes back through a pipe that only we hold.
 *
 * @module
 */
import { createMessage, type JsonObject, Signer, ZmtpConnection } from "../wire/mod.ts";
import type { ConnectionInfo } from "./connection_file.ts";
import { type FramePayload, FrameReader } from "./frames.ts";
import { log } from "./log.ts";
import type { SpawnedChild } from "./spawn.ts";
import { openOutputPipe, type OutputPipe } from "./output_pipe.ts";

/** What the child tells. */
export interface ChildEvents {
  /** A message of the prelude. */
  onMessage(payload: FramePayload): void;
  /** Something printed by native code, or by Deno itself. */
  onText(stream: "stdout" | "stderr", text: string): void;
  /** A prompt waits for an answer. */
  onQuestion(prompt: string, password: boolean): void;
  /** The process has ended, by itself or by {@linkcode Child.kill}. */
  onExit(reason: string, lastWords: string, wasReady: boolean): void;
}

const START_MS = 30_000;
/** Somebody may be waiting for the first result. */
const RETRY_MS = 2;
const LAST_OUTPUT_MS = 500;
const LAST_WORDS = 8_000;
const NOISE = /^(?:Warning "deno jupyter"|\S{0,12}(?:Download|Initialize)\S{0,6} ).*\n?/gm;
const PRELUDE = new URL("./prelude/main.ts", import.meta.url).href;

/** A running child. */
export class Child {
  readonly #process: Deno.ChildProcess;
  readonly #connection: ConnectionInfo;
  readonly #pipe: OutputPipe;
  readonly #file: string;
  readonly #signer: Signer;
  readonly #events: ChildEvents;
  readonly #session = crypto.randomUUID();
  /** Begins with a character that hardly anything prints, which makes it quick to find. */
  readonly #token = `\x1f${crypto.randomUUID()}`;
  readonly #words = { stop: crypto.randomUUID(), nobody: crypto.randomUUID() };
  readonly #ready = Promise.withResolvers<void>();
  #shell: ZmtpConnection | undefined;
  #control: ZmtpConnection | undefined;
  #stdin: ZmtpConnection | undefined;
  #lastWords = "";
  readonly #end = new AbortController();
  #booted = false;
  #readyAt = 0;
  /** Calls from before the child listened. */
  readonly #early: string[] = [];

  private constructor(
    { process, connection, file }: SpawnedChild,
    pipe: OutputPipe,
    events: ChildEvents,
  ) {
    this.#process = process;
    this.#pipe = pipe;
    this.#connection = connection;
    this.#file = file;
    this.#signer = new Signer(connection.key);
    this.#events = events;
    this.#ready.promise.catch(() => {}); // A death before the first cell is told by onExit.
    void this.#watch(Promise.all([this.#readStdout(), this.#readStderr()]));
  }

  /** Takes over a process; {@linkcode ready} tells when it takes cells. */
  static adopt(spawned: SpawnedChild, events: ChildEvents): Child {
    const child = new Child(spawned, openOutputPipe(Deno.build.os), events);
    void child.#boot();
    return child;
  }

  /** The process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when the prelude is in place. @throws When the child died before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** When the prelude was in place, by `performance.now()`; 0 before. */
  get readyAt(): number {
    return this.#readyAt;
  }

  /** Whether calls reach it one by one; until then, all are made in one go. */
  get listens(): boolean {
    return this.#shell !== undefined;
  }

  /** Whether the process has ended. */
  get exited(): boolean {
    return this.#end.signal.aborted;
  }

  /**
   * Calls a function of the prelude's `__kernel`; answers come as messages. A child that is still
   * starting is called as soon as the prelude is in place.
   */
  call(name: string, ...values: unknown[]): void {
    const code = `__kernel.${name}(${values.map((value) => JSON.stringify(value)).join(", ")})`;
    if (this.#shell) this.#execute(code);
    else this.#early.push(code);
  }

  /** Ends whatever JavaScript now runs. When none does, the next to run is ended: ask first. */
  terminate(): void {
    this.#send(this.#control, "interrupt_request", {});
  }

  /** Answers a prompt. */
  answer(value: string): void {
    this.#send(this.#stdin, "input_reply", { status: "ok", value });
  }

  /** Ends a prompt without an answer: because of a Stop, or because there is nobody to ask. */
  refuseAnswer(why: "stop" | "nobody"): void {
    this.answer(this.#words[why]);
  }

  /** Ends the process at once; resolves when it's gone. */
  async kill(): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // Already gone.
    }
    // Not left to the boot that is cut short: we may end ourselves right after this.
    removeIfThere(this.#file);
    await this.#process.status;
  }

  async #boot(): Promise<void> {
    try {
      const retryUntil = AbortSignal.any([AbortSignal.timeout(START_MS), this.#end.signal]);
      // A ROUTER tells its clients apart by identity: questions go to who asked for the run.
      const identity = this.#session;
      const connect = (type: "DEALER", port: number) =>
        ZmtpConnection.connect({ type, port, identity, retryUntil, retryMs: RETRY_MS });
      const { shell_port, control_port, stdin_port } = this.#connection;
      [this.#shell, this.#control, this.#stdin] = await Promise.all([
        connect("DEALER", shell_port),
        connect("DEALER", control_port),
        connect("DEALER", stdin_port),
      ]);
      void discard(this.#shell);
      void discard(this.#control);
      void this.#readQuestions(this.#stdin);
      log("child", "connected");
      const options = {
        token: this.#token,
        channel: this.#pipe.path,
        words: this.#words,
      };
      const boot = `(await import(${JSON.stringify(PRELUDE)})).boot(${JSON.stringify(options)})`;
      // In one go with a first cell that waits already: every request costs the child a few ms.
      this.#execute([boot, ...this.#early].join(";"));
    } catch (error) {
      log("boot failed", String(error));
      if (!this.exited) await this.kill();
    } finally {
      await this.#ready.promise.catch(() => {});
      removeIfThere(this.#file);
    }
  }

  #execute(code: string): void {
    this.#send(this.#shell, "execute_request", {
      code,
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: false,
    });
  }

  #send(socket: ZmtpConnection | undefined, type: string, content: JsonObject): void {
    if (!socket || socket.closed) return;
    const message = createMessage(type, content, { session: this.#session, version: "5.3" });
    socket.send(this.#signer.encode(message));
  }

  async #readQuestions(stdin: ZmtpConnection): Promise<void> {
    for await (const frames of stdin) {
      const { header, content } = this.#signer.decode(frames);
      if (header.msg_type !== "input_request") continue;
      this.#events.onQuestion(String(content.prompt ?? ""), content.password === true);
    }
  }

  async #readStdout(): Promise<void> {
    const decoder = new TextDecoder();
    const reader = new FrameReader(
      this.#token,
      (payload) => {
        if (payload[0] !== "ready") return this.#events.onMessage(payload);
        log("child", "ready");
        this.#booted = true;
        this.#readyAt = performance.now();
        this.#ready.resolve();
      },
      (bytes) => this.#events.onText("stdout", decoder.decode(bytes, { stream: true })),
    );
    this.#pipe.onData((bytes) => reader.push(bytes));
    for await (const bytes of this.#process.stdout) reader.push(bytes);
  }

  async #readStderr(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#process.stderr) {
      const text = decoder.decode(bytes, { stream: true }).replace(NOISE, "");
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
      if (text.trim() !== "") this.#events.onText("stderr", text);
    }
  }

  async #watch(read: Promise<unknown>): Promise<void> {
    const status = await this.#process.status;
    this.#end.abort();
    this.#process.stdin.close().catch(() => {}); // Lets the guard of `command.ts` go, too.
    // Its last outputs come first. A program it started may hold the pipe open for ever.
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, LAST_OUTPUT_MS))]);
    this.#pipe.close();
    for (const socket of [this.#shell, this.#control, this.#stdin]) socket?.close();
    const reason = status.signal ? `signal ${status.signal}` : `exit code ${status.code}`;
    log("child ended", reason);
    this.#ready.reject(new Error(`Expected a Deno kernel to start, found its end: ${reason}`));
    this.#events.onExit(reason, this.#lastWords, this.#booted);
  }
}

async function discard(socket: ZmtpConnection): Promise<void> {
  try {
    for await (const _ of socket);
  } catch (error) {
    log("socket failed", String(error));
  }
}

function removeIfThere(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
