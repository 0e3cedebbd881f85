/**
 * A cell, from its request to its end.
 *
 * @module
 */
import type { JsonObject, Message } from "../wire/mod.ts";
import type { Failure } from "./failure.ts";
import type { CellOutputs } from "./outputs.ts";
import type { RewrittenCell } from "./rewrite/mod.ts";

/** How a cell ended. */
export type CellEnd =
  | { readonly kind: "value"; readonly expressions: JsonObject }
  | { readonly kind: "failure"; readonly failure: Failure }
  /** By Stop, its variables kept. */
  | { readonly kind: "stopped" }
  /** With the process that ran it. */
  | { readonly kind: "lost"; readonly reason: string; readonly lastWords: string };

/** Where a cell is: `waiting → running → stopping → ended`, any of which may lead to `ended`. */
export type CellState = "waiting" | "running" | "stopping" | "ended";

const NEXT: Record<CellState, readonly CellState[]> = {
  waiting: ["running", "ended"],
  running: ["stopping", "ended"],
  stopping: ["ended"],
  ended: [],
};

/** One execution of one cell. */
export class Cell {
  readonly #end = Promise.withResolvers<CellEnd>();
  #state: CellState = "waiting";

  /**
   * @param number Counts all executions, silent ones included.
   * @param count What the front-end shows as `[n]`.
   * @param request The request.
   * @param code The cell as it was written.
   * @param rewritten The cell as it is run.
   * @param outputs Where its outputs go, now and after it has ended.
   * @param isHandler Whether it is no cell of the notebook's but takes a message for one.
   */
  constructor(
    readonly number: number,
    readonly count: number,
    readonly request: Message,
    readonly code: string,
    readonly rewritten: RewrittenCell,
    readonly outputs: CellOutputs,
    readonly isHandler = false,
  ) {}

  /** The cell's name in the child. */
  get id(): string {
    return `c${this.number}`;
  }

  /** What V8 calls the cell's script. */
  get script(): string {
    return scriptName(this.number);
  }

  /** Where the cell is. */
  get state(): CellState {
    return this.#state;
  }

  /** Resolves when the cell has ended. */
  get ended(): Promise<CellEnd> {
    return this.#end.promise;
  }

  /** The child was told to run it. */
  start(): void {
    this.#move("running");
  }

  /** A Stop is under way. @returns false when there was nothing to stop. */
  stop(): boolean {
    return this.#state === "running" && this.#move("stopping");
  }

  /** Ends the cell; of several ends the first counts. */
  finish(end: CellEnd): void {
    if (this.#state === "ended") return;
    this.#move("ended");
    this.#end.resolve(end);
  }

  #move(state: CellState): boolean {
    if (!NEXT[this.#state].includes(state)) {
      throw new Error(`A cell that is ${this.#state} can't be ${state}`);
    }
    this.#state = state;
    return true;
  }
}

/** What V8 calls the script of a cell. */
export function scriptName(number: number): string {
  return `cell_${number}.ts`;
}
