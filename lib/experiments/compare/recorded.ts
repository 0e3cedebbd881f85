import type { FitResult } from "../fit/options.ts";
import { runAll } from "../runs.ts";
import { orBroken } from "../tune.ts";
import type { CompareOptions, RunSize } from "./compare.ts";

/** What one run is; it isn't run again if the file has it. */
export type RunKey = RunSize & {
  /** For which purpose: to choose the rate, to be compared, to measure time alone. */
  phase: "search" | "run" | "time";
  /** The model's name. */
  model: string;
  /** The task's. */
  task: string;
  /** The method's. */
  method: string;
  /** The learning rate. */
  learningRate: number;
  /** The seed. */
  seed: number;
};

/** What came out of one. */
export type ComparedRun = FitResult & {
  /** By how much the loss on general text rose, in nats a token. */
  forgetting?: number;
};

/** Which experiment the files of comparisons are of, for `readRuns`. */
export const COMPARISON = { experiment: "compare", version: 1 } as const;

/** Runs, each written to the file as soon as it is done; it tells how far they are. */
export class RecordedRuns {
  readonly #options: CompareOptions;
  #planned: number;
  #done = 0;
  #ran = 0;
  #spent = 0;

  /** None yet, of so many. */
  constructor(options: CompareOptions, planned: number) {
    this.#options = options;
    this.#planned = planned;
    options.onProgress?.({ done: 0, total: planned, secondsLeft: NaN, label: "begins" });
  }

  /** Says that there will be more runs than were planned. */
  expect(more: number): void {
    this.#planned += more;
  }

  /** What the file has of a run, or else what `run` gives; `null` if training broke down in it. */
  async run(key: RunKey, run: () => Promise<ComparedRun>): Promise<ComparedRun | null> {
    const { file, signal, onProgress } = this.#options;
    const { rows } = await runAll<RunKey, ComparedRun | null>({
      ...{ file, rows: [key], ...COMPARISON },
      ...(signal && { signal }),
      run: async () => {
        const began = performance.now();
        const result = await orBroken(run);
        this.#spent += (performance.now() - began) / 1000;
        this.#ran++;
        return result;
      },
    });
    const total = Math.max(this.#planned, ++this.#done);
    onProgress?.({
      done: this.#done,
      total,
      secondsLeft: this.#spent / this.#ran * (total - this.#done),
      label: `${key.model}, ${key.task}, ${key.method}, ${key.phase} at ${key.learningRate}`,
    });
    return rows[0]!.value;
  }
}
