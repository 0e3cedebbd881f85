/**
 * Stop, where the event loop is free: every `await` in a cell goes through {@linkcode awaitFor},
 * whose promise a Stop rejects, and timers set by a stopped cell never fire again.
 *
 * @module
 */
import { bury, isDead, ownerCell } from "./cells.ts";

/** What a stopped cell ends with. */
export class KeyboardInterrupt extends Error {
  override name = "KeyboardInterrupt";

  constructor() {
    super("the cell was stopped; its variables are kept");
    this.stack = `${this.name}: ${this.message}`; // Where we rejected tells nobody anything.
  }
}

interface Waiting {
  readonly cell: string;
  readonly reject: (reason: KeyboardInterrupt) => void;
}

// Strong references on purpose: V8 reports an evaluation whose promise was garbage-collected, in
// the middle of the collection, where no JavaScript may run.
const waiting = new Set<Waiting>();

/** `value`, or a promise that also rejects when the cell is stopped. */
export function awaitFor(value: unknown): unknown {
  const cell = ownerCell();
  if (isDead(cell)) return Promise.reject(new KeyboardInterrupt());
  if (!isThenable(value)) return value;
  return new Promise((resolve, reject) => {
    const entry: Waiting = { cell, reject };
    waiting.add(entry);
    Promise.resolve(value).then(resolve, reject).finally(() => waiting.delete(entry));
  });
}

/** An iterable for `for await` whose steps a Stop rejects. */
export function awaitEach(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = Symbol.asyncIterator in iterable
        ? iterable[Symbol.asyncIterator]()
        : iterable[Symbol.iterator]();
      return {
        next: async () => {
          const step = await awaitFor(iterator.next()) as IteratorResult<unknown>;
          return step.done ? step : { done: false, value: await awaitFor(step.value) };
        },
        return: async (value?: unknown) =>
          (await iterator.return?.(value)) ?? { done: true, value },
      };
    },
  };
}

/** Rejects everything that a cell waits for, now and later. */
export function interrupt(cell: string): void {
  bury(cell);
  for (const entry of [...waiting]) {
    if (entry.cell !== cell) continue;
    waiting.delete(entry);
    entry.reject(new KeyboardInterrupt());
  }
}

/** Makes the timers of stopped cells fall silent. */
export function installTimers(): void {
  const global = globalThis as unknown as {
    setTimeout: (handler: TimerHandler, ...rest: unknown[]) => number;
    setInterval: (handler: TimerHandler, ...rest: unknown[]) => number;
  };
  for (const name of ["setTimeout", "setInterval"] as const) {
    const original = global[name];
    const replacement = (handler: TimerHandler, ...rest: unknown[]) => {
      if (typeof handler !== "function") return original(handler, ...rest);
      const cell = ownerCell();
      const timer = original((...values: unknown[]) => {
        if (!isDead(cell)) handler(...values);
        else if (name === "setInterval") clearInterval(timer);
      }, ...rest);
      return timer;
    };
    Object.defineProperty(replacement, "name", { value: name });
    global[name] = replacement;
  }
}

type TimerHandler = ((...values: unknown[]) => void) | string;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === "object" || typeof value === "function") && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}
