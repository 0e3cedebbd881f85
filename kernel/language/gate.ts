/**
 * Holds a cell's outputs back for a moment, so that a warning comes before them.
 *
 * @module
 */
import type { JsonObject, Message } from "../wire/mod.ts";
import type { Publisher } from "../relay/outputs.ts";

/** A check under way. */
export interface Check {
  /** What to show, if there is anything to warn of. */
  readonly warning: Promise<JsonObject | undefined>;
  /** The longest that outputs may wait for it (milliseconds). */
  readonly holdMs: number;
}

/** Passes on what a cell puts out, later than it came while a check may still find something. */
export class OutputGate implements Publisher {
  readonly #publisher: Publisher;
  readonly #request: Message;
  #opened = Promise.withResolvers<void>();
  #held: Parameters<Publisher["publish"]>[] | undefined;

  /**
   * @param publisher Where outputs go.
   * @param request The request of the cell.
   */
  constructor(publisher: Publisher, request: Message) {
    this.#publisher = publisher;
    this.#request = request;
  }

  /** Resolves when nothing is held. */
  opened(): Promise<void> {
    return this.#held ? this.#opened.promise : Promise.resolve();
  }

  /** Shows what a check finds: before the outputs if it comes in time, else when it comes. */
  await(check: Check): void {
    void check.warning.then((content) => {
      if (content) this.#publisher.publish("display_data", content, this.#request);
    });
    if (check.holdMs <= 0) return;
    this.#held = [];
    this.#opened = Promise.withResolvers();
    const timer = setTimeout(() => this.open(), check.holdMs);
    void check.warning.finally(() => {
      clearTimeout(timer);
      this.open();
    });
  }

  /** Holds nothing any longer. */
  open(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const message of held ?? []) this.#publisher.publish(...message);
    this.#opened.resolve();
  }

  /** Takes an output. */
  publish(...message: Parameters<Publisher["publish"]>): void {
    if (this.#held) this.#held.push(message);
    else this.#publisher.publish(...message);
  }
}
