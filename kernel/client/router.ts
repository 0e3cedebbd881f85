import type { Message } from "../wire/mod.ts";
import { CellOutputs, Displays, type Output } from "./outputs.ts";

/** The marker that {@linkcode FENCE_CODE} broadcasts. */
const FENCE = "tunebook_fence";

/** What Deno's kernel is asked to run after a cell, silently, to mark where its output ends. */
export const FENCE_CODE = `Deno.jupyter.broadcast("${FENCE}", {}); undefined`;

/** One cell on its way through a kernel. */
export interface RoutedCell {
  /** What it has put out so far. */
  readonly outputs: CellOutputs;
  /** Resolves when the kernel has said that it is done with it. */
  readonly idle: Promise<void>;
}

/**
 * Gives each output to its cell: by the request that the kernel names, or, for Deno's own kernel,
 * which names the wrong one, by order of arrival.
 */
export class OutputRouter {
  readonly #displays = new Displays();
  readonly #cells = new Map<string, { outputs: CellOutputs; onOutput: OnOutput }>();
  readonly #idle = new Map<string, () => void>();
  #newest = "";
  #onFence = () => {};
  /** Whether outputs belong to the newest cell, whatever request they name. */
  byArrival = false;

  /** Expects the outputs of the request `id`. */
  begin(id: string, onOutput: OnOutput): RoutedCell {
    const outputs = new CellOutputs(this.#displays);
    this.#cells.set(id, { outputs, onOutput });
    this.#newest = id;
    return { outputs, idle: new Promise((resolve) => this.#idle.set(id, resolve)) };
  }

  /** Resolves when the marker arrives, and with it all that was sent before. */
  fence(): Promise<void> {
    return new Promise((resolve) => this.#onFence = resolve);
  }

  /** Takes in a message from IOPub. */
  take(message: Message): void {
    const type = message.header.msg_type;
    const parent = message.parentHeader?.msg_id ?? "";
    if (type === FENCE) return this.#onFence();
    if (type === "status") {
      if (message.content.execution_state !== "idle") return;
      this.#idle.get(parent)?.();
      this.#idle.delete(parent);
      return;
    }
    const cell = this.#cells.get(this.byArrival ? this.#newest : parent);
    if (cell?.outputs.add({ type, content: message.content })) cell.onOutput(cell.outputs.list);
  }
}

/** Called when an output arrived or changed, with all outputs of its cell so far. */
export type OnOutput = (outputs: readonly Output[]) => void;
