import {
  compareWithSingleTask,
  equalSampling,
  evaluateTasks,
  TaskMixture,
  TaskRounds,
  type TrainingTask,
  UncertaintyWeighting,
} from "@tunebook/finetune";
import { Adam, pairedDifference } from "@tunebook/training";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { KINDS, toyModel, toyTask } from "./toy.ts";

/** The same question under two names, with few examples of one: what is learned of one helps both. */
const kinds = { high: KINDS.high, where: KINDS.where };
const tasks: TrainingTask[] = [
  toyTask("high", { examples: 24 }),
  toyTask("where", { examples: 72 }),
];
const build = () => toyModel(kinds);

Deno.test("each task is compared with itself alone, on as many batches of the same data", async () => {
  const seen: Record<string, number[]> = {};
  const runs: string[] = [];
  const watched = tasks.map((task): TrainingTask => ({
    name: task.name,
    examples: task.examples,
    evaluate: (model, part) => task.evaluate(model, part),
    batches(seed) {
      const inner = task.batches(seed);
      return {
        batchesPerEpoch: inner.batchesPerEpoch,
        *epoch(epoch, from) {
          for (const batch of inner.epoch(epoch, from)) {
            (seen[`${runs.at(-1)}/${task.name}`] ??= []).push(...batch.input.data);
            yield batch;
          }
        },
      };
    },
  }));
  const comparison = await compareWithSingleTask({
    tasks: watched,
    build,
    steps: 40,
    seeds: [1, 2],
    mixture: (all, seed) =>
      new TaskMixture(all, { seed, batchesPerEpoch: 10, sampling: equalSampling() }),
    weighting: (names) => new UncertaintyWeighting(names),
    recipe: ({ learner, seed, steps, task }) => {
      runs.push(`${seed}/${task ?? "all"}`);
      assertEquals(steps, task === undefined ? 40 : 20);
      return { optimizer: new Adam(learner.parameterGroups({ learningRate: 1e-2 })) };
    },
  });
  assertEquals(runs, ["1/all", "1/high", "1/where", "2/all", "2/high", "2/where"]);
  for (const seed of [1, 2]) {
    for (const { name } of tasks) {
      assertEquals(seen[`${seed}/all/${name}`], seen[`${seed}/${name}/${name}`]);
    }
  }
  for (const row of comparison.tasks) {
    assertEquals(row.batches, [20, 20]);
    assertEquals(row.difference, pairedDifference(row.together, row.alone));
  }
  const [high, where] = comparison.tasks;
  assertEquals([high!.score, where!.score], ["accuracy", "f1"]);
  assertAlmostEquals(comparison.average.alone[1]!, (high!.alone[1]! + where!.alone[1]!) / 2, 1e-9);
  const lines = comparison.toString().split("\n");
  assertEquals(lines.map((line) => line.split(/ +/)[0]), ["task", "high", "where", "average"]);
  assert(/helps|hurts|not separable/.test(lines[1]!), lines[1]);
});

Deno.test("a comparison's mistakes say what to do", async () => {
  const options = { tasks, build, steps: 1, seeds: [1] };
  const recipe = () => {
    throw new Error("nothing should be trained");
  };
  await assertRejects(
    () => compareWithSingleTask({ ...options, recipe }),
    RangeError,
    "is never sampled in 1 steps",
  );
  await assertRejects(() => compareWithSingleTask({ ...options, seeds: [] }), RangeError, "seed");
  assertThrows(() => evaluateTasks(build(), []), RangeError, "at least one task");
  assertThrows(() => tasks[0]!.evaluate(build(), "test"), RangeError, "no test part");
  assertThrows(() => toyTask("odd").evaluate(build()), RangeError, '"odd"');
});

Deno.test("rounds can be compared as well, with the plain recipe", async () => {
  const { tasks: rows } = await compareWithSingleTask({
    tasks,
    build,
    steps: 2,
    seeds: [3],
    mixture: (all, seed) => new TaskRounds(all, { seed }),
  });
  assertEquals(rows.map(({ batches }) => batches), [[2], [2]]);
});
