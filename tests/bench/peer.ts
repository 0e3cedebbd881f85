/**
 * A process that measures on command: one line of text in, one line of JSON out. The bench takes
 * turns between several, so that what disturbs the machine disturbs all of them.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";

/** A running process that answers commands. */
export class Peer {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  /** Starts the process; its first answer comes unasked, by {@linkcode Peer.answer}. */
  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.#process = new Deno.Command(command, {
      args: [...args],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout.pipeThrough(new TextLineStream()).getReader();
  }

  /**
   * The next line of its output.
   *
   * @throws {Error} If it ended instead.
   */
  async answer<T>(): Promise<T> {
    const { value, done } = await this.#output.read();
    if (done) throw new Error(`${this.name} ended without an answer; see what it printed above`);
    return JSON.parse(value) as T;
  }

  /** Sends a command and awaits the answer. */
  async ask<T>(command: string): Promise<T> {
    await this.#input.write(new TextEncoder().encode(command + "\n"));
    return await this.answer<T>();
  }

  /** Ends it: it leaves when its input is over. */
  async close(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#output.cancel();
    await this.#process.status;
  }
}

/** Our side of the conversation: answers every line of stdin with what `respond` returns. */
export async function serve(first: unknown, respond: (words: string[]) => unknown): Promise<void> {
  console.log(JSON.stringify(first));
  for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
    console.log(JSON.stringify(await respond(line.split(" "))));
  }
}
