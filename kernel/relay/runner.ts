/**
 * Runs cells in a child, one at a time, and always has a child for the next one.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import { Answers } from "./answers.ts";
import type { Cell, CellEnd } from "./cell.ts";
import { Child } from "./child.ts";
import type { CommExtra } from "./comms.ts";
import type { Failure } from "./failure.ts";
import type { FramePayload } from "./frames.ts";
import { log } from "./log.ts";
import { heapMegabytes, MemoryGuard, type MemoryLimit } from "./memory.ts";
import { RecentCells } from "./recent_cells.ts";
import { spawnChild, type SpawnedChild } from "./spawn.ts";
import { stopCell } from "./stop.ts";
import { originOf } from "./traceback.ts";

/** What a runner tells the kernel. */
export interface RunnerEvents {
  /** An error that no code of the cell caught: a rejection, a timer. */
  onUncaught(cell: Cell, failure: Failure): void;
  /** The cell wants a line of input. */
  onQuestion(cell: Cell, prompt: string, password: boolean): void;
  /** The cell says something on a comm. */
  onComm(cell: Cell, type: string, content: JsonObject, extra: CommExtra): void;
  /** The cell takes comms that the front-end opens under this name. */
  onCommTarget(cell: Cell, target: string): void;
  /** The process that ran the cells has ended. */
  onChildLost(): void;
}

/** What the child is told about a cell. */
export interface RunOptions {
  /** Whether the value is shown. */
  readonly show: boolean;
  /** Expressions to evaluate afterwards, by name, rewritten. */
  readonly expressions: Record<string, string>;
}

const START_ATTEMPTS = 3;
const ANSWER_MS = 1_000;
/** What an idle machine needs to begin a cell, generously. */
const USUAL_DELAY_MS = 20;
const MOST_PATIENCE = 8;

/** Owns the child. */
export class CellRunner {
  readonly #events: RunnerEvents;
  readonly #limit: MemoryLimit;
  readonly #memory: MemoryGuard;
  readonly #cells = new RecentCells();
  readonly #answers = new Answers();
  #child: Child;
  #current: Cell | undefined;
  #stopping: Promise<void> | undefined;
  #asking = false;
  #options: RunOptions = { show: true, expressions: {} };
  /** Whether the current cell has reached the child. */
  #begun = false;
  /** How many children in a row didn't come to life; another program may have taken a port. */
  #failedStarts = 0;
  #handedOver = 0;
  /** How long the child took to begin the last cell (milliseconds): how busy the machine is. */
  #delay = 0;
  /** What happened to a child between two cells, to be told by the next. */
  #obituary: string | undefined;
  #closing = false;
  #endReason: string | undefined;

