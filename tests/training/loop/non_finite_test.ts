import { assert, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "@tunebook/tensor";
import { NonFiniteError, SGD, Trainer, type TrainerOptions } from "@tunebook/training";
import { lossOf, type Net, numbersOf, plainRun, type Point } from "./run.ts";

/** Runs into the error that is expected, and checks that no weight was harmed by the last step. */
async function failing(
  change: (model: Net) => Partial<TrainerOptions<Point[]>>,
): Promise<{ error: NonFiniteError; model: Net }> {
  const { model, options } = plainRun(0.3);
  const trainer = new Trainer({ ...options, steps: 10, ...change(model) });
  const error = await assertRejects(() => trainer.run(), NonFiniteError);
  assertEquals(error.step, trainer.step + 1);
  return { error, model };
}

Deno.test("a loss that becomes NaN names the step, the operation and the nearest parameter", async () => {
  const { error, model } = await failing((model) => {
    let calls = 0;
    return {
      loss: (batch) => {
        // In the fourth step and whenever it is looked at again.
        const bad = ++calls >= 4 ? NaN : 1;
        const x = model.first.forward(tensor(batch.map(({ x }) => x))).relu();
        return model.second.forward(model.dropout.forward(x)).mul(bad).pow(2).mean();
      },
    };
  });
  assertEquals([error.step, error.origin, error.parameter], [4, "loss", "second.weight"]);
  assert(error.message.includes("result of mul [4, 2], next to second.weight"), error.message);
  assert(numbersOf(model).every(Number.isFinite));
});

Deno.test("a gradient that becomes infinite names where the way back broke", async () => {
  const { error, model } = await failing((model) => ({
    // The root's gradient at 0 is infinite; the loss itself is 0 and harmless.
    loss: (batch) => lossOf(model, batch).add(model.first.bias!.mul(0).sum().sqrt()),
  }));
  assertEquals([error.step, error.origin, error.parameter], [1, "gradient", "first.bias"]);
  assert(numbersOf(model).every(Number.isFinite));
});

Deno.test("of several broken gradients the one nearest to the loss is named", async () => {
  const { error } = await failing((model) => ({
    loss: (batch) => model.forward(tensor(batch.map(({ x }) => x))).mul(0).sum().sqrt(),
  }));
  assertEquals([error.step, error.origin], [1, "gradient"]);
  assert(error.parameter?.startsWith("second."), error.parameter);
});

Deno.test("a weight that an update broke is named", async () => {
  const { error } = await failing((model) => ({
    optimizer: new SGD([
      { parameters: [model.second.weight], learningRate: 1e39 },
      { parameters: model.first.parameters() },
    ], { learningRate: 0.01 }),
  }));
  assertEquals([error.step, error.origin, error.parameter], [2, "weight", "second.weight"]);
});

Deno.test("a weight that the very last update broke is no result", async () => {
  const { error } = await failing((model) => ({
    optimizer: new SGD(model.parameters(), { learningRate: 1e39 }),
    steps: 1,
  }));
  assertEquals([error.step, error.origin], [2, "weight"]);
});

Deno.test("gradients too large to be added up name the largest", async () => {
  const { error } = await failing((model) => ({
    loss: (batch) => lossOf(model, batch).add(model.first.weight.mul(1e30).sum()),
  }));
  assertEquals([error.step, error.origin, error.parameter], [1, "gradient", "first.weight"]);
  assert(error.message.includes("too large"), error.message);
});
