/**
 * What was run, for front-ends that offer it again.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";

/** One line of history: session, number, code, with the shown value where that was asked for. */
export type HistoryEntry = [
  session: number,
  line: number,
  code: string | [code: string, output: string | null],
];

interface Entry {
  readonly line: number;
  readonly code: string;
  output: string | null;
}

const SESSION = 1;
const MAX_ENTRIES = 10_000;

/** The cells of this run of the kernel. */
export class History {
  readonly #entries: Entry[] = [];

  /** Adds a cell. */
  add(line: number, code: string): void {
    this.#entries.push({ line, code, output: null });
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  /** Notes what the last cell showed as its value. */
  setOutput(text: string): void {
    const last = this.#entries.at(-1);
    if (last) last.output = text;
  }

  /** Answers a `history_request`. */
  find(request: JsonObject): HistoryEntry[] {
    return this.#select(request).map(({ line, code, output }) => [
      SESSION,
      line,
      request.output ? [code, output] : code,
    ]);
  }

  #select(request: JsonObject): Entry[] {
    switch (request.hist_access_type) {
      case "range": {
        const start = Number(request.start ?? 0);
        const stop = Number(request.stop ?? Infinity);
        return this.#entries.filter(({ line }) => line >= start && line < stop);
      }
      case "search": {
        const pattern = globToRegExp(String(request.pattern ?? "*"));
        const found = this.#entries.filter(({ code }) => pattern.test(code));
        const unique = request.unique ? lastOfEach(found) : found;
        return unique.slice(-Number(request.n ?? MAX_ENTRIES));
      }
      default:
        return this.#entries.slice(-Number(request.n ?? MAX_ENTRIES));
    }
  }
}

function lastOfEach(entries: Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.code, entry])).values()];
}

/** `*` stands for anything, `?` for one character. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
