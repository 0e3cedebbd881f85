/**
 * A limit to the memory of the process that runs the cells, with a warning before it: better one
 * cell that says why it ended than a machine that swaps.
 *
 * @module
 */
import { log } from "./log.ts";

/** How much the child may take. */
export interface MemoryLimit {
  /** In bytes. */
  readonly bytes: number;
}

/** Told when memory runs short. */
export interface MemoryEvents {
  /** Something to show under the running cell. */
  onWarning(text: string): void;
  /** The limit was passed; the child must go. */
  onLimit(reason: string): void;
}

const UNITS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };
const WARNING_SHARE = 0.85;
/** Beside the machine's own needs. */
const DEFAULT_SHARE = 0.8;
const SMALLEST_BYTES = 300e6;

/**
 * Reads `TUNEBOOK_MEMORY`: `4G`, `800MB`, `1.5 GB`. Unset, four fifths of the machine's memory.
 *
 * @param text The variable.
 * @param total The machine's memory in bytes.
 * @throws {TypeError} When it isn't an amount, or too little for Deno itself.
 */
export function parseMemoryLimit(text: string | undefined, total: number): MemoryLimit {
  if (!text) return { bytes: Math.round(total * DEFAULT_SHARE) };
  const match = /^\s*([\d.]+)\s*([kmg]?)i?b?\s*$/i.exec(text);
  const bytes = match ? Number(match[1]) * UNITS[match[2]!.toLowerCase()]! : NaN;
  if (!(bytes >= SMALLEST_BYTES)) {
    throw new TypeError(
      `Expected TUNEBOOK_MEMORY to be an amount like 4G, at least 300M, found "${text}"`,
    );
  }
  return { bytes };
}

/** V8's own limit, which ends endless allocation of objects with a clear message. */
export function heapMegabytes({ bytes }: MemoryLimit): number {
  return Math.floor(bytes / 1e6);
}

/** Watches the memory of a process while a cell runs. */
export class MemoryGuard {
  readonly #limit: MemoryLimit;
  readonly #events: MemoryEvents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warnedOf = 0;

  /** Watches nothing yet. */
  constructor(limit: MemoryLimit, events: MemoryEvents) {
    this.#limit = limit;
    this.#events = events;
  }

  /** Watches a process until {@linkcode rest}. */
  watch(pid: number): void {
    this.rest();
    const { every } = memoryProbe(Deno.build.os);
    const look = async () => {
      const bytes = await residentBytes(pid);
      if (this.#timer === undefined) return;
      if (bytes !== undefined) this.#judge(pid, bytes);
      this.#timer = setTimeout(look, every);
    };
    this.#timer = setTimeout(look, every);
  }

  /** Stops watching. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #judge(pid: number, bytes: number): void {
    const limit = this.#limit.bytes;
    if (bytes > limit) {
      this.#events.onLimit(
        `it took ${inGigabytes(bytes)} of memory, over the limit of ${inGigabytes(limit)}`,
      );
    } else if (bytes > WARNING_SHARE * limit && this.#warnedOf !== pid) {
      this.#warnedOf = pid;
      this.#events.onWarning(
        `Memory runs short: ${inGigabytes(bytes)} of ${inGigabytes(limit)} are in use. Past the ` +
          "limit, the process that runs the cells is ended and its variables are lost. Use smaller " +
          "batches, drop what you no longer need, or raise TUNEBOOK_MEMORY.\n",
      );
    }
  }
}

/** How to ask a platform for a process's memory, and how often (milliseconds) that is cheap. */
export function memoryProbe(
  platform: typeof Deno.build.os,
): { every: number; command?: [program: string, ...rest: string[]] } {
  if (platform === "linux") return { every: 200 };
  if (platform === "windows") {
    return { every: 5_000, command: ["tasklist", "/fo", "csv", "/nh", "/fi", "PID eq {pid}"] };
  }
  return { every: 2_000, command: ["ps", "-o", "rss=", "-p", "{pid}"] };
}

/** The bytes in a probe's answer. */
export function parseMemory(platform: typeof Deno.build.os, text: string): number | undefined {
  if (platform === "linux") return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) * 1024;
  if (platform !== "windows") return Number(text.trim()) * 1024;
  // "deno.exe","123","Console","1","123,456 K": the last field, whatever groups its digits.
  const digits = /"([^"]*)"\s*$/.exec(text.trim())?.[1]?.replace(/\D/g, "");
  return digits ? Number(digits) * 1024 : undefined;
}

async function residentBytes(pid: number): Promise<number | undefined> {
  const platform = Deno.build.os;
  const { command } = memoryProbe(platform);
  try {
    if (!command) {
      return parseMemory(platform, await Deno.readTextFile(`/proc/${pid}/status`));
    }
    const [program, ...rest] = command.map((part) => part.replace("{pid}", String(pid)));
    const { stdout } = await new Deno.Command(program!, { args: rest }).output();
    return parseMemory(platform, new TextDecoder().decode(stdout));
  } catch (error) {
    log("memory unknown", String(error)); // The process may just have ended.
    return undefined;
  }
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
