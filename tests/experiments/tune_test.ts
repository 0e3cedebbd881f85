import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  differenceOver,
  drawExamples,
  fitClassifier,
  meanOver,
  testScore,
  tune,
  tuneRate,
} from "@tunebook/experiments";
import { NonFiniteError } from "@tunebook/training";
import { answersTask, gpt, tokenizer } from "./small.ts";

/** A search over made-up validation results by rate. */
function search(
  results: Record<string, [score: number, loss: number] | "broken">,
  extensions = 0,
) {
  const tried: number[] = [];
  const tryRate = (rate: number) => {
    tried.push(rate);
    const result = results[rate]!;
    if (result === "broken") {
      return Promise.reject(new NonFiniteError(1, { what: "loss" } as never));
    }
    return Promise.resolve({ best: { validationScore: result[0], validationLoss: result[1] } });
  };
  const learningRates = Object.keys(results).map(Number).slice(0, 3);
  return { tried, found: tuneRate(tryRate, { learningRates, tuningSeeds: [0, 1], extensions }) };
}

Deno.test("the rate with the best validation score is chosen, of equal ones the lower loss", async () => {
  const { found } = search({ 0.1: [0.8, 0.5], 0.2: [0.9, 0.5], 0.3: [0.9, 0.4] });
  assertEquals(await found, {
    learningRate: 0.3,
    trials: [
      { learningRate: 0.1, validationScore: 0.8, validationLoss: 0.5 },
      { learningRate: 0.2, validationScore: 0.9, validationLoss: 0.5 },
      { learningRate: 0.3, validationScore: 0.9, validationLoss: 0.4 },
    ],
    atEdge: "largest",
  });
});

Deno.test("a rate that breaks training down is the worst", async () => {
  const { found } = search({ 0.1: [0.5, 1], 0.2: [0.6, 1], 0.3: "broken" });
  const { learningRate, atEdge, trials } = await found;
  assertEquals([learningRate, atEdge], [0.2, null]);
  assertEquals(trials[2]!.validationScore, null);
  const all = search({ 0.1: "broken", 0.2: "broken", 0.3: "broken" });
  await assertRejects(() => all.found, Error, "broke down at every learning rate");
});

Deno.test("the search goes on beyond the edge while that is best", async () => {
  const { found, tried } = search({
    ...{ 0.1: [0.8, 1], 0.2: [0.7, 1], 0.3: [0.6, 1] },
    ...{ 0.033: [0.9, 1], 0.011: [0.5, 1] },
  }, 5);
  const { learningRate, atEdge } = await found;
  assertEquals([learningRate, atEdge], [0.033, null]);
  assertEquals([...new Set(tried)], [0.1, 0.2, 0.3, 0.033, 0.011]);
});

Deno.test("a method is tuned, then run on every seed; the search sees no test part", async () => {
  const seen: boolean[] = [];
  const { runs, trials, learningRate } = await tune(fitClassifier, {
    task: answersTask(),
    tokenizer,
    model: gpt,
    method: "lora",
    learningRates: [1e-4, 0.03],
    extensions: 0,
    epochs: 5,
    labels: 12,
    seeds: [4, 5],
    onRun: ({ test }) => seen.push(test !== undefined),
  });
  assertEquals([learningRate, trials.length, runs.map(({ seed }) => seed)], [0.03, 2, [4, 5]]);
  assertEquals(seen, [false, false, true, true]);
  const { value, low, high } = meanOver(runs);
  assert(low <= value && value <= high);
});

Deno.test("runs are paired by their seeds", () => {
  const runs = (scores: Record<number, number>) =>
    Object.entries(scores).map(([seed, score]) => ({ seed: Number(seed), score }));
  const score = (run: { score: number }) => run.score;
  const { value, low } = differenceOver(
    runs({ 1: 0.7, 2: 0.9 }),
    runs({ 2: 0.8, 1: 0.6 }).toReversed(),
    score,
  );
  assertAlmostEquals(value, 0.1);
  assertAlmostEquals(low, 0.1);
  assertThrows(
    () => differenceOver(runs({ 1: 0.7 }), runs({ 2: 0.7 }), score),
    RangeError,
    "same seeds but found 1 and 2",
  );
  assertThrows(() => testScore({}), TypeError, "never saw the test part");
});

Deno.test("draws are nested, keep the classes' shares, and differ by seed", () => {
  const examples = Array.from({ length: 200 }, (_, id) => ({ id, label: id % 4 === 0 ? 1 : 0 }));
  const draw = (count: number, seed = 1) => drawExamples(examples, count, seed, (one) => one.label);
  const [small, medium, large] = [draw(20), draw(60), draw(200)];
  assertEquals(medium.slice(0, 20), small);
  assertEquals(large.slice(0, 60), medium);
  for (const drawn of [small, medium, large]) {
    const ones = drawn.filter(({ label }) => label === 1).length;
    assertEquals(ones, drawn.length / 4);
  }
  assertEquals(new Set(large.map(({ id }) => id)).size, 200);
  assert(small.some(({ id }, i) => id !== draw(20, 2)[i]!.id));
  assertThrows(() => draw(201), RangeError, "from 1 to 200 examples");
});