  /**
   * Takes over the first child; later ones it starts itself.
   *
   * @param limit How much memory a child may take.
   */
  constructor(events: RunnerEvents, limit: MemoryLimit, first: SpawnedChild) {
    this.#events = events;
    this.#limit = limit;
    this.#memory = new MemoryGuard(limit, {
      onWarning: (text) => this.#current?.outputs.stream("stderr", text),
      onLimit: (reason) => {
        this.#endReason = reason;
        void this.#child.kill();
      },
    });
    this.#child = this.#adopt(first);
  }

  /** The process that runs the cells. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Runs a cell; resolves with how it ended. All its outputs have been handed on by then. */
  async run(cell: Cell, options: RunOptions): Promise<CellEnd> {
    await this.#stopping;
    this.#cells.add(cell);
    this.#current = cell;
    this.#options = options;
    cell.start();
    try {
      this.#start(cell);
      return await cell.ended;
    } finally {
      this.#memory.rest();
      this.#current = undefined;
      this.#asking = false;
      this.#begun = false;
    }
  }

  /** Stops the running cell, if there is one. */
  async stop(): Promise<void> {
    const cell = this.#current;
    if (!cell) return;
    const child = this.#child;
    if (!child.listens) {
      child.call("interrupt", cell.id); // It will find the cell stopped before it could begin.
      cell.stop();
      cell.finish({ kind: "stopped" });
      return;
    }
    this.#stopping ??= (async () => {
      if (this.#asking) child.refuseAnswer("stop");
      await stopCell(cell, {
        interrupt: () => child.call("interrupt", cell.id),
        turns: (milliseconds) => this.#turns(child, milliseconds),
        terminate: () => child.terminate(),
        kill: () => {
          this.#endReason = "it was busy in native code, which can't be stopped any other way";
          void child.kill();
        },
      }, patienceFor(this.#delay));
    })().finally(() => this.#stopping = undefined);
    await this.#stopping;
  }

  /** Answers the running cell's question. */
  answer(value: string): void {
    if (!this.#asking) return;
    this.#asking = false;
    this.#child.answer(value);
  }

  /** Ends the running cell's question without an answer. */
  refuseAnswer(): void {
    this.#asking = false;
    this.#child.refuseAnswer("nobody");
  }

  /** The names that may follow a path, see `prelude/complete.ts`. */
  async complete(path: readonly string[]): Promise<string[]> {
    return (await this.#ask("complete", path) ?? []) as string[];
  }

  /** A few words about what a path leads to. */
  async describe(path: readonly string[]): Promise<string | undefined> {
    return (await this.#ask("describe", path) ?? undefined) as string | undefined;
  }

  /** Loads modules again when they are imported next, see `prelude/reload.ts`. */
  async loadAnew(versions: Readonly<Record<string, number>>): Promise<void> {
    await this.#ask("loadAnew", versions);
  }

  /** Ends the child. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#memory.rest();
    await this.#child.kill();
  }

  /** Hands a cell to the child; to a fresh one if the last is gone. */
  #start(cell: Cell): void {
    if (this.#child.exited) {
      this.#failedStarts = 0;
      this.#child = this.#spawn();
    }
    if (this.#obituary) {
      cell.outputs.stream(
        "stderr",
        `Since the last cell, the process that runs your cells has ended: ${this.#obituary}. All ` +
          "variables are gone. This cell runs in a fresh process.\n",
      );
      this.#obituary = undefined;
    }
    this.#handedOver = performance.now();
    this.#child.call("run", {
      cell: cell.id,
      script: cell.rewritten.script,
      name: cell.script,
      showUndefined: cell.rewritten.showUndefined,
      ...this.#options,
    });
    this.#memory.watch(this.#child.pid);
  }

  #spawn(): Child {
    return this.#adopt(spawnChild(heapMegabytes(this.#limit)));
  }

  #adopt(spawned: SpawnedChild): Child {
    const child: Child = Child.adopt(spawned, {
      onMessage: (payload) => this.#receive(payload),
      onText: (stream, text) => this.#current?.outputs.stream(stream, text),
      onQuestion: (prompt, password) => {
        this.#asking = true;
        if (this.#current) this.#events.onQuestion(this.#current, prompt, password);
        else this.refuseAnswer();
      },
      onExit: (reason, lastWords, wasReady) => {
        if (this.#closing || child !== this.#child) return;
        this.#failedStarts = wasReady ? 0 : this.#failedStarts + 1;
        const hopeless = this.#failedStarts >= START_ATTEMPTS;
        const why = hopeless
          ? `it could not be started, ${START_ATTEMPTS} times in a row (${reason}): ${lastWords}`
          : this.#endReason ?? reason;
        const end = { kind: "lost", reason: why, lastWords } as const;
        this.#endReason = undefined;
        log("lost", why, lastWords);
        this.#events.onChildLost();
        // One that can't even start is tried again when the next cell needs it.
        if (!hopeless) this.#child = this.#spawn();
        const cell = this.#current;
        if (cell && (this.#begun || hopeless || cell.state === "stopping")) cell.finish(end);
        else {
          if (wasReady) this.#obituary = reason;
          if (cell) this.#start(cell);
        }
      },
    });
    return child;
  }

  #receive([kind, id, ...values]: FramePayload): void {
    if (kind === "answer") {
      const [question, value] = values as [number, unknown];
      this.#answers.settle(question, value);
      return;
    }
    const cell = this.#cells.get(id);
    if (!cell) {
      log("no cell for", kind, id);
      return;
    }
    switch (kind) {
      case "begun":
        this.#begun = true;
        this.#delay = performance.now() - Math.max(this.#handedOver, this.#child.readyAt);
        break;
      case "stream": {
        const [name, text] = values as ["stdout" | "stderr", string];
        cell.outputs.stream(name, text);
        break;
      }
      case "broadcast": {
        const [type, content, metadata, buffers] = values as [
          string,
          JsonObject,
          JsonObject,
          string[],
        ];
        const extra = {
          metadata,
          buffers: buffers.map((buffer) => Uint8Array.fromBase64(buffer)),
        };
        if (type.startsWith("comm_")) this.#events.onComm(cell, type, content, extra);
        else cell.outputs.output(type, content, extra);
        break;
      }
      case "target":
        this.#events.onCommTarget(cell, values[0] as string);
        break;
      case "result":
        cell.outputs.result(cell.count, values[0] as JsonObject);
        break;
      case "uncaught":
        this.#uncaught(cell, values[0] as Failure);
        break;
      case "done": {
        const [end, expressions] = values as [CellEnd, JsonObject];
        if (end.kind === "value") cell.finish({ kind: "value", expressions });
        else if (end.kind === "failure" && isForcedEnd(cell, end.failure)) {
          cell.finish({ kind: "stopped" });
        } else cell.finish(end);
        break;
      }
    }
  }

  #uncaught(cell: Cell, failure: Failure): void {
    if (isForcedEnd(cell, failure)) return;
    const script = originOf(failure);
    this.#events.onUncaught(script && this.#cells.ofScript(script) || cell, failure);
  }

  async #ask(question: string, about: unknown): Promise<unknown> {
    const child = this.#child;
    await child.ready;
    return await this.#answers.ask(ANSWER_MS, (number) => child.call(question, number, about));
  }

  /** Whether the child's event loop answers within a time. */
  async #turns(child: Child, milliseconds: number): Promise<boolean> {
    return await this.#answers.ask(milliseconds, (number) => child.call("turn", number)) === true;
  }
}

/**
 * How much longer than on an idle machine a Stop has to wait for answers.
 *
 * @param delay How long the child took to begin the running cell (milliseconds).
 */
export function patienceFor(delay: number): number {
  return Math.min(MOST_PATIENCE, Math.max(1, delay / USUAL_DELAY_MS));
}

/** What a Stop ends by force arrives, in a timer or a promise, as an error without content. */
function isForcedEnd(cell: Cell, failure: Failure): boolean {
  return cell.state === "stopping" && failure.name === "Uncaught" && failure.message === "null";
}
