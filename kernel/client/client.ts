import type { JsonObject, Message } from "../wire/mod.ts";
import { explainFailure, lineInCell } from "./explain.ts";
import { interruptModeOn, type Kernelspec } from "./kernelspec.ts";
import { KernelDiedError, launch, type LaunchedKernel } from "./launch.ts";
import { type ErrorOutput, errorOutput, type Output } from "./outputs.ts";
import { FENCE_CODE, type OnOutput, OutputRouter, type RoutedCell } from "./router.ts";
import { within } from "./within.ts";

/** How to start a kernel. */
export interface StartOptions {
  /** The kernel, from {@linkcode findKernelspec}. */
  readonly kernelspec: Kernelspec;
  /** The folder it runs in, where relative imports start. Default: ours. */
  readonly cwd?: string;
  /** Environment variables added to ours and the kernelspec's. Colours are off by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to answer for the first time. Default 60,000 ms. */
  readonly startMs?: number;
}

/** How to run a cell. */
export interface ExecuteOptions {
  /** The cell's time limit; without it, none. */
  readonly limitMs?: number;
  /** Called when an output arrived or changed, with all outputs so far. */
  readonly onOutput?: OnOutput;
}

/** How a cell ended. */
export interface Execution {
  /** `timeout`: it passed its time limit. `died`: the kernel ended under it. */
  readonly status: "ok" | "error" | "timeout" | "died";
  /** Everything the cell put out. Output that its timers make later is still added. */
  readonly outputs: Output[];
  /** What went wrong, unless `ok`. It is among the outputs, too. */
  readonly error?: ErrorOutput;
  /** The line of the cell (from 1) where it went wrong, if known. */
  readonly line?: number;
}

const INTERRUPT_GRACE_MS = 2000;
const SHUTDOWN_MS = 2000;

/**
 * A kernel of our own that runs one cell at a time and keeps every output with its cell.
 *
 * Deno's own kernel sends outputs late and under the next request's name, but in order: after each
 * cell a silent request broadcasts a marker, and all that arrives before it belongs to the cell.
 *
 * @example
 * ```ts
 * import { findKernelspec, KernelClient } from "./mod.ts";
 *
 * const kernel = await KernelClient.start({ kernelspec: await findKernelspec("stock") });
 * const { status, outputs } = await kernel.execute("console.log('hello')");
 * await kernel.shutdown();
 * if (status !== "ok" || outputs.length !== 1) throw new Error(JSON.stringify(outputs));
 * ```
 */
export class KernelClient implements AsyncDisposable {
  readonly #kernelspec: Kernelspec;
  readonly #kernel: LaunchedKernel;
  readonly #router: OutputRouter;
  readonly #questions: string[];
  #busy = false;

  private constructor(
    kernelspec: Kernelspec,
    kernel: LaunchedKernel,
    router: OutputRouter,
    questions: string[],
  ) {
    this.#kernelspec = kernelspec;
    this.#kernel = kernel;
    this.#router = router;
    this.#questions = questions;
    router.byArrival = kernel.info.implementation === "Deno kernel";
  }

