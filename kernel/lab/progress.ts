/**
 * Says what is going on during the minutes of a first installation.
 *
 * @module
 */

/** Where messages go. In a terminal the last line is redrawn in place with the time it took. */
export class Progress {
  readonly #quiet: boolean;
  readonly #terminal: boolean;
  #text = "";
  #since = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Creates a reporter that says nothing at all if `quiet`. */
  constructor(quiet = false) {
    this.#quiet = quiet;
    this.#terminal = !quiet && Deno.stderr.isTerminal();
  }

  /** Writes one line that stays. */
  say(text: string): void {
    if (this.#quiet) return;
    this.#erase();
    console.error(text);
    this.#draw();
  }

  /** Begins a step that takes a while: shown with its running time. */
  begin(text: string): void {
    this.#text = text;
    this.#since = performance.now();
    if (this.#quiet) return;
    if (!this.#terminal) return console.error(`${text} …`);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), 500);
  }

  /** Adds a detail to the running step; only a terminal shows it. */
  detail(text: string): void {
    const [step = ""] = this.#text.split(" · ");
    this.#text = `${step} · ${text}`;
    this.#draw();
  }

  /** Ends the running step; `text` says what came of it. */
  end(text?: string): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!this.#quiet && text !== undefined) {
      this.#erase();
      console.error(`${text} (${this.#seconds()} s)`);
    } else {
      this.#erase();
    }
    this.#text = "";
  }

  #seconds(): string {
    return ((performance.now() - this.#since) / 1000).toFixed(0);
  }

  #erase(): void {
    if (this.#terminal) Deno.stderr.writeSync(new TextEncoder().encode("\r\x1b[2K"));
  }

  #draw(): void {
    if (!this.#terminal || this.#text === "") return;
    const columns = Deno.consoleSize().columns || 80; // 0 where nobody set it
    const line = `${this.#text} … ${this.#seconds()} s`.slice(0, columns - 1);
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[2K${line}`));
  }
}
