import { setImmediate as nextTurn } from "node:timers/promises";
import { type MachineInfo, machineInfo } from "./machine.ts";

/** One row of a list of runs: what was asked, what came out. */
export interface RunRow<Key, Value> {
  /** What was asked. */
  key: Key;
  /** What came out. */
  value: Value;
  /** How long it took. */
  seconds: number;
}

/** What the file of a list of runs holds. */
export interface RunFile<Key, Value> {
  /** Which experiment it is of. */
  experiment: string;
  /** Which version of it. */
  version: number;
  /** When its first row was begun, as ISO 8601. */
  date: string;
  /** What its first row was measured on. */
  machine: MachineInfo;
  /** The rows, in the order asked for. */
  rows: RunRow<Key, Value>[];
}

/** How far a list of runs is. */
export interface RunsProgress<Key, Value> {
  /** Rows that are there, those of earlier runs included. */
  done: number;
  /** Rows asked for. */
  total: number;
  /** The estimated time left in seconds, by the rows of this run. */
  secondsLeft: number;
  /** The row that was just finished; none at the beginning. */
  row?: RunRow<Key, Value>;
}

/** What {@linkcode runAll} is given. */
export interface RunAllOptions<Key, Value> {
  /** The JSON file; its folder is made if absent. */
  file: string | URL;
  /** Which experiment this is: a file of another one is refused. */
  experiment: string;
  /** Raised when rows of before no longer count; a file of another version is refused. Default: 1. */
  version?: number;
  /** What to run, as plain data, such as `{ method: "lora", seed: 3 }`. */
  rows: readonly Key[];
  /** Runs one. */
  run: (key: Key) => Value | Promise<Value>;
  /** Told before the first row and after each. */
  onProgress?: (progress: RunsProgress<Key, Value>) => void;
  /** Cancels between two rows, and within one that heeds it. */
  signal?: AbortSignal;
}

/** A file of runs that can't be gone on with. */
export class RunFileError extends Error {
  /** What kind of error it is. */
  override name = "RunFileError";
}

/**
 * Runs a list of experiments, and writes what came out after each: stopped at any moment, it goes on
 * with the first row that isn't there. The file holds the rows asked for; rows of an earlier, longer
 * list stay behind them.
 *
 * @typeParam Key What is asked.
 * @typeParam Value What comes out, as plain data.
 * @returns What the file holds of the rows asked for.
 * @throws {RunFileError} If the file is another experiment's or version's, or damaged.
 * @throws {TypeError} If two rows are equal.
 *
 * @example
 * ```ts
 * import { runAll } from "@tunebook/experiments";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const file = `${folder}/squares.json`;
 * const ran: number[] = [];
 * const run = (key: { n: number }) => (ran.push(key.n), key.n ** 2);
 * await runAll({ file, experiment: "squares", rows: [{ n: 1 }, { n: 2 }], run });
 * const { rows } = await runAll({ file, experiment: "squares", rows: [{ n: 2 }, { n: 3 }], run });
 * assertEquals(rows.map(({ value }) => value), [4, 9]);
 * assertEquals(ran, [1, 2, 3]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function runAll<Key extends object, Value>(
  options: RunAllOptions<Key, Value>,
): Promise<RunFile<Key, Value>> {
  const { file, experiment, version = 1, rows, run, onProgress, signal } = options;
  const wanted = rows.map(canonical);
  if (new Set(wanted).size < wanted.length) {
    throw new TypeError("Expected every row to be another but found two that are equal");
  }
  const earlier = await readRuns<Key, Value>(file, { experiment, version });
  const { date = new Date().toISOString(), machine = machineInfo() } = earlier ?? {};
  const known = new Map(earlier?.rows.map((row) => [canonical(row.key), row]));
  const contents = (): RunFile<Key, Value> => ({
    experiment,
    version,
    date,
    machine,
    rows: wanted.flatMap((key) => known.get(key) ?? []),
  });
  const missing = rows.filter((_, i) => !known.has(wanted[i]!));
  let spent = 0;
  const tell = (row?: RunRow<Key, Value>) => {
    const left = rows.length - contents().rows.length, finished = missing.length - left;
    onProgress?.({
      done: rows.length - left,
      total: rows.length,
      secondsLeft: left === 0 ? 0 : finished === 0 ? NaN : spent / finished * left,
      ...(row && { row }),
    });
  };
  tell();
  for (const key of missing) {
    await nextTurn(); // lets a signal in
    signal?.throwIfAborted();
    const began = performance.now();
    const value = await run(key);
    const seconds = (performance.now() - began) / 1000;
    spent += seconds;
    const row = { key, value, seconds };
    known.set(canonical(key), row);
    const others = known.entries().filter(([name]) => !wanted.includes(name)).map(([, one]) => one);
    const whole = contents();
    await writeWhole(file, { ...whole, rows: [...whole.rows, ...others] });
    tell(row);
  }
  return contents();
}

/**
 * Reads a file of runs.
 *
 * @param expected Which experiment and version it must be of.
 * @returns What it holds; nothing if there is no file.
 * @throws {RunFileError} If it is another experiment's or version's, or damaged.
 */
export async function readRuns<Key, Value>(
  file: string | URL,
  expected: { experiment: string; version?: number },
): Promise<RunFile<Key, Value> | undefined> {
  let found: RunFile<Key, Value>;
  try {
    found = JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new RunFileError(
      `Expected ${file} to hold JSON but it doesn't parse; move it away to start anew`,
      { cause: error },
    );
  }
  const { experiment, version = 1 } = expected;
  if (found.experiment === experiment && found.version === version && Array.isArray(found.rows)) {
    return found;
  }
  throw new RunFileError(
    `Expected ${file} to hold version ${version} of ${JSON.stringify(experiment)} but found ` +
      `version ${found.version} of ${JSON.stringify(found.experiment)}; choose another file, or ` +
      "move this one away to start anew",
  );
}

/** A key as text, whatever order its fields are in. */
function canonical(key: unknown): string {
  return JSON.stringify(
    key,
    (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
        : value,
  );
}

/** Under another name first: at no moment does the file hold a half. */
async function writeWhole(file: string | URL, contents: unknown): Promise<void> {
  const path = file instanceof URL ? decodeURIComponent(file.pathname) : file;
  const folder = path.replace(/[^\\/]+$/, "");
  if (folder !== "") await Deno.mkdir(folder, { recursive: true });
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  try {
    await Deno.writeTextFile(partial, JSON.stringify(contents, null, 2) + "\n");
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}