  /**
   * Starts a kernel and waits until it is ready.
   *
   * @throws {KernelDiedError} When it can't be started or doesn't answer.
   */
  static async start(options: StartOptions): Promise<KernelClient> {
    const router = new OutputRouter();
    const questions: string[] = [];
    const handlers = {
      onOutput: (message: Message) => router.take(message),
      // There is nobody to ask. An empty answer lets the cell end; `execute` then reports it.
      onInput: (prompt: string) => {
        questions.push(prompt);
        return "";
      },
    };
    // Nobody writes cells here: the language server would only cost time.
    const env = { NO_COLOR: "1", TUNEBOOK_TYPES: "off", ...options.env };
    const spawn = { cwd: options.cwd ?? Deno.cwd(), env };
    const startMs = options.startMs ?? 60_000;
    const kernel = await launch(options.kernelspec, spawn, handlers, startMs);
    const client = new KernelClient(options.kernelspec, kernel, router, questions);
    // A kernel may answer before it can run cells; the first cell's time limit isn't for waiting.
    await within(client.#request("undefined", { silent: true }).reply.catch(() => {}), startMs);
    return client;
  }

  /** What the kernel says of itself (`kernel_info_reply`). */
  get info(): JsonObject {
    return this.#kernel.info;
  }

  /** The kernel's process id. */
  get pid(): number {
    return this.#kernel.process.pid;
  }

  /** Resolves to the reason when the kernel is gone. */
  get lost(): Promise<KernelDiedError> {
    return this.#kernel.lost;
  }

  /**
   * Runs a cell to its end, its time limit or the kernel's death: none of them throws.
   *
   * @throws {KernelDiedError} When the kernel is gone already.
   * @throws {Error} When another cell is still running.
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    if (!this.#kernel.process.running) throw await this.#kernel.lost;
    if (this.#busy) throw new Error("Expected one cell at a time, found one still running");
    this.#busy = true;
    this.#questions.length = 0;
    try {
      const { id, reply } = this.#request(code, { silent: false });
      const cell = this.#router.begin(id, options.onOutput ?? (() => {}));
      const end = await this.#end(this.#complete(cell, reply), options.limitMs);
      return await this.#report(code, cell.outputs.list, end);
    } finally {
      this.#busy = false;
    }
  }

  /** Asks the kernel to stop the running cell, by message or signal, as its kernelspec says. */
  interrupt(): void {
    const mode = interruptModeOn(this.#kernelspec, Deno.build.os);
    if (mode === "signal") this.#kernel.process.signal("SIGINT");
    else this.#kernel.channels.request("control", "interrupt_request", {});
  }

  /** Asks the kernel to end, waits two seconds, then ends it. */
  async shutdown(): Promise<void> {
    this.#kernel.channels.request("control", "shutdown_request", { restart: false });
    await this.#kernel.stop(SHUTDOWN_MS);
  }

  /** As {@linkcode KernelClient.shutdown}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  #request(code: string, { silent }: { silent: boolean }) {
    return this.#kernel.channels.request("shell", "execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: !silent,
      stop_on_error: !silent,
    });
  }

  async #complete(cell: RoutedCell, reply: Promise<Message>): Promise<JsonObject> {
    const [{ content }] = await Promise.all([reply, cell.idle]);
    if (!this.#router.byArrival) return content;
    const passed = this.#router.fence();
    // A cell that broke the `Deno` object breaks the fence: its failing is the end then.
    const failed = this.#request(FENCE_CODE, { silent: true }).reply.then((fence) =>
      fence.content.status === "ok" ? passed : undefined
    );
    await Promise.race([passed, failed]);
    cell.outputs.putEndingLast();
    return content;
  }

  /** The kernel's reply, or why there is none. */
  async #end(
    completed: Promise<JsonObject>,
    limitMs: number | undefined,
  ): Promise<JsonObject | KernelDiedError | number> {
    // A lost kernel rejects what it still owes; `lost` says why.
    const settled = Promise.race([completed.catch(() => this.#kernel.lost), this.#kernel.lost]);
    if (limitMs === undefined) return await settled;
    const end = await within(settled, limitMs);
    if (end !== undefined) return end;
    this.interrupt();
    // A kernel that doesn't heed the interrupt is ended.
    const heeded = await within(settled, INTERRUPT_GRACE_MS);
    if (heeded === undefined) await this.#kernel.stop(0);
    return limitMs;
  }

  async #report(
    code: string,
    outputs: Output[],
    end: JsonObject | KernelDiedError | number,
  ): Promise<Execution> {
    if (typeof end === "number") {
      const seconds = end / 1000;
      return fail("timeout", outputs, "TimeLimit", `The cell ran over its limit of ${seconds} s`);
    }
    if (end instanceof KernelDiedError) return fail("died", outputs, "KernelDied", end.message);
    if (this.#questions.length > 0) {
      const question = JSON.stringify(this.#questions[0]);
      const why = `The cell asks for input (${question}), and nobody is there to give it`;
      return fail("error", outputs, "InputRequested", why);
    }
    if (end.status === "ok") return { status: "ok", outputs };
    let error = outputs.findLast((output) => output.output_type === "error");
    if (!error) {
      const unexplained = this.#router.byArrival && end.evalue === "Execution failed";
      error = unexplained ? await explainFailure(code) : errorOutput(end);
      outputs.push(error);
    }
    const line = await lineInCell(code, error.traceback);
    // Our kernel outlives the process that runs its cells, and says so in an error of this name.
    const status = error.ename === "KernelDied" ? "died" : "error";
    return { status, outputs, error, ...(line === undefined ? {} : { line }) };
  }
}

function fail(
  status: Execution["status"],
  outputs: Output[],
  ename: string,
  evalue: string,
): Execution {
  const traceback = `${ename}: ${evalue}`.split("\n");
  const error: ErrorOutput = { output_type: "error", ename, evalue, traceback };
  outputs.push(error);
  return { status, outputs, error };
}
