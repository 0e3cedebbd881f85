import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { SGD, Trainer } from "@tunebook/training";
import { gridSearch, randomSearch, successiveHalving, type Trial } from "@tunebook/training";
import { accuracyOf, plainRun, unseen } from "../loop/run.ts";

Deno.test("a grid tries every combination in order and tells of each", async () => {
  const told: Trial<unknown>[] = [];
  const { best, trials, table } = await gridSearch(
    { rate: [1, 2], kind: ["a", "b"], on: [true] },
    ({ rate, kind }) => Promise.resolve(rate + (kind === "b" ? 10 : 0)),
    { mode: "max", onTrial: (trial) => void told.push(trial) },
  );
  assertEquals(table.map(({ trial, rate, kind, on, score }) => [trial, rate, kind, on, score]), [
    [0, 1, "a", true, 1],
    [1, 1, "b", true, 11],
    [2, 2, "a", true, 2],
    [3, 2, "b", true, 12],
  ]);
  assertEquals(best.number, 3);
  assertEquals(told, trials);
  assertEquals(Object.keys(table[0]!), ["trial", "rate", "kind", "on", "score", "seconds"]);
});

Deno.test("random search draws over the whole space, the same for the same seed", async () => {
  const space = {
    rate: { low: 1e-4, high: 1, log: true },
    layers: { low: 1, high: 4, integer: true },
    kind: ["a", "b"],
  };
  const run = async (seed: number) =>
    (await randomSearch(space, () => 0, { trials: 400, seed })).trials.map((t) => t.parameters);
  const drawn = await run(1);
  assertEquals(await run(1), drawn);
  const decades = [1e-4, 1e-3, 1e-2, 1e-1].map((low) =>
    drawn.filter(({ rate }) => rate >= low && rate < 10 * low).length
  );
  const layers = [1, 2, 3, 4].map((n) => drawn.filter((p) => p.layers === n).length);
  for (const count of [...decades, ...layers]) assert(count > 70 && count < 130, `${count}`);
  assertEquals(decades.reduce((a, b) => a + b), 400);
  assert(drawn.some(({ kind }) => kind === "a") && drawn.some(({ kind }) => kind === "b"));
});

Deno.test("successive halving gives the best more training and tells the best at the end", async () => {
  const seen: [number, number][] = [];
  const { best, trials, table } = await successiveHalving(
    { x: { low: 0, high: 1 } },
    ({ x }, { number, budget }) => {
      seen.push([number, budget]);
      // Diverges near 0; what looks good early isn't always good later.
      return x < 0.1 ? NaN : x + budget * 0.001;
    },
    { trials: 8, minBudget: 2, maxBudget: 10, factor: 2, mode: "max", seed: 3 },
  );
  assertEquals(seen.map(([, budget]) => budget), [...Array(8).fill(2), 4, 4, 4, 4, 8, 8, 10]);
  const first = trials.slice(0, 8).toSorted((a, b) => (b.score || 0) - (a.score || 0));
  assertEquals(seen.slice(8, 12).map(([number]) => number), first.slice(0, 4).map((t) => t.number));
  assertEquals(best, trials.at(-1)!);
  assertEquals(table.at(-1)!.budget, 10);
});

Deno.test("training that breaks down is a bad trial, any other error ends the search", async () => {
  const train = async ({ learningRate }: { learningRate: number }) => {
    const { model, options } = plainRun();
    const optimizer = new SGD(model.parameters(), { learningRate });
    await new Trainer({ ...options, optimizer, epochs: 3 }).run();
    return accuracyOf(model, unseen);
  };
  const { best, trials } = await gridSearch({ learningRate: [1e39, 0.1] }, train, { mode: "max" });
  assertEquals(trials.map(({ score }) => Number.isNaN(score)), [true, false]);
  assertEquals(best.parameters, { learningRate: 0.1 });
  await assertRejects(() => gridSearch({ learningRate: [1e39] }, train), Error, "None of the 1");
  await assertRejects(() => gridSearch({ learningRate: [-1] }, train), RangeError, "learningRate");
});

Deno.test("a search is cancelled between two trials", async () => {
  const cancel = new AbortController();
  const tried: number[] = [];
  const search = gridSearch({ x: [1, 2, 3] }, ({ x }) => {
    tried.push(x);
    cancel.abort(new Error("enough"));
    return x;
  }, { signal: cancel.signal });
  await assertRejects(() => search, Error, "enough");
  assertEquals(tried, [1]);
});

Deno.test("spaces and budgets that make no sense say why", async () => {
  const score = () => 0;
  assertThrows(() => gridSearch({ x: { low: 0, high: 1 } }, score), TypeError, "randomSearch");
  assertThrows(() => gridSearch({ x: [] }, score), TypeError, "settings");
  const draw = (space: Parameters<typeof randomSearch>[0]) => () =>
    randomSearch(space, score, { trials: 1 });
  await assertRejects(draw({ x: { low: 0, high: 1, log: true } }), RangeError, "0 < low");
  await assertRejects(draw({ x: { low: 2, high: 1 } }), RangeError, "2 to 1");
  await assertRejects(draw({ x: [] }), RangeError, "for x");
  const halve = (changes: object) => () =>
    successiveHalving({ x: [1] }, score, { trials: 1, minBudget: 1, maxBudget: 2, ...changes });
  await assertRejects(halve({ minBudget: 3 }), RangeError, "minBudget");
  await assertRejects(halve({ factor: 1 }), RangeError, "factor");
  await assertRejects(halve({ trials: 0 }), RangeError, "trials");
});
