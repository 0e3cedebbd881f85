import { formatDuration, formatRate } from "./duration.ts";

/** Where a bar's line appears. */
export interface ProgressPainter {
  /** The least time between two lines, in milliseconds; the last line is always painted. */
  readonly interval: number;
  /** Puts the line in the place of the one before. */
  paint(line: string, last: boolean): void;
}

/** How a progress bar is labelled. */
export interface ProgressOptions {
  /** What is being done: "training". */
  label?: string;
  /** How many steps there are, for an iterable that doesn't know. */
  total?: number;
}

const WIDTH = 20;

/**
 * A line that tells how far something is: `training ██████░░░░ 30/100 · 12 s · 2.5/s · 28 s left`.
 *
 * It paints itself at most every 0.1 s, so it costs next to nothing in a tight loop, and leaves one
 * final line. `using bar = progress(100)` leaves it also when the block throws.
 */
export class ProgressBar implements Disposable {
  /** How many steps there are, if known. */
  readonly total: number | undefined;
  /** How many steps are done. */
  done = 0;
  #label: string;
  #note = "";
  #painter: ProgressPainter;
  #now: () => number;
  #began: number;
  #painted: number;
  #finished = false;

  /**
   * Paints the bar's first line.
   *
   * @param total How many steps there are, if known.
   * @param label What is being done.
   * @param painter Where the line appears.
   * @param now The clock, in milliseconds.
   */
  constructor(
    total: number | undefined,
    label: string,
    painter: ProgressPainter,
    now: () => number = () => performance.now(),
  ) {
    this.total = total;
    this.#label = label;
    this.#painter = painter;
    this.#now = now;
    this.#began = this.#painted = now();
    painter.paint(this.#line(), false);
  }

  /**
   * Counts steps as done; the step that reaches the total finishes the bar.
   *
   * @param steps How many.
   * @param note A few words at the end of the line, such as the loss; kept until the next note.
   */
  advance(steps = 1, note?: string): void {
    if (this.#finished) return;
    this.done += steps;
    if (note !== undefined) this.#note = note;
    if (this.total !== undefined && this.done >= this.total) return this.finish();
    const now = this.#now();
    if (now - this.#painted < this.#painter.interval) return;
    this.#painted = now;
    this.#painter.paint(this.#line(), false);
  }

  /** Leaves the final line: "done" when every step was, else "stopped" and where. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#painter.paint(this.#line(), true);
  }

  /** What `using` calls at the end of the block: {@linkcode finish}. */
  [Symbol.dispose](): void {
    this.finish();
  }

  #line(): string {
    const { total, done } = this;
    const elapsed = this.#now() - this.#began;
    const rate = done / elapsed * 1000;
    const measurable = done > 0 && elapsed > 0;
    const times = [formatDuration(elapsed)];
    if (measurable) times.push(formatRate(rate));
    if (this.#finished) {
      if (total !== undefined && done < total) times.push("stopped");
    } else if (measurable && total !== undefined) {
      times.push(`${formatDuration((total - done) / rate * 1000)} left`);
    }
    if (this.#note !== "") times.push(this.#note);
    const count = total === undefined ? String(done) : `${bar(done / total)} ${done}/${total}`;
    return [this.#label, [count, ...times].join(" · ")].filter((part) => part !== "").join(" ");
  }
}

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, fraction) * WIDTH);
  return "█".repeat(full) + "░".repeat(WIDTH - full);
}
