/**
 * What was run, for front-ends that offer it again.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";

/** One line of history: session, number, code. */
export type HistoryEntry = [session: number, line: number, code: string];

const SESSION = 1;
const MAX_ENTRIES = 10_000;

/** The cells of this run of the kernel. */
export class History {
  readonly #entries: HistoryEntry[] = [];

  /** Adds a cell. */
  add(line: number, code: string): void {
    this.#entries.push([SESSION, line, code]);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  /** Answers a `history_request`. */
  find(request: JsonObject): HistoryEntry[] {
    switch (request.hist_access_type) {
      case "range": {
        const start = Number(request.start ?? 0);
        const stop = Number(request.stop ?? Infinity);
        return this.#entries.filter(([, line]) => line >= start && line < stop);
      }
      case "search": {
        const pattern = globToRegExp(String(request.pattern ?? "*"));
        const found = this.#entries.filter(([, , code]) => pattern.test(code));
        const unique = request.unique ? lastOfEach(found) : found;
        return unique.slice(-Number(request.n ?? MAX_ENTRIES));
      }
      default:
        return this.#entries.slice(-Number(request.n ?? MAX_ENTRIES));
    }
  }
}

function lastOfEach(entries: HistoryEntry[]): HistoryEntry[] {
  return [...new Map(entries.map((entry) => [entry[2], entry])).values()];
}

/** `*` stands for anything, `?` for one character. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
