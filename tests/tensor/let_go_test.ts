// What no backward pass reads goes early: at the end of its layer, or as soon as backward can do without.
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  crossEntropy,
  keepResults,
  letGo,
  linear,
  memoryInfo,
  noGrad,
  Random,
  resetPeakMemory,
  type Tensor,
} from "@tunebook/tensor";

const freed = (t: Tensor) => t.storage.released !== undefined;

/** Two weights, of which some train, and what they make of the same input each time. */
function twoLayers(upTrains: boolean, downTrains: boolean) {
  const random = new Random(3), x = random.normal([6, 4]);
  const up = random.normal([8, 4]), down = random.normal([5, 8]);
  for (const weight of [up, down]) weight.requiresGrad = true;
  up.requiresGrad = upTrains;
  down.requiresGrad = downTrains;
  const hidden = linear(x, up, undefined, { activation: "gelu" }), output = linear(hidden, down);
  return { x, up, down, hidden, output };
}

Deno.test("a layer lets go what no backward pass reads, and nothing else", () => {
  for (const upTrains of [true, false]) {
    for (const downTrains of [true, false]) {
      const { x, up, down, hidden, output } = twoLayers(upTrains, downTrains);
      letGo([x, hidden, output, up, down], x, output);
      assertEquals(freed(hidden), !downTrains); // the gradient of `down` is made of it
      assertEquals([x, up, down, output].map(freed), [false, false, false, false]);
    }
  }
});

Deno.test("the freed result says who freed it and how to keep it", () => {
  const { x, hidden, output } = twoLayers(true, false);
  letGo([hidden], x, output);
  const error = assertThrows(() => hidden.data, Error, "this [6, 8] result of linear was freed");
  assert(/retain\(\).*keepResults\(\)/.test(error.message), error.message);
});

Deno.test("what is retained, without a graph, or made before stays", () => {
  const { x, hidden, output } = twoLayers(true, false);
  letGo([hidden.retain()], x, output);
  assertEquals(freed(hidden), false);
  const kept = keepResults(() => {
    const run = twoLayers(true, false);
    letGo([run.hidden], run.x, run.output);
    return run.hidden;
  });
  assertEquals(freed(kept), false);
  const aside = noGrad(() => {
    const run = twoLayers(true, false);
    letGo([run.hidden], run.x, run.output);
    return run.hidden;
  });
  assertEquals(freed(aside), false);
  const older = twoLayers(true, false), younger = twoLayers(true, false);
  letGo([older.hidden], younger.x, younger.output);
  assertEquals(freed(older.hidden), false);
});

/** Logits of four layers with a branch, so that results are read once, twice and not at all. */
function branching(): { parameters: Tensor[]; loss: () => Tensor; results: Tensor[] } {
  const random = new Random(5), x = random.normal([12, 8]), results: Tensor[] = [];
  const [a, b, c] = [[16, 8], [8, 16], [7, 8]].map((shape) => random.normal(shape, 0, 0.3));
  const parameters = [a!, b!, c!];
  for (const parameter of parameters) parameter.requiresGrad = true;
  const targets = new Random(6).randint(0, 7, [12]);
  const loss = () => {
    const hidden = linear(x, a!, undefined, { activation: "gelu-tanh" });
    const output = linear(hidden, b!, undefined, { residual: x }), branch = output.tanh();
    const logits = linear(branch.mul(output).add(branch), c!);
    results.splice(0, results.length, hidden, output, branch, logits);
    return crossEntropy(logits, targets);
  };
  return { parameters, loss, results };
}

Deno.test("gradients are the same bits with and without retainGraph, which keeps every value", () => {
  const { parameters, loss, results } = branching();
  const gradients = () => parameters.map((p) => Array.from(p.grad!.data));
  loss().backward();
  const expected = gradients();
  assertEquals(results.map(freed), [true, true, true, true]);
  const clear = () => parameters.forEach((p) => p.zeroGrad());
  clear();
  const again = loss(), values = results.map((t) => Array.from(t.data));
  for (let pass = 0; pass < 2; pass++) {
    again.backward({ retainGraph: true });
    assertEquals(gradients(), expected);
    assertEquals(results.map((t) => Array.from(t.data)), values);
    clear();
  }
  again.backward();
  assertEquals(gradients(), expected);
  assertEquals(results.map(freed), [true, true, true, true]);
});

Deno.test("backward overwrites no value that was retained", () => {
  const { loss, results } = branching(), value = loss(), logits = results[3]!.retain();
  const before = Array.from(logits.data);
  value.backward();
  assertEquals(Array.from(logits.data), before);
  assert(logits.grad!.data.some((g, i) => g !== before[i]));
});

Deno.test("what trained when an operation was recorded decides, as in PyTorch", () => {
  const { x, up, down, hidden, output } = twoLayers(true, false);
  letGo([hidden], x, output);
  down.requiresGrad = true; // too late: its gradient would need the hidden values
  output.sum().backward();
  assertEquals(down.grad, null);
  assert(up.grad !== null);
});

Deno.test("backward holds no values beside those it reads", () => {
  const random = new Random(7), x = random.normal([64, 256]);
  const weight = random.normal([256, 256], 0, 0.05), frozen = random.normal([256, 256], 0, 0.05);
  weight.requiresGrad = frozen.requiresGrad = true;
  frozen.requiresGrad = false;
  let y = linear(x, weight);
  for (let i = 0; i < 6; i++) y = linear(y, frozen).add(1); // none of the 12 results is read
  const loss = y.sum(), before = memoryInfo().liveBytes;
  resetPeakMemory();
  loss.backward();
  const seed = 128; // the block of the gradient that it begins with
  assert(memoryInfo().peakBytes <= before + seed, "gradients took more than results gave back");
  weight.zeroGrad();
});
