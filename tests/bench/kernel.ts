/**
 * Our kernel beside Deno's own: start-up, warm cells, much display data, a cell that computes.
 *
 *     deno run -A tests/bench/kernel.ts [rounds]
 *
 * The two take turns in every round, so that a busy machine is unfair to neither; the table shows
 * medians.
 *
 * @module
 */
import { relayArgv, stockArgv, TestKernel, until } from "../kernel/relay/client.ts";

const KERNELS = { stock: stockArgv, tunebook: relayArgv } as const;
const DISPLAY_LIMIT_MS = 5_000;
type Name = keyof typeof KERNELS;

const MEASURES: [
  what: string,
  limit: string,
  measure: (kernel: TestKernel) => Promise<number | undefined>,
][] = [
  ["warm 1+1", "15 ms", async (kernel) => {
    const times = [];
    for (let i = 0; i < 30; i++) times.push(await timeCell(kernel, "1+1"));
    return median(times);
  }],
  ["a cell that computes", "1.02x", (kernel) =>
    bestCell(
      kernel,
      `var found;
      function sieve(n) {
        const composite = new Uint8Array(n); let count = 0;
        for (let i = 2; i < n; i++) {
          if (composite[i]) continue;
          count++;
          for (let j = i * 2; j < n; j += i) composite[j] = 1;
        }
        return count;
      }
      found = 0; for (let i = 0; i < 8; i++) found += sieve(4_000_000); found`,
    )],
  [
    "a loop at the top level",
    "1.02x",
    (kernel) => bestCell(kernel, "var sum = 0; for (let i = 0; i < 1e8; i++) sum += i % 7; sum"),
  ],
  [
    "10,000 lines",
    "-",
    (kernel) => timeCell(kernel, "for (let i = 0; i < 10_000; i++) console.log('line', i)"),
  ],
  ["10 MB of display data", "1.5x", timeDisplay],
];

async function timeCell(kernel: TestKernel, code: string): Promise<number> {
  const start = performance.now();
  const { reply } = await kernel.run(code);
  if (reply.status !== "ok") throw new Error(`${reply.ename}: ${reply.evalue}`);
  return performance.now() - start;
}

/** `undefined` when the display never arrives: Deno's own kernel now and then loses one. */
async function timeDisplay(kernel: TestKernel): Promise<number | undefined> {
  const request = kernel.submit(
    `Deno.jupyter.broadcast("display_data", {
      data: { "text/html": "x".repeat(1e7) }, metadata: {}, transient: {} }); 0`,
  );
  const start = performance.now();
  // It may send it after the cell's end, too.
  const isHere = () =>
    [...kernel.outputsOf(request), ...request.late].some(({ header }) =>
      header.msg_type === "display_data"
    );
  try {
    await until(isHere, DISPLAY_LIMIT_MS);
  } catch {
    return undefined;
  }
  const took = performance.now() - start;
  await kernel.finish(request);
  return took;
}

/** The best of three: what the cell takes when nothing disturbs it. */
async function bestCell(kernel: TestKernel, code: string): Promise<number> {
  const times = [];
  for (let i = 0; i < 3; i++) times.push(await timeCell(kernel, code));
  return Math.min(...times);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

if (import.meta.main) {
  const rounds = Number(Deno.args[0] ?? 5);
  const results = new Map<string, Record<Name, number[]>>();
  const note = (what: string, name: Name, time: number | undefined) => {
    const row = results.get(what) ?? { stock: [], tunebook: [] };
    if (time !== undefined) row[name].push(time);
    results.set(what, row);
  };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["stock", "tunebook"] as const) {
      const start = performance.now();
      await using kernel = await TestKernel.start({ argv: KERNELS[name], settle: false });
      await kernel.submit("1+1").reply;
      note("start to first result", name, performance.now() - start);
      for (const [what, , measure] of MEASURES) note(what, name, await measure(kernel));
    }
  }
  const limits = new Map([
    ["start to first result", "1.3x"],
    ...MEASURES.map(([what, limit]) => [what, limit] as const),
  ]);
  console.table(
    Object.fromEntries([...results].map(([what, { stock, tunebook }]) => {
      const [theirs, ours] = [median(stock), median(tunebook)];
      return [what, {
        "stock (ms)": Number(theirs.toFixed(1)),
        "tunebook (ms)": Number(ours.toFixed(1)),
        ratio: Number((ours / theirs).toFixed(2)),
        limit: limits.get(what),
      }];
    })),
  );
}
