import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { DataLoader, Dataset } from "@tunebook/data";
import { Linear } from "@tunebook/nn";
import { memoryInfo, tensor } from "@tunebook/tensor";
import {
  type Callback,
  clipGradNorm,
  cosineSchedule,
  countSteps,
  historyToCsv,
  linearSchedule,
  ReduceOnPlateau,
  SGD,
  Trainer,
} from "@tunebook/training";
import { accuracyOf, data, fullRun, lossOf, numbersOf, plainRun, unseen } from "./run.ts";

Deno.test("the trainer does what a plain loop of its parts does", async () => {
  const schedule = cosineSchedule({ totalSteps: countSteps(data, 2) });
  const ours = plainRun(0.2);
  const { history } = await new Trainer({ ...ours.options, epochs: 2, clipNorm: 0.5, schedule })
    .run();

  const { model } = plainRun(0.2);
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    for (const batch of data.epoch(epoch)) {
      optimizer.groups[0]!.learningRate = 0.1 * schedule(losses.length);
      optimizer.zeroGrad();
      const loss = lossOf(model, batch);
      losses.push(loss.item());
      loss.backward();
      clipGradNorm(model.parameters(), 0.5);
      optimizer.step();
    }
  }
  assertEquals(history.steps.map(({ loss }) => loss), losses);
  assertEquals(numbersOf(ours.model), numbersOf(model));
});

Deno.test("it learns, and tells the course of it as data and as CSV", async () => {
  const { trainer, model } = fullRun({
    epochs: 6,
    schedule: () => 1,
    evaluate: () => ({ accuracy: accuracyOf(model, unseen) }),
  });
  const { ending, history, best } = await trainer.run();
  assertEquals(ending, "finished");
  assertEquals(history.steps.map(({ step }) => step), Array.from({ length: 36 }, (_, i) => i + 1));
  assertEquals(history.steps[5]!.epoch, 1); // 11 batches, two a step: the sixth has one
  assertEquals(history.evaluations.map(({ step }) => step), [6, 12, 18, 24, 30, 36]);
  const { validationLoss, accuracy } = history.evaluations.at(-1)!.scores;
  assert(validationLoss! < 0.5 && accuracy! > 0.8, `${validationLoss} ${accuracy}`);
  const losses = history.evaluations.map(({ scores }) => scores.validationLoss!);
  assertEquals(best?.score, Math.min(...losses));
  assertEquals(JSON.parse(JSON.stringify(history)), history);

  const [header, ...lines] = historyToCsv(history).trim().split("\r\n");
  assertEquals(header, "step,epoch,loss,learningRate,gradientNorm,seconds,validationLoss,accuracy");
  assertEquals(lines.length, 36);
  assertEquals(lines.map((line) => line.split(",")[6])[5], String(losses[0]));
  assertEquals(lines.map((line) => line.split(",")[6])[6], "");
});

Deno.test("accumulated batches give the step of one large batch", async () => {
  const four = plainRun(), weighted = plainRun();
  const all = new DataLoader(Dataset.from([...data.epoch(0)].flat()), { batchSize: 44 });
  await new Trainer({ ...four.options, data: all, epochs: 3 }).run();
  // 11 batches, of which the last two have another size than the others.
  const parts = new DataLoader(Dataset.from([...data.epoch(0)].flat()), { batchSize: 9 });
  const weight = (batch: unknown[]) => batch.length;
  const options = { ...weighted.options, data: parts, weight };
  await new Trainer({ ...options, epochs: 3, accumulate: 5 }).run();
  const expected = numbersOf(four.model);
  numbersOf(weighted.model).forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-6));
});

Deno.test("a schedule scales the rate of every group", async () => {
  const { model, options } = plainRun();
  const optimizer = new SGD([
    { parameters: model.first.parameters(), learningRate: 0.4 },
    { parameters: model.second.parameters() },
  ], { learningRate: 0.1 });
  const schedule = linearSchedule({ totalSteps: 4 });
  const second: number[] = [];
  const onStep = () => void second.push(optimizer.groups[1]!.learningRate);
  const { history } = await new Trainer({
    ...options,
    optimizer,
    steps: 4,
    schedule,
    callbacks: [{ onStep }],
  }).run();
  const expected = [1, 0.75, 0.5, 0.25];
  assertEquals(history.steps.map(({ learningRate }) => learningRate), expected.map((f) => 0.4 * f));
  assertEquals(second, expected.map((f) => 0.1 * f));
});

Deno.test("a plateau schedule goes by the watched score", async () => {
  const { options } = plainRun();
  const { history } = await new Trainer({
    ...options,
    steps: 6,
    evaluateEvery: 2,
    evaluate: () => ({ constant: 1 }),
    watch: "constant",
    schedule: new ReduceOnPlateau({ patience: 0, factor: 0.5 }),
  }).run();
  const rates = history.steps.map(({ learningRate }) => learningRate);
  assertEquals(rates, [0.1, 0.1, 0.1, 0.1, 0.05, 0.05]);
});

