import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { liveTraining } from "@tunebook/notebook";
import { Trainer } from "@tunebook/training";
import { findKernelspec, KernelClient } from "../../kernel/client/mod.ts";
import { plainRun } from "../training/loop/run.ts";
import { printed } from "./printed.ts";

const FIGURE = "application/vnd.plotly.v1+json";

Deno.test("in a terminal a run gets a bar and a line about its plot", async () => {
  const { options } = plainRun();
  let evaluations = 0.25;
  const lines = await printed(() =>
    new Trainer({
      ...options,
      steps: 12,
      evaluate: () => ({ accuracy: evaluations += 0.25 }),
      evaluateEvery: 6,
      callbacks: [liveTraining({ label: "tuning", title: "Points" })],
    }).run()
  );
  assertEquals(lines.length, 2);
  assertMatch(lines[0]!, /^tuning █+ 12\/12 · .* · loss 0\.\d+ · accuracy 0\.75$/);
  assertEquals(lines[1], "Plot: Points — 1 trace (training), 12 points");
});

Deno.test("a run that fails says where it stopped", async () => {
  const { options } = plainRun();
  const failing = new Trainer({
    ...options,
    steps: 12,
    callbacks: [{ onStep: ({ step }) => step === 5 ? raise() : undefined }, liveTraining()],
  });
  const lines = await printed(() => assertRejects(() => failing.run(), Error, "mine"));
  assertMatch(lines[0]!, /^training .* 4\/12 · .* · stopped · loss/);
});

function raise(): never {
  throw new Error("mine");
}

Deno.test("an interval must be a number", () => {
  assertThrows(() => liveTraining({ interval: -1 }), RangeError, "-1");
});

Deno.test("in a notebook the curves grow while the run goes on", async () => {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const kernelspec = await findKernelspec("tunebook");
  await using kernel = await KernelClient.start({
    kernelspec,
    cwd,
    env: { TUNEBOOK_PLOTLY: "mime" },
  });
  await kernel.execute(`
    const { liveTraining } = await import("@tunebook/notebook");
    const { Trainer } = await import("@tunebook/training");
    const { plainRun } = await import("./tests/training/loop/run.ts");`);
  const seen = new Set<number>();
  const { outputs, status } = await kernel.execute(
    `const { options } = plainRun();
    const slow = { onStep() { for (const t = Date.now() + 60; Date.now() < t;); } };
    const result = await new Trainer({
      ...options, steps: 12, callbacks: [liveTraining({ interval: 0 }), slow],
    }).run();`,
    {
      limitMs: 60_000,
      onOutput: (outputs) => {
        for (const output of outputs) seen.add(pointsOf(output));
      },
    },
  );
  assertEquals(status, "ok");
  const shown = outputs.filter((output) => "data" in output && Object.keys(output.data).length > 0);
  assertEquals(shown.length, 2);
  assert(seen.size >= 4, `${seen.size} different plots`);
  assertEquals(pointsOf(shown[1]!), 12);
});

/** How many points the first line of an output's figure has. */
function pointsOf(output: object): number {
  const data = "data" in output ? output.data as Record<string, unknown> : {};
  const figure = data[FIGURE] as { data: { x: unknown[] }[] } | undefined;
  return figure?.data[0]?.x.length ?? 0;
}
