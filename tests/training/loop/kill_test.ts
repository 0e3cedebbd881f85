import { assert, assertEquals } from "@std/assert";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fullRun, traceOf } from "./run.ts";

const KILLS = Deno.env.get("TUNEBOOK_TEST") === "full" ? 10 : 2;

Deno.test(`a run killed at ${KILLS} random moments comes to the same numbers`, async () => {
  const { trainer, model } = fullRun({ epochs: 30 });
  await trainer.run();
  const expected = JSON.parse(JSON.stringify(traceOf(trainer, model)));

  const folder = await Deno.makeTempDir();
  try {
    const firstSteps: number[] = [];
    for (let kills = 0; kills < KILLS; kills++) {
      // Some way into the run, and then anywhere: in a step, an evaluation, the writing of a file.
      const { first, result } = await runAndKill(folder, 1 + Math.random() * 3, Math.random() * 30);
      assertEquals(result, undefined, "the run was over before it was killed");
      firstSteps.push(first);
    }
    assert(firstSteps.at(-1)! > 1, `it went on from where it was: ${firstSteps}`);
    const { result } = await runAndKill(folder, Infinity, 0);
    assertEquals(JSON.parse(result!), expected);
    const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(left.sort(), ["step-00000179", "step-00000180"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Runs the process, kills it so many steps and milliseconds after it began; tells what it printed. */
async function runAndKill(folder: string, steps: number, milliseconds: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", new URL("killed.ts", import.meta.url).href, folder],
    stdout: "piped",
  }).spawn();
  let first = NaN, seen = 0, result: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const line of createInterface({ input: Readable.fromWeb(child.stdout) })) {
      if (line.startsWith("step ")) {
        if (seen++ === 0) first = Number(line.slice(5));
        if (seen >= steps) timer ??= setTimeout(() => child.kill("SIGKILL"), milliseconds);
      } else result = line;
    }
  } finally {
    clearTimeout(timer);
    await child.status;
  }
  return { first, result };
}
