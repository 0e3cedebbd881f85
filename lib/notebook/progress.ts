import { display, type DisplayHandle, insideNotebook } from "./jupyter.ts";
import { ProgressBar, type ProgressOptions, type ProgressPainter } from "./progress_bar.ts";

/** A bar for a known number of steps: loop over it, or call `advance` by hand. */
export type ProgressCounter = ProgressBar & Iterable<number>;

/**
 * Shows how far a loop is, live also from a loop that never awaits: count, time passed, rate and
 * time left, on one line that is replaced as it goes. A terminal gets the same line; a log file a
 * line every 10 s. The bar leaves one final line, also when the loop breaks off or throws.
 *
 * @param steps What to go through, or how many steps there are.
 * @param options The label, and the total for an iterable that doesn't know its length.
 * @returns The same items; for a number, a bar to advance by hand or to loop over (0, 1, 2, …).
 * @throws {RangeError} if the number of steps isn't a whole number from 0.
 * @example
 * ```ts
 * import { progress } from "@tunebook/notebook";
 * import { assertEquals } from "@std/assert";
 *
 * const squares = [];
 * for (const n of progress([1, 2, 3], { label: "squaring" })) squares.push(n * n);
 * assertEquals(squares, [1, 4, 9]);
 *
 * using bar = progress(2, { label: "training" });
 * bar.advance(1, "loss 2.31");
 * bar.advance(1, "loss 1.74");
 * ```
 */
export function progress(steps: number, options?: ProgressOptions): ProgressCounter;
/** The same for an iterable: hands on its items and shows how many have been taken. */
export function progress<Item>(steps: Iterable<Item>, options?: ProgressOptions): Iterable<Item>;
/** The same for an async iterable. */
export function progress<Item>(
  steps: AsyncIterable<Item>,
  options?: ProgressOptions,
): AsyncIterable<Item>;
export function progress<Item>(
  steps: number | Iterable<Item> | AsyncIterable<Item>,
  options: ProgressOptions = {},
): ProgressCounter | Iterable<Item> | AsyncIterable<Item> {
  const start = (total: number | undefined) =>
    new ProgressBar(options.total ?? total, options.label ?? "", choosePainter());
  if (typeof steps === "number") return countTo(steps, start);
  const total = knownLength(steps);
  return Symbol.asyncIterator in steps
    ? overAsync(steps, () => start(total))
    : over(steps, () => start(total));
}

function countTo(steps: number, start: (total: number) => ProgressBar): ProgressCounter {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new RangeError(`Expected a number of steps that is whole and at least 0, found ${steps}`);
  }
  const bar = start(steps);
  const numbers = function* () {
    for (let i = bar.done; i < steps; i++) yield i;
  };
  return Object.assign(bar, { [Symbol.iterator]: () => over(numbers(), () => bar) });
}

function* over<Item>(steps: Iterable<Item>, start: () => ProgressBar): Generator<Item> {
  using bar = start();
  for (const item of steps) {
    yield item;
    bar.advance();
  }
}

async function* overAsync<Item>(
  steps: AsyncIterable<Item>,
  start: () => ProgressBar,
): AsyncGenerator<Item> {
  using bar = start();
  for await (const item of steps) {
    yield item;
    bar.advance();
  }
}

function knownLength(steps: object): number | undefined {
  if ("length" in steps && typeof steps.length === "number") return steps.length;
  if ("size" in steps && typeof steps.size === "number") return steps.size;
  return undefined;
}

function choosePainter(): ProgressPainter {
  if (insideNotebook()) return notebookPainter();
  return Deno.stderr.isTerminal() ? terminalPainter() : logPainter();
}

function notebookPainter(): ProgressPainter {
  let output: DisplayHandle | undefined;
  return {
    interval: 100,
    paint(line) {
      const bundle = { "text/plain": line };
      if (output === undefined) output = display(bundle, { volatile: true });
      else output.update(bundle);
    },
  };
}

/** One line that rewrites itself, on the error stream so that it stays out of piped results. */
function terminalPainter(): ProgressPainter {
  const encoder = new TextEncoder();
  return {
    interval: 100,
    paint(line, last) {
      const cut = [...line].slice(0, (Deno.consoleSize().columns || 80) - 1).join("");
      Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${cut}${last ? "\n" : ""}`));
    },
  };
}

/** A line now and then, for a file or a pipe. */
function logPainter(): ProgressPainter {
  let first = true;
  return {
    interval: 10_000,
    paint(line, last) {
      // The empty bar at the start would be noise in a log.
      if (!first || last) console.error(line);
      first = false;
    },
  };
}