Deno.test("early stopping puts the best weights back", async () => {
  const { model, options } = plainRun();
  const scores = [0.5, 0.7, 0.6, 0.65, 0.9];
  const seen: number[][] = [];
  const result = await new Trainer({
    ...options,
    steps: 100,
    evaluateEvery: 3,
    evaluate: () => {
      seen.push(numbersOf(model));
      return { accuracy: scores[seen.length - 1]! };
    },
    watch: "accuracy",
    earlyStopping: { patience: 1, mode: "max" },
  }).run();
  assertEquals(result.ending, "early");
  assertEquals(result.best, { step: 6, score: 0.7 });
  assertEquals(result.history.steps.length, 12);
  assertEquals(numbersOf(model), seen[1]);
});

Deno.test("evaluation is without dropout and leaves every module as it was", async () => {
  const { model, options } = plainRun(0.5);
  const during: boolean[] = [];
  await new Trainer({
    ...options,
    steps: 2,
    evaluateEvery: 1,
    evaluate: () => {
      during.push(model.dropout.training);
      return {};
    },
    callbacks: [{ onStart: () => void (model.second.training = false) }],
  }).run();
  assertEquals(during, [false, false]);
  assertEquals(model.dropout.training, true);
});

Deno.test("callbacks are told in order and may be asynchronous, stop the run, and see its end", async () => {
  const told: string[] = [];
  const tell = (what: string) => async () => {
    await Promise.resolve();
    told.push(what);
  };
  const teller: Callback = {
    onStart: tell("start"),
    onStep: tell("step"),
    onEvaluation: tell("evaluation"),
    onEnd: tell("end"),
  };
  const stopper: Callback = { onStep: ({ step }, run) => step === 2 ? run.stop() : undefined };
  const { options } = plainRun();
  const evaluated = { ...options, evaluate: () => ({ one: 1 }), evaluateEvery: 2, epochs: 9 };
  const { ending } = await new Trainer({ ...evaluated, callbacks: [teller, stopper] }).run();
  assertEquals(ending, "callback");
  assertEquals(told, ["start", "step", "step", "evaluation", "end"]);

  told.length = 0;
  const failing = { ...evaluated, evaluate: () => raise(), callbacks: [teller] };
  await assertRejects(() => new Trainer(failing).run(), Error, "mine");
  assertEquals(told, ["start", "step", "step", "end"]);
});

function raise(): never {
  throw new Error("mine");
}

Deno.test("a signal cancels between two steps, also from a timer", async () => {
  const { model, options } = plainRun();
  const trainer = new Trainer({ ...options, steps: 1e9, signal: AbortSignal.timeout(30) });
  const error = await assertRejects(() => trainer.run(), DOMException);
  assertEquals(error.name, "TimeoutError");
  assertEquals(trainer.history.steps.length, trainer.step);
  assert(trainer.step > 0 && model.first.weight.grad === null);
  const never = new Trainer({ ...options, steps: 1, signal: AbortSignal.abort(new Error("no")) });
  await assertRejects(() => never.run(), Error, "no");
});

Deno.test("a long run takes no more memory than a short one", async () => {
  const { model, options } = plainRun();
  const live: number[] = [];
  const onStep = () => void live.push(memoryInfo().liveBytes);
  const loader = new DataLoader(unseen, {
    batchSize: 4,
    collate: (batch) => ({ batch, extra: tensor(batch.map(({ x }) => x)) }),
  });
  await new Trainer({
    model,
    optimizer: options.optimizer,
    data: loader,
    loss: ({ batch, extra }) => options.loss(batch).add(extra.mean().mul(0)),
    steps: 50,
    callbacks: [{ onStep }],
  }).run();
  assertLessOrEqual(live.at(-1)!, live[3]!); // less when what other tests left is collected
});

Deno.test("options that make no sense say why", async () => {
  const { model, options } = plainRun();
  const make = (changes: object) => () => new Trainer({ ...options, epochs: 1, ...changes });
  assertThrows(make({ epochs: undefined }), TypeError, "neither");
  assertThrows(make({ steps: 3 }), TypeError, "both");
  assertThrows(make({ epochs: 1.5 }), RangeError, "epochs");
  assertThrows(make({ accumulate: 0 }), RangeError, "accumulate");
  assertThrows(make({ clipNorm: 0 }), RangeError, "clipNorm");
  assertThrows(make({ earlyStopping: { patience: 1 } }), TypeError, "nothing gives one");
  const other = new SGD(new Linear(1, 1).parameters(), { learningRate: 1 });
  assertThrows(make({ optimizer: [options.optimizer, other] }), TypeError, "of the model");
  const watching = make({ earlyStopping: { patience: 1 }, evaluate: () => ({ accuracy: 1 }) })();
  await assertRejects(() => watching.run(), TypeError, "accuracy; set watch");
  await assertRejects(() => watching.run(), Error, "started before");
  const short = { batchesPerEpoch: 3, epoch: () => [data.epoch(0).next().value!] };
  await assertRejects(() => new Trainer({ ...options, data: short, epochs: 1 }).run(), Error, "3");
  assertEquals(model.training, true);
});
