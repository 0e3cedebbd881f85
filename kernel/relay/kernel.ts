/**
 * The kernel: takes requests in turn, answers them, and lets the runner run the cells.
 *
 * @module
 */
import type { JsonObject, Message } from "../wire/mod.ts";
import { OutputGate } from "../language/gate.ts";
import { Language } from "../language/mod.ts";
import { Cell, scriptName } from "./cell.ts";
import { CellErrors } from "./cell_errors.ts";
import { Comms, handlerCell, joinWaiting } from "./comms.ts";
import type { ConnectionInfo } from "./connection_file.ts";
import { type Channel, FrontEnd } from "./front_end.ts";
import { History } from "./history.ts";
import { log } from "./log.ts";
import type { MemoryLimit } from "./memory.ts";
import { CellOutputs } from "./outputs.ts";
import { CellSyntaxError } from "./rewrite/syntax_error.ts";
import { CellRunner } from "./runner.ts";
import { failureOf } from "./endings.ts";
import { kernelInfo } from "./kernel_info.ts";
import type { SpawnedChild } from "./spawn.ts";

/** The module that turns cells into scripts. */
export type Rewriter = typeof import("./rewrite/mod.ts");

/** What is asked while a cell is written. It is answered at once, whatever runs. */
const ASKED_IN_WRITING = new Set(["complete_request", "inspect_request"]);

interface Queued {
  message: Message;
  aborted: boolean;
}

/** A running kernel. */
export class Kernel {
  readonly #frontEnd: FrontEnd;
  readonly #runner: CellRunner;
  readonly #comms: Comms;
  readonly #language: Language;
  readonly #rewriter: Promise<Rewriter>;
  readonly #history = new History();
  readonly #errors = new CellErrors();
  readonly #closed = Promise.withResolvers<void>();
  readonly #queue: Queued[] = [];
  /** Of the cell that runs. */
  #gate: OutputGate | undefined;
  #working = false;
  /** What is being done in turn. */
  #current: Message | undefined;
  #count = 0;
  #number = 0;
  /** How many Stops there were: one may come before the cell runs. */
  #stops = 0;

