/**
 * How long the lessons take, in `lessons/minutes.json`: written by `deno task lessons --measure`,
 * shown as a table in the lessons' README.
 *
 * @module
 */

/** The times of one run of a notebook, in seconds. */
export interface RunTimes {
  /** From the first cell to the first plot; `null` without a plot. */
  readonly firstPlot: number | null;
  /** From the first cell to the last. */
  readonly all: number;
}

/** How long a lesson took, and where. */
export interface LessonMinutes {
  /** The day, as in `2026-11-28`. */
  readonly date: string;
  /** The processor and the number of its cores. */
  readonly machine: string;
  /** How many processes wanted a core in the minute before: 0 on a quiet machine. */
  readonly load: number;
  /** The times in each kernel, by its name: `tunebook` and `stock`. */
  readonly kernels: Readonly<Record<string, RunTimes>>;
}

/** Every lesson that was measured, by name. */
export type Minutes = Readonly<Record<string, LessonMinutes>>;

/** Reads what was measured; nothing where nothing was. */
export async function readMinutes(file: string | URL): Promise<Minutes> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** Stores a lesson's times among those of the others. */
export async function storeMinutes(
  file: string | URL,
  name: string,
  minutes: LessonMinutes,
): Promise<void> {
  const all = { ...await readMinutes(file), [name]: minutes };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => a < b ? -1 : 1));
  await Deno.writeTextFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The day and the machine, for {@linkcode LessonMinutes}. */
export async function describeMachine(): Promise<{ date: string; machine: string; load: number }> {
  // The engine comes with it, which a run that measures nothing needn't load.
  const { machineInfo } = await import("@tunebook/experiments");
  const { processor, cores } = machineInfo();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processor}, ${cores} cores`,
    load: Number(Deno.loadavg()[0]!.toFixed(1)),
  };
}
