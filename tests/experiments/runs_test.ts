import { assertEquals, assertRejects } from "@std/assert";
import { readRuns, runAll, RunFileError } from "@tunebook/experiments";

/** Runs `body` with a file that isn't there yet. */
async function withFile(body: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/results/runs.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a list that was stopped goes on where it stopped", () =>
  withFile(async (file) => {
    const rows = [1, 2, 3].map((seed) => ({ seed, method: "lora" }));
    const ran: number[] = [];
    const run = ({ seed }: { seed: number }) => {
      if (seed === 3 && ran.length === 2) throw new Error("power cut");
      ran.push(seed);
      return { score: seed / 10 };
    };
    await assertRejects(() => runAll({ file, experiment: "e", rows, run }), Error, "power cut");
    const kept = await readRuns<object, { score: number }>(file, { experiment: "e" });
    assertEquals(kept?.rows.map(({ value }) => value.score), [0.1, 0.2]);
    ran.push(0);
    // The order of a key's fields doesn't matter.
    const again = rows.map(({ seed, method }) => ({ method, seed }));
    const progress: number[] = [];
    const result = await runAll({
      file,
      experiment: "e",
      rows: again,
      run,
      onProgress: ({ done }) => progress.push(done),
    });
    assertEquals(ran, [1, 2, 0, 3]);
    assertEquals(progress, [2, 3]);
    assertEquals(result.rows.map(({ value }) => value.score), [0.1, 0.2, 0.3]);
    assertEquals(result.machine.deno, Deno.version.deno);
  }));

Deno.test("rows of a longer list stay in the file", () =>
  withFile(async (file) => {
    const run = ({ n }: { n: number }) => n;
    await runAll({ file, experiment: "e", rows: [{ n: 1 }, { n: 2 }], run });
    const short = await runAll({ file, experiment: "e", rows: [{ n: 3 }], run });
    assertEquals(short.rows.map(({ value }) => value), [3]);
    const all = await readRuns<object, number>(file, { experiment: "e" });
    assertEquals(all?.rows.map(({ value }) => value), [3, 1, 2]);
  }));

Deno.test("a file of another experiment, another version or no JSON is refused", () =>
  withFile(async (file) => {
    const run = () => 1;
    await runAll({ file, experiment: "e", rows: [{ n: 1 }], run });
    const refused = (options: { experiment: string; version?: number }, message: string) =>
      assertRejects(
        () => runAll({ file, ...options, rows: [{ n: 1 }], run }),
        RunFileError,
        message,
      );
    await refused(
      { experiment: "other" },
      'to hold version 1 of "other" but found version 1 of "e"',
    );
    await refused({ experiment: "e", version: 2 }, "move this one away to start anew");
    await Deno.writeTextFile(file, "{");
    await refused({ experiment: "e" }, "doesn't parse");
  }));

Deno.test("a list of runs can be cancelled between two", () =>
  withFile(async (file) => {
    const stop = new AbortController();
    const run = () => stop.abort(new Error("enough"));
    const rows = [{ n: 1 }, { n: 2 }];
    await assertRejects(
      () => runAll({ file, experiment: "e", rows, run, signal: stop.signal }),
      Error,
      "enough",
    );
    assertEquals((await readRuns(file, { experiment: "e" }))?.rows.length, 1);
  }));

Deno.test("the time left is estimated by the rows of this run", () =>
  withFile(async (file) => {
    const left: number[] = [];
    const onProgress = ({ secondsLeft }: { secondsLeft: number }) => left.push(secondsLeft);
    await runAll({ file, experiment: "e", rows: [{ n: 1 }, { n: 2 }], run: () => 1, onProgress });
    assertEquals([left.length, left[0], left[1]! >= 0, left[2]], [3, NaN, true, 0]);
  }));
