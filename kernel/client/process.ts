import { within } from "./within.ts";

/** How a process ended. */
export type Exit = Pick<Deno.CommandStatus, "code" | "signal">;

/** How to start a process. */
export interface SpawnOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** Environment variables added to ours. */
  readonly env: Readonly<Record<string, string>>;
}

const KEPT_LINES = 20;

/**
 * A kernel's process: our own child, whose last words on stderr are kept. Only this child is ever
 * signalled, by the handle we hold.
 */
export class KernelProcess {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stderr: Promise<void>;
  #lines: string[] = [];
  #running = true;
  /** Resolves when the process has ended and its stderr was read. */
  readonly exited: Promise<Exit>;

  /**
   * Starts the process.
   *
   * @throws {Deno.errors.NotFound} When the program doesn't exist.
   */
  constructor(argv: readonly string[], options: SpawnOptions) {
    const [program = "", ...args] = argv;
    this.#child = new Deno.Command(program, {
      args,
      cwd: options.cwd,
      env: { ...options.env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#reader = this.#child.stderr.getReader();
    this.#stderr = this.#readStderr();
    this.exited = this.#wait();
  }

  /** The process's id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** False once the process has ended. */
  get running(): boolean {
    return this.#running;
  }

  /** The last lines the process wrote to stderr. */
  get lastWords(): string {
    return this.#lines.join("\n").trim();
  }

  /** Sends a signal, unless the process has ended. */
  signal(signal: Deno.Signal): void {
    if (!this.#running) return;
    try {
      this.#child.kill(signal);
    } catch {
      // It ended this very moment.
    }
  }

  /**
   * Waits for the end, then asks for it, then forces it.
   *
   * @param waitMs How long the process may take to end by itself.
   * @param termMs How long it may take after SIGTERM.
   */
  async stop(waitMs: number, termMs = 1000): Promise<Exit> {
    if (await this.#endsWithin(waitMs)) return this.exited;
    this.signal("SIGTERM");
    if (!await this.#endsWithin(termMs)) this.signal("SIGKILL");
    return this.exited;
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    return !this.#running || await within(this.#child.status, milliseconds) !== undefined;
  }

  async #wait(): Promise<Exit> {
    const { code, signal } = await this.#child.status;
    this.#running = false;
    // A grandchild may hold the other end of stderr open for longer than we want to wait.
    await within(this.#stderr, 500);
    await this.#reader.cancel();
    return { code, signal };
  }

  async #readStderr(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (let read = await this.#reader.read(); !read.done; read = await this.#reader.read()) {
      const lines = (rest + decoder.decode(read.value, { stream: true })).split("\n");
      // A line without an end is cut, not collected without limit.
      rest = lines.pop()!.slice(-2000);
      this.#keep(lines);
    }
    this.#keep([rest]);
  }

  #keep(lines: readonly string[]): void {
    // Deno says this at every start of its kernel; it explains nothing.
    const telling = lines.filter((line) => !line.includes('"deno jupyter" is unstable'));
    this.#lines = [...this.#lines, ...telling].slice(-KEPT_LINES);
  }
}
