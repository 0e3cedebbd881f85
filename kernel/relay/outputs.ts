/**
 * The outputs of one cell: in order, streams in few messages, and cut where nobody would read on.
 *
 * @module
 */
import type { JsonObject, Message } from "../wire/mod.ts";
import type { FrontEnd } from "./front_end.ts";

/** The longest that printed text is held back: twenty messages a second. */
export const HOLD_MS = 50;
/** A cell shows at most so many printed lines, */
export const MAX_LINES = 10_000;
/** and so many characters. */
export const MAX_CHARACTERS = 2_000_000;

const FLUSH_CHARACTERS = 256 * 1024;

/** Where outputs go. */
export type Publisher = Pick<FrontEnd, "publish">;

interface Pending {
  readonly type: string;
  readonly content: JsonObject;
  readonly extra: { metadata?: JsonObject; buffers?: Uint8Array[] };
}

/** Publishes the outputs of one request. */
export class CellOutputs {
  readonly #publisher: Publisher;
  readonly #request: Message;
  readonly #translate: (text: string) => string;
  #pending: Pending | undefined;
  #pendingCharacters = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lines = 0;
  #characters = 0;
  #dropped = 0;
  #shownValue: string | undefined;

  /**
   * @param publisher Where to.
   * @param request The request that all of it belongs to.
   * @param translate Applied to all text: puts printed stacks into the cells' lines.
   */
  constructor(
    publisher: Publisher,
    request: Message,
    translate: (text: string) => string = (text) => text,
  ) {
    this.#publisher = publisher;
    this.#request = request;
    this.#translate = translate;
  }

  /** Printed text. */
  stream(name: "stdout" | "stderr", text: string): void {
    const shown = this.#cut(this.#translate(text));
    if (shown === "") return;
    const pending = this.#pending;
    if (pending?.type === "stream" && pending.content.name === name) {
      pending.content.text += shown;
    } else {
      this.flush();
      this.#hold({ type: "stream", content: { name, text: shown }, extra: {} });
    }
    this.#pendingCharacters += shown.length;
    if (this.#pendingCharacters > FLUSH_CHARACTERS) this.flush();
  }

  /** The cell's value as text, if it was shown. */
  get shownValue(): string | undefined {
    return this.#shownValue;
  }

  /** Shows the value of the cell. */
  result(count: number, data: JsonObject): void {
    const plain = data["text/plain"];
    const shown = typeof plain === "string"
      ? { ...data, "text/plain": this.#translate(plain) }
      : data;
    this.#shownValue = shown["text/plain"] as string | undefined;
    this.output("execute_result", { execution_count: count, data: shown, metadata: {} });
  }

  /** Any other output. A display that is updated again at once is sent only once. */
  output(
    type: string,
    content: JsonObject,
    extra: { metadata?: JsonObject; buffers?: Uint8Array[] } = {},
  ): void {
    const pending = this.#pending;
    if (type === "update_display_data") {
      const again = pending?.type === type && displayId(pending.content) === displayId(content);
      if (!again) this.flush();
      else this.#pending = undefined;
      this.#hold({ type, content, extra });
      return;
    }
    this.flush();
    this.#publisher.publish(type, content, this.#request, extra);
  }

  /** Sends what is held back. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    this.#pendingCharacters = 0;
    if (pending) {
      this.#publisher.publish(pending.type, pending.content, this.#request, pending.extra);
    }
  }

  /** Sends everything, and a note when something was cut. Called before the cell's `idle`. */
  finish(): void {
    this.flush();
    if (this.#dropped === 0) return;
    const text =
      `\n… ${this.#dropped.toLocaleString("en")} more lines are not shown: a cell shows ` +
      `${MAX_LINES.toLocaleString("en")} lines or ${MAX_CHARACTERS / 1e6} million characters. ` +
      "Print less, or write to a file.\n";
    this.#dropped = 0;
    this.#publisher.publish("stream", { name: "stderr", text }, this.#request);
  }

  #hold(pending: Pending): void {
    this.#pending = pending;
    this.#timer ??= setTimeout(() => this.flush(), HOLD_MS);
  }

  /** The part of a text that is within the limits. */
  #cut(text: string): string {
    const lines = countLines(text);
    const room = MAX_CHARACTERS - this.#characters;
    if (this.#lines + lines <= MAX_LINES && text.length <= room) {
      this.#lines += lines;
      this.#characters += text.length;
      return text;
    }
    if (this.#lines >= MAX_LINES || room <= 0) {
      this.#dropped += lines;
      return "";
    }
    const kept = text.slice(0, room).split("\n", MAX_LINES - this.#lines).join("\n");
    this.#dropped += Math.max(1, lines - countLines(kept));
    this.#lines = MAX_LINES;
    return kept;
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function displayId(content: JsonObject): unknown {
  return (content.transient as JsonObject | undefined)?.display_id;
}
