import {
  DwaWeighting,
  EqualWeighting,
  evaluateTasks,
  GradNormWeighting,
  MultiTaskLearner,
  PcGradWeighting,
  StaticWeighting,
  TaskMixture,
  TaskRounds,
  UncertaintyWeighting,
  type Weighting,
} from "@tunebook/finetune";
import { manualSeed } from "@tunebook/nn";
import { scope } from "@tunebook/tensor";
import { Adam, SGD, Trainer } from "@tunebook/training";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { batchOf, KINDS, noise, texts, toyModel, type ToyName, toyTask, toyTasks } from "./toy.ts";

const NAMES = Object.keys(KINDS) as ToyName[];

Deno.test("a mixture learns all tasks", async () => {
  manualSeed(1);
  const model = toyModel(), learner = new MultiTaskLearner(model);
  const tasks = toyTasks({ examples: 256 });
  const before = evaluateTasks(model, tasks);
  const optimizer = new Adam(learner.parameterGroups({ learningRate: 5e-3 }));
  const { history } = await new Trainer({
    model: learner,
    optimizer,
    data: new TaskMixture(tasks),
    loss: (batches) => learner.loss(batches),
    epochs: 2,
    evaluate: () => evaluateTasks(model, tasks).scores,
    watch: "average",
    earlyStopping: { patience: 10, mode: "max" },
  }).run();
  optimizer.dispose();
  const after = evaluateTasks(model, tasks);
  assertLess(before.average, 0.6);
  for (const [task, scores] of Object.entries(after.tasks)) {
    assertGreater(Object.values(scores)[0]!, 0.9, `${task}: ${after}`);
  }
  assertEquals(history.evaluations.length, 2);
  assertAlmostEquals(history.evaluations.at(-1)!.scores.average!, after.average, 1e-9);
  assertEquals(Object.keys(after.scores).slice(0, 2), ["high.accuracy", "high.macroF1"]);
});

/** Trains by plain SGD beside a task of pure noise, whose loss has the given scale: the accuracy. */
async function besideNoise(
  lossScale: number,
  weighting: (tasks: string[]) => Weighting,
): Promise<number> {
  manualSeed(1);
  const model = toyModel({ odd: { ...KINDS.odd, lossScale }, high: KINDS.high });
  const learner = new MultiTaskLearner(model, weighting(model.tasks));
  const high = toyTask("high");
  const groups = learner.parameterGroups({ learningRate: 0.3, weightingRate: 0.05 });
  await new Trainer({
    model: learner,
    optimizer: new SGD(groups, { learningRate: 0.3 }),
    data: new TaskRounds([noise(), high]),
    loss: (batches) => learner.loss(batches),
    clipNorm: 1,
    steps: 90,
  }).run();
  return high.evaluate(model).accuracy!;
}

Deno.test("a loss times 100 takes over under SGD; balancing gives the other task its share", async () => {
  const equal = (tasks: string[]) => new EqualWeighting(tasks);
  assertGreater(await besideNoise(1, equal), 0.95);
  assertLess(await besideNoise(100, equal), 0.75);
  assertGreater(await besideNoise(100, (tasks) => new UncertaintyWeighting(tasks)), 0.95);
  assertGreater(await besideNoise(100, (tasks) => new GradNormWeighting(tasks)), 0.95);
});

const ones = (tasks: string[]) => Object.fromEntries(tasks.map((task) => [task, 1]));

const WEIGHTINGS: Record<string, (tasks: string[]) => Weighting> = {
  uncertainty: (tasks) => new UncertaintyWeighting(tasks),
  dwa: (tasks) => new DwaWeighting(tasks, { batchesPerEpoch: 3 }),
  gradNorm: (tasks) => new GradNormWeighting(tasks),
  pcGrad: (tasks) => new PcGradWeighting(tasks),
};

for (const [name, weighting] of Object.entries(WEIGHTINGS)) {
  Deno.test(`a run by ${name} that was stopped goes on to the same numbers`, async () => {
    const folder = await Deno.makeTempDir();
    const run = async (steps: number, resume: boolean, keep: boolean) => {
      manualSeed(5);
      const model = toyModel(), learner = new MultiTaskLearner(model, weighting(model.tasks));
      const tasks = toyTasks({ examples: 24 });
      const optimizer = new Adam(learner.parameterGroups({ learningRate: 1e-2 }));
      const { history } = await new Trainer({
        model: learner,
        optimizer,
        data: learner.weighting.needsEveryTask
          ? new TaskRounds(tasks, { batchesPerEpoch: 5 })
          : new TaskMixture(tasks, { batchesPerEpoch: 5 }),
        loss: (batches) => learner.loss(batches),
        steps,
        ...(keep && { checkpoints: { folder, everySteps: 1, resume } }),
      }).run();
      optimizer.dispose();
      const state = Array.from(learner.stateDict(), ([key, { data }]) => [key, [...data]]);
      return { losses: history.steps.map(({ loss }) => loss), state };
    };
    const straight = await run(9, false, false);
    await run(4, false, true);
    assertEquals(await run(9, true, true), straight);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("in evaluation the loss is the plain mean, whatever the weighting", () => {
  scope(() => {
    const model = toyModel();
    const learner = new MultiTaskLearner(model, new StaticWeighting({ ...ones(NAMES), odd: 5 }));
    const batches = NAMES.map((task) => ({ task, ...batchOf(task, texts(2, 3).toArray()) }));
    const losses = batches.map((batch) => model.loss(batch).item());
    const [a, b, c] = losses as [number, number, number];
    assertAlmostEquals(learner.loss(batches).item(), a + 5 * b + c, 1e-5);
    assertEquals(learner.recentLosses, { high: a, odd: b, where: c });
    learner.eval();
    assertAlmostEquals(learner.loss(batches).item(), (a + b + c) / 3, 1e-6);
  });
});

Deno.test("a weighting's mistakes say what to do", () => {
  const model = toyModel();
  const batch = { task: "high", ...batchOf("high", texts(2, 3).toArray()) };
  const learner = new MultiTaskLearner(model, new PcGradWeighting(NAMES));
  assertThrows(() => learner.loss([batch]), RangeError, "take the batches from TaskRounds");
  assertThrows(() => learner.loss([{ ...batch, task: "hgih" }]), RangeError, '"hgih"');
  const two = new MultiTaskLearner(model, new UncertaintyWeighting(["odd", "where"]));
  assertThrows(() => two.loss([batch]), RangeError, "odd, where");
  assertThrows(() => new MultiTaskLearner(model, new UncertaintyWeighting(["x"])), RangeError);
  assertThrows(() => new StaticWeighting({ a: 1, b: 0 }), RangeError, 'found 0 for "b"');
  assertThrows(() => new StaticWeighting({ a: NaN }), RangeError, "above 0");
  assertThrows(() => new UncertaintyWeighting([]), RangeError, "none");
  assertThrows(() => new PcGradWeighting(["a", "a"]), RangeError, "a, a");
  assertThrows(() => new DwaWeighting(["a"], { batchesPerEpoch: 0 }), RangeError);
  assertThrows(() => new GradNormWeighting(["a"], { alpha: -1 }), RangeError, "alpha");
});
