import { assertEquals, assertRejects } from "@std/assert";
import { DataLoader } from "@tunebook/data";
import { StateError } from "@tunebook/nn";
import { tensor } from "@tunebook/tensor";
import {
  AdamW,
  listCheckpoints,
  readCheckpoint,
  Trainer,
  writeCheckpoint,
} from "@tunebook/training";
import { fullRun, numbersOf, plainRun, points, traceOf } from "./run.ts";

/** Runs `body` with a folder that is gone afterwards. */
async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/run`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a checkpoint gives back what was put in, odd numbers included", () =>
  withFolder(async (folder) => {
    const state = { numbers: [1 / 3, NaN, Infinity, -Infinity], text: "ü", nothing: null };
    const model = new Map([["w", tensor([[0.1, -2]])], ["i", tensor([3], { dtype: "int32" })]]);
    const path = await writeCheckpoint(folder, 12, { state, tensors: { model } });
    const read = await readCheckpoint(folder);
    assertEquals(read?.path, path);
    assertEquals(read?.state, state);
    assertEquals(read?.tensors.model?.get("w")?.shape, [1, 2]);
    assertEquals(read?.tensors.model?.get("i")?.data, new Int32Array([3]));
  }));

Deno.test("the last two stay, and what a killed run left unfinished goes", () =>
  withFolder(async (folder) => {
    const contents = { state: 0, tensors: {} };
    await Deno.mkdir(`${folder}/partial-of-another-life`, { recursive: true });
    for (const step of [5, 50, 500]) await writeCheckpoint(folder, step, contents);
    assertEquals(await listCheckpoints(folder), ["step-00000050", "step-00000500"]);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 2);
    await writeCheckpoint(folder, 5000, contents, 1);
    assertEquals(await listCheckpoints(folder), ["step-00005000"]);
    assertEquals(await readCheckpoint(`${folder}/elsewhere`), undefined);
  }));

Deno.test("when the newest is damaged the one before is read", () =>
  withFolder(async (folder) => {
    const model = new Map([["w", tensor([1])]]);
    for (const step of [1, 2]) {
      await writeCheckpoint(folder, step, { state: { step }, tensors: { model } });
    }
    await Deno.truncate(`${folder}/step-00000002/model.safetensors`, 20);
    assertEquals((await readCheckpoint(folder))?.state, { step: 1 });
    await Deno.remove(`${folder}/step-00000001/state.json`);
    await assertRejects(() => readCheckpoint(folder), AggregateError, "None");
  }));

Deno.test("a cancelled run goes on to the same numbers", () =>
  withFolder(async (folder) => {
    const whole = fullRun();
    await whole.trainer.run();
    const cancel = new AbortController();
    const first = fullRun({
      signal: cancel.signal,
      checkpoints: { folder },
      // In the middle of an epoch, where no checkpoint is due.
      callbacks: [{ onStep: ({ step }) => step === 15 ? cancel.abort() : undefined }],
    });
    await assertRejects(() => first.trainer.run(), DOMException);
    assertEquals(first.trainer.step, 15);
    const saved: string[] = [];
    const second = fullRun({
      checkpoints: { folder, resume: true },
      callbacks: [{ onCheckpoint: (path) => void saved.push(path.slice(folder.length + 1)) }],
    });
    await second.trainer.run();
    assertEquals(traceOf(second.trainer, second.model), traceOf(whole.trainer, whole.model));
    assertEquals(saved, ["step-00000018", "step-00000024", "step-00000030"]);
  }));

Deno.test("resuming a run that is over gives its result, the best weights included", () =>
  withFolder(async (folder) => {
    const scores = [0.5, 0.7, 0.6];
    const make = (resume: boolean) => {
      const { model, options } = plainRun();
      let evaluations = 0;
      const trainer = new Trainer({
        ...options,
        steps: 90,
        evaluateEvery: 3,
        evaluate: () => ({ accuracy: scores[evaluations++]! }),
        watch: "accuracy",
        earlyStopping: { patience: 0, mode: "max" },
        checkpoints: { folder, everySteps: 4, resume },
      });
      return { model, trainer };
    };
    const first = make(false), again = make(true);
    const result = await first.trainer.run();
    assertEquals(result.ending, "early");
    const { history: _, ...rest } = await again.trainer.run();
    assertEquals(rest, { ending: "early", best: { step: 6, score: 0.7 } });
    assertEquals(traceOf(again.trainer, again.model), traceOf(first.trainer, first.model));
    await assertRejects(() => make(false).trainer.run(), Error, "earlier run (step-00000009)");
  }));

Deno.test("a finished run can be made longer", () =>
  withFolder(async (folder) => {
    const whole = plainRun(0.2);
    await new Trainer({ ...whole.options, steps: 30 }).run();
    const checkpoints = { folder, resume: true };
    await new Trainer({ ...plainRun(0.2).options, steps: 13, checkpoints }).run();
    const longer = plainRun(0.2);
    await new Trainer({ ...longer.options, steps: 30, checkpoints }).run();
    assertEquals(numbersOf(longer.model), numbersOf(whole.model));
  }));

Deno.test("what was frozen is frozen again", () =>
  withFolder(async (folder) => {
    const frozen = plainRun();
    frozen.model.first.setRequiresGrad(false);
    const checkpoints = { folder, resume: true };
    await new Trainer({ ...frozen.options, steps: 3, checkpoints }).run();
    const thawed = plainRun();
    await new Trainer({ ...thawed.options, steps: 6, checkpoints }).run();
    assertEquals(thawed.model.first.weight.requiresGrad, false);
    assertEquals(numbersOf(thawed.model.first), numbersOf(frozen.model.first));
  }));

Deno.test("the checkpoints of another run are refused", () =>
  withFolder(async (folder) => {
    const checkpoints = { folder, resume: true };
    await new Trainer({ ...plainRun().options, steps: 3, checkpoints }).run();
    const refused = (changes: object) => () =>
      new Trainer({ ...plainRun().options, steps: 3, checkpoints, ...changes }).run();
    const other = new DataLoader(points(8, 1), { batchSize: 4 });
    await assertRejects(refused({ data: other }), Error, "11 batches an epoch, 1 a step but");
    await assertRejects(refused({ accumulate: 2 }), Error, "this one has 11 batches an epoch, 2");
    const { model } = plainRun();
    const two = ["first", "second"].map((name) =>
      new AdamW(model.module(name).parameters(), { learningRate: 1 })
    );
    await assertRejects(refused({ model, optimizer: two }), Error, "has 1 optimizers");
    await assertRejects(
      refused({ model: model.first, optimizer: two[0] }),
      StateError,
      "first.weight",
    );
  }));
