/**
 * What a cell puts out, in the shape notebooks store it (nbformat 4), collected from a kernel's
 * messages by Jupyter's rules.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";

/** Text printed to stdout or stderr. */
export interface StreamOutput {
  /** What kind of output it is. */
  output_type: "stream";
  /** The stream. */
  name: "stdout" | "stderr";
  /** Everything printed so far. */
  text: string;
}

/** A picture, a table, … in one or more MIME types. */
export interface DisplayOutput {
  /** What kind of output it is. */
  output_type: "display_data";
  /** The same thing in each MIME type. */
  data: JsonObject;
  /** Side information, by MIME type or of our own. */
  metadata: JsonObject;
}

/** The value of a cell's last expression. */
export interface ResultOutput {
  /** What kind of output it is. */
  output_type: "execute_result";
  /** The same thing in each MIME type. */
  data: JsonObject;
  /** Side information, by MIME type or of our own. */
  metadata: JsonObject;
  /** The number of the cell, as in `[4]`. */
  execution_count: number | null;
}

/** An error that ended a cell. */
export interface ErrorOutput {
  /** What kind of output it is. */
  output_type: "error";
  /** The error's class. */
  ename: string;
  /** The error's message. */
  evalue: string;
  /** The message and the frames, line by line, with colours as escape codes. */
  traceback: string[];
}

/** One output of a code cell. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** A kernel's output message: its type and content. */
export interface OutputMessage {
  /** `stream`, `display_data`, `clear_output`, … */
  readonly type: string;
  /** The message's content. */
  readonly content: JsonObject;
}

/**
 * Which outputs show which display id, in all cells of a notebook: an `update_display_data` changes
 * every one of them, wherever it is.
 */
export class Displays {
  readonly #shown = new Map<string, Set<DisplayOutput | ResultOutput>>();

  /** Notes that `output` shows the display `id`. */
  add(id: string, output: DisplayOutput | ResultOutput): void {
    const outputs = this.#shown.get(id) ?? new Set();
    this.#shown.set(id, outputs.add(output));
  }

  /** Replaces what is shown under `id`. */
  update(id: string, data: JsonObject, metadata: JsonObject): void {
    for (const output of this.#shown.get(id) ?? []) {
      output.data = data;
      output.metadata = metadata;
    }
  }
}

/** Collects one cell's outputs. */
export class CellOutputs {
  /** The outputs so far. The list is filled in place. */
  readonly list: Output[] = [];
  readonly #displays: Displays;
  #clearBeforeNext = false;

  /** @param displays The display ids of the notebook. */
  constructor(displays: Displays) {
    this.#displays = displays;
  }

  /** Takes in a message. Returns whether it changed an output; other messages are passed over. */
  add({ type, content }: OutputMessage): boolean {
    switch (type) {
      case "stream":
        this.#stream(content.name === "stderr" ? "stderr" : "stdout", String(content.text ?? ""));
        return true;
      case "display_data":
        this.#display({ output_type: "display_data", ...bundle(content) }, content);
        return true;
      case "execute_result": {
        const count = content.execution_count;
        this.#display({
          output_type: "execute_result",
          ...bundle(content),
          execution_count: typeof count === "number" ? count : null,
        }, content);
        return true;
      }
      case "update_display_data": {
        const { data, metadata } = bundle(content);
        this.#displays.update(displayId(content) ?? "", data, metadata);
        return true;
      }
      case "error":
        this.#append(errorOutput(content));
        return true;
      case "clear_output":
        if (content.wait === true) this.#clearBeforeNext = true;
        else this.list.length = 0;
        return true;
      default:
        return false;
    }
  }

  /**
   * Puts the cell's value or error behind what it printed: Deno's own kernel sends them past its
   * queue of printed text.
   */
  putEndingLast(): void {
    const ends = (output: Output) =>
      output.output_type === "execute_result" || output.output_type === "error";
    const [ending, printed] = [this.list.filter(ends), this.list.filter((one) => !ends(one))];
    if (ending.length === 0) return;
    this.list.length = 0;
    for (const output of printed) {
      if (output.output_type === "stream") this.#stream(output.name, output.text);
      else this.list.push(output);
    }
    this.list.push(...ending);
  }

  #append(output: Output): void {
    if (this.#clearBeforeNext) this.list.length = 0;
    this.#clearBeforeNext = false;
    this.list.push(output);
  }

  #stream(name: StreamOutput["name"], text: string): void {
    const last = this.list.at(-1);
    if (!this.#clearBeforeNext && last?.output_type === "stream" && last.name === name) {
      last.text += text;
    } else {
      this.#append({ output_type: "stream", name, text });
    }
  }

  #display(output: DisplayOutput | ResultOutput, content: JsonObject): void {
    const id = displayId(content);
    if (id !== undefined) {
      this.#displays.update(id, output.data, output.metadata);
      this.#displays.add(id, output);
    }
    this.#append(output);
  }
}

/** The error in a message's content (an `error` output or an `execute_reply`). */
export function errorOutput(content: JsonObject): ErrorOutput {
  const ename = String(content.ename ?? "Error");
  const evalue = String(content.evalue ?? "");
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
  // A thrown number or string comes without a traceback, and would be shown as nothing.
  const said = traceback.some((line) => line.trim() !== "");
  return {
    output_type: "error",
    ename,
    evalue,
    traceback: said ? traceback : [`${ename}: ${evalue}`],
  };
}

function bundle(content: JsonObject): { data: JsonObject; metadata: JsonObject } {
  return { data: asObject(content.data), metadata: asObject(content.metadata) };
}

function displayId(content: JsonObject): string | undefined {
  const id = asObject(content.transient).display_id;
  return typeof id === "string" ? id : undefined;
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? value as JsonObject : {};
}
