/**
 * What type checking costs: cells with types on and off, and how long completion takes.
 *
 *     deno run -A tests/bench/types.ts [rounds]
 *
 * Between two cells there is a pause, as when a person writes them; the table shows medians, and
 * the slowest of each in brackets.
 *
 * @module
 */
import { complete, untilTyped } from "../kernel/language/help.ts";
import { TestKernel } from "../kernel/relay/client.ts";

const PAUSE_MS = 100;
const CELLS = {
  "warm 1+1": "1+1",
  "warm cell of 5 lines":
    `const points = Array.from({ length: 100 }, (_, i) => ({ x: i, y: i * i }));
const total = points.reduce((sum, { y }) => sum + y, 0);
const mean = total / points.length;
console.log("mean", mean);
mean > 3`,
  "the same with a mistake":
    `const points = Array.from({ length: 100 }, (_, i) => ({ x: i, y: i }));
const total = points.reduce((sum, { y }) => sum + y, 0);
const mean: string = total / points.length;
console.log("mean", mean);
points.length`,
};

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

async function repeat(rounds: number, action: () => Promise<unknown>): Promise<string> {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    times.push(await timed(action));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(rounds / 2)]!;
  return `${median.toFixed(1)} ms (${sorted.at(-1)!.toFixed(1)})`;
}

if (import.meta.main) {
  const rounds = Number(Deno.args[0] ?? 50);
  const table: Record<string, Record<string, string>> = {};
  const note = (what: string, types: string, value: string) =>
    table[what] = { ...table[what], [`types ${types}`]: value };
  for (const types of ["off", "on"]) {
    await using kernel = await TestKernel.start({ env: { TUNEBOOK_TYPES: types } });
    const first = await timed(() => kernel.run(CELLS["warm cell of 5 lines"]));
    note("first cell", types, `${first.toFixed(1)} ms`);
    const ask = () => complete(kernel, "points.");
    note("first completion", types, `${(await timed(ask)).toFixed(1)} ms`);
    if (types === "on") {
      const ready = await timed(() => untilTyped(kernel));
      note("until completion has types", types, `${ready.toFixed(0)} ms`);
    }
    note("warm completion", types, await repeat(rounds, ask));
    for (const [what, code] of Object.entries(CELLS)) {
      note(what, types, await repeat(rounds, () => kernel.run(code)));
    }
  }
  console.table(table);
}