  /**
   * Starts listening.
   *
   * @param connection Where.
   * @param limit How much memory the child may take.
   * @param child The first child, which is starting.
   * @param loadRewriter Loads what turns cells into scripts.
   */
  constructor(
    connection: ConnectionInfo,
    limit: MemoryLimit,
    child: SpawnedChild,
    loadRewriter: () => Promise<Rewriter>,
  ) {
    this.#frontEnd = new FrontEnd(connection, (channel, message) => {
      this.#receive(channel, message);
    });
    this.#comms = new Comms(this.#frontEnd, (owner, message) => this.#handOver(owner, message));
    this.#runner = new CellRunner(
      {
        onUncaught: (cell, failure) => cell.outputs.output("error", this.#errors.render(failure)),
        onQuestion: (cell, prompt, password) => {
          const canAsk = !cell.isHandler && cell.request.content.allow_stdin !== false;
          if (!canAsk) this.#runner.refuseAnswer();
          else {
            cell.outputs.flush();
            this.#gate?.open();
            this.#frontEnd.ask(prompt, password, cell.request);
          }
        },
        onComm: (cell, type, content, extra) => this.#comms.sent(cell, type, content, extra),
        onCommTarget: (cell, target) => this.#comms.register(target, cell),
        onChildLost: () => {
          this.#comms.closeAll();
          this.#language.forget();
        },
      },
      limit,
      child,
    );
    this.#language = new Language(this.#runner, Deno.env.get("TUNEBOOK_TYPES") !== "off");
    this.#rewriter = loadRewriter();
    this.#frontEnd.publish("status", { execution_state: "starting" }, undefined);
  }

  /** Resolves when the kernel was asked to end and has ended. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Stops the running cell, and drops those that wait. */
  async interrupt(): Promise<void> {
    this.#stops++;
    this.#abortQueue();
    await this.#runner.stop();
  }

  /** Ends the child and the conversation. */
  async close(): Promise<void> {
    await Promise.all([this.#runner.close(), this.#language.close()]);
    await this.#frontEnd.close();
    this.#closed.resolve();
  }

  #receive(channel: Channel, message: Message): void {
    if (channel === "stdin") {
      if (message.header.msg_type === "input_reply") {
        this.#runner.answer(String(message.content.value ?? ""));
      }
    } else if (channel === "control") {
      void this.#handle("control", message);
    } else if (this.#current && ASKED_IN_WRITING.has(message.header.msg_type)) {
      void this.#answerAside(message);
    } else {
      const replaced = joinWaiting(this.#queue, message);
      if (!replaced) this.#queue.push({ message, aborted: false });
      else for (const state of ["busy", "idle"] as const) this.#status(state, replaced);
      void this.#work();
    }
  }

  /** One request at a time, in order. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#current = next.message;
      await this.#handle("shell", next.message, next.aborted);
    }
    this.#working = false;
  }

  /** Answers while something else is being done. */
  async #answerAside(message: Message): Promise<void> {
    await this.#handle("shell", message);
    // The kernel would pass for idle.
    if (this.#current) this.#status("busy", this.#current);
  }

  async #handle(channel: Channel, message: Message, aborted = false): Promise<void> {
    this.#status("busy", message);
    try {
      const content = aborted
        ? { status: "aborted", execution_count: this.#count }
        : await this.#answer(message);
      if (content) this.#frontEnd.reply(channel, message, content);
    } catch (error) {
      log("failed", message.header.msg_type, String((error as Error).stack));
      const { name, message: evalue } = error as Error;
      const content = { status: "error", ename: name, evalue, traceback: [] };
      this.#frontEnd.reply(channel, message, content);
    }
    if (this.#current === message) this.#current = undefined;
    this.#status("idle", message);
    if (message.header.msg_type === "shutdown_request") {
      await this.#frontEnd.drain();
      await this.close();
    }
  }

  #status(state: "busy" | "idle", parent: Message): void {
    this.#frontEnd.publish("status", { execution_state: state }, parent);
  }

  async #answer(message: Message): Promise<JsonObject | undefined> {
    const { content } = message;
    switch (message.header.msg_type) {
      case "kernel_info_request":
        return kernelInfo();
      case "execute_request":
        return await this.#execute(message);
      case "is_complete_request":
        return {
          ...await (await this.#rewriter).isComplete(
            await this.#language.withoutMagics(String(content.code)),
          ),
        };
      case "complete_request":
        return await this.#language.complete(String(content.code), Number(content.cursor_pos));
      case "inspect_request":
        return await this.#language.inspect(String(content.code), Number(content.cursor_pos));
      case "history_request":
        return { status: "ok", history: this.#history.find(content) };
      case "comm_info_request":
        return this.#comms.info(content.target_name);
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        await this.#comms.receive(message);
        return undefined;
      case "interrupt_request":
        await this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        await this.#runner.close();
        this.#comms.closeAll();
        return { status: "ok", restart: content.restart === true };
      default:
        return undefined; // What later protocols may bring.
    }
  }

  async #execute(request: Message): Promise<JsonObject> {
    const { content } = request;
    const code = String(content.code);
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false;
    if (stored) this.#history.add(++this.#count, code);
    const number = ++this.#number;
    const stops = this.#stops;
    const gate = this.#gate = new OutputGate(this.#frontEnd, request);
    const outputs = new CellOutputs(gate, request, this.#errors.translate);
    if (!silent) {
      this.#frontEnd.publish("execute_input", { code, execution_count: this.#count }, request);
    }
    let error: JsonObject | undefined;
    let expressions: JsonObject = {};
    try {
      const { rewrite, rewriteExpressions } = await this.#rewriter;
      const prepared = await this.#language.prepare(code, outputs);
      const rewritten = await rewrite(prepared.code, scriptName(number));
      const { placeOf } = rewritten;
      this.#errors.remember(scriptName(number), { count: this.#count, code, placeOf });
      const cell = new Cell(number, this.#count, request, code, rewritten, outputs);
      const check = this.#language.check({
        ...{ code: prepared.written, number, count: this.#count },
      });
      if (!silent) gate.await(check);
      const began = performance.now();
      const options = {
        show: !silent,
        expressions: await rewriteExpressions(content.user_expressions),
      };
      const end = this.#stops === stops
        ? await this.#runner.run(cell, options)
        : { kind: "stopped" } as const;
      prepared.onEnd?.(performance.now() - began, end.kind !== "value");
      if (end.kind === "value") expressions = this.#errors.ofExpressions(end.expressions);
      else error = this.#errors.render(failureOf(end));
    } catch (thrown) {
      if (!(thrown instanceof CellSyntaxError)) throw thrown;
      error = this.#errors.ofSyntax(thrown, code, this.#count);
    }
    if (error) outputs.output("error", error);
    outputs.finish();
    await gate.opened();
    if (stored && outputs.shownValue !== undefined) this.#history.setOutput(outputs.shownValue);
    const base = { execution_count: this.#count, user_expressions: expressions, payload: [] };
    if (!error) return { status: "ok", ...base };
    if (content.stop_on_error !== false) this.#abortQueue();
    return { status: "error", ...base, ...error };
  }

  /** Runs what listens to a comm; its outputs belong to the cell that made the control. */
  async #handOver(owner: Cell, message: Message): Promise<void> {
    const cell = handlerCell(++this.#number, owner, message);
    const end = await this.#runner.run(cell, { show: false, expressions: {} });
    if (end.kind !== "value") owner.outputs.output("error", this.#errors.render(failureOf(end)));
    owner.outputs.flush();
  }

  /** What waits when a cell fails was written expecting it not to. */
  #abortQueue(): void {
    for (const queued of this.#queue) {
      if (queued.message.header.msg_type === "execute_request") queued.aborted = true;
    }
  }
}
