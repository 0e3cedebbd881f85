import { engineInfo } from "@tunebook/tensor";
import { readRuns, runAll, type RunFile, type RunsProgress } from "../runs.ts";

/**
 * A lesson's long experiment: what is run, and how. Its results are committed; tests run a part of
 * it again and compare.
 *
 * @typeParam Key What one run is told, as plain data.
 * @typeParam Value What comes out, as plain data; what a clock or the machine decides goes into its
 * field `timing`, which comparisons leave out.
 */
export interface Experiment<Key extends object, Value> {
  /** Its name, such as `01-pretrained-model`. */
  name: string;
  /** Raised when earlier results no longer count. */
  version: number;
  /** Every run. */
  rows: readonly Key[];
  /** A few quick ones, not among `rows`: one seed at a reduced size. They are committed as well. */
  quickRows: readonly Key[];
  /** Those of `rows` with one seed, which the full tests run again. */
  oneSeed(key: Key): boolean;
  /** Runs one; the same key gives the same value on every run. */
  run(key: Key, signal?: AbortSignal): Promise<Value>;
}

/**
 * Runs an experiment, or what is missing of it, and writes its file after every row.
 *
 * @param experiment What to run.
 * @param file The JSON file of its results.
 * @param onProgress Told after every row.
 * @param signal Cancels it between two rows.
 */
export function runExperiment<Key extends object, Value>(
  experiment: Experiment<Key, Value>,
  file: string | URL,
  onProgress?: (progress: RunsProgress<Key, Value>) => void,
  signal?: AbortSignal,
): Promise<RunFile<Key, Value>> {
  return runAll<Key, Value>({
    file,
    experiment: experiment.name,
    version: experiment.version,
    rows: [...experiment.quickRows, ...experiment.rows],
    run: (key) => experiment.run(key, signal),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/** The committed results of an experiment: its rows without the quick ones. */
export async function experimentResults<Key extends object, Value>(
  experiment: Experiment<Key, Value>,
  file: string | URL,
): Promise<RunFile<Key, Value>> {
  const { name, version, quickRows } = experiment;
  const found = await readRuns<Key, Value>(file, { experiment: name, version });
  if (found === undefined) {
    throw new Deno.errors.NotFound(
      `Expected the results of ${name} in ${file}; run its experiment.ts to make them`,
    );
  }
  const quick = new Set(quickRows.map((key) => JSON.stringify(key)));
  return { ...found, rows: found.rows.filter(({ key }) => !quick.has(JSON.stringify(key))) };
}

/** A value without what a clock or the machine decides: without fields named `timing`. */
export function withoutTiming(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTiming);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => name !== "timing")
      .map(([name, part]) => [name, withoutTiming(part)]),
  );
}

/**
 * Runs an experiment from its file's command line: a line for every row, Ctrl+C stops after the row
 * at hand, and the same command goes on from there.
 *
 * @param experiment What to run.
 * @param file The JSON file of its results.
 */
export async function experimentCommand<Key extends object, Value>(
  experiment: Experiment<Key, Value>,
  file: URL,
): Promise<void> {
  const { blas } = engineInfo();
  if (blas !== undefined) {
    console.error(
      `Expected no BLAS, so that results are the same on every machine, but found ${blas}; set ` +
        "TUNEBOOK_BLAS=off and run this again",
    );
    Deno.exitCode = 2;
    return;
  }
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    console.log("Stopping after this run; the same command goes on from here.");
    stop.abort(new Deno.errors.Interrupted("stopped by you"));
  });
  try {
    await runExperiment(experiment, file, ({ done, total, secondsLeft, row }) => {
      const left = Number.isNaN(secondsLeft)
        ? ""
        : `, about ${Math.ceil(secondsLeft / 60)} min left`;
      const what = row === undefined ? experiment.name : JSON.stringify(row.key);
      console.log(`${done} of ${total}${left}: ${what}`);
    }, stop.signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.Interrupted)) throw error;
    Deno.exitCode = 130;
  }
}
