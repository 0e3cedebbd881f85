import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  Conv2d,
  Embedding,
  fans,
  gain,
  kaimingNormal,
  kaimingUniform,
  Linear,
  manualSeed,
  normal,
  truncatedNormal,
  uniform,
  xavierNormal,
  xavierUniform,
} from "@tunebook/nn";
import { Random, type Tensor } from "@tunebook/tensor";

/** Mean, deviation, and the largest magnitude. */
function statistics({ data }: Tensor) {
  const values = Array.from(data);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), largest: Math.max(...values.map(Math.abs)) };
}

function assertUniform(tensor: Tensor, bound: number): void {
  const { mean, deviation, largest } = statistics(tensor);
  assert(largest <= bound && largest > 0.98 * bound, `largest ${largest}, bound ${bound}`);
  assertAlmostEquals(mean, 0, 0.05 * bound);
  assertAlmostEquals(deviation, bound / Math.sqrt(3), 0.03 * bound);
}

function assertNormal(tensor: Tensor, deviation: number, mean = 0): void {
  const found = statistics(tensor);
  assertAlmostEquals(found.mean, mean, 0.05 * deviation);
  assertAlmostEquals(found.deviation, deviation, 0.04 * deviation);
}

const SHAPE = [120, 80];
const random = () => new Random(3);

Deno.test("initialisations have PyTorch's bounds and deviations", () => {
  assertNormal(normal(SHAPE, { mean: 2, deviation: 0.5, random: random() }), 0.5, 2);
  assertUniform(uniform(SHAPE, { low: -2, high: 2, random: random() }), 2);
  assertUniform(xavierUniform(SHAPE, { random: random() }), Math.sqrt(6 / 200));
  assertNormal(xavierNormal(SHAPE, { gain: 2, random: random() }), 2 * Math.sqrt(2 / 200));
  assertUniform(kaimingUniform(SHAPE, { random: random() }), Math.sqrt(6 / 80));
  assertUniform(kaimingUniform(SHAPE, { fan: "out", random: random() }), Math.sqrt(6 / 120));
  const tanh = { activation: "tanh", random: random() } as const;
  assertNormal(kaimingNormal(SHAPE, tanh), 5 / 3 / Math.sqrt(80));
});

Deno.test("layers begin as PyTorch's do", () => {
  manualSeed(1);
  const { weight, bias } = new Linear(80, 120);
  assertUniform(weight, 1 / Math.sqrt(80));
  assert(statistics(bias!).largest <= 1 / Math.sqrt(80));
  assertUniform(new Conv2d(16, 40, 3).weight, 1 / Math.sqrt(16 * 9));
  assertNormal(new Embedding(120, 80).weight, 1);
  for (const parameter of [weight, bias!]) assert(parameter.requiresGrad);
});

Deno.test("a truncated normal stays within its bounds and keeps its shape between them", () => {
  const cut = truncatedNormal(SHAPE, { low: -1, high: 1, random: random() });
  const { largest, deviation } = statistics(cut);
  assert(largest <= 1);
  assertAlmostEquals(deviation, 0.5396, 0.02); // of N(0, 1) cut at ±1
  assertThrows(() => truncatedNormal([2], { low: 1, high: -1 }), RangeError, "[1, -1]");
  assertThrows(() => truncatedNormal([2], { low: 50, high: 60 }), RangeError, "around the mean");
});

Deno.test("the same seed gives the same weights, another gives others", () => {
  const draw = (seed: number) => {
    manualSeed(seed);
    return [new Linear(3, 4).weight.toArray(), new Linear(3, 4).weight.toArray()];
  };
  assertEquals(draw(5), draw(5));
  assert(JSON.stringify(draw(5)) !== JSON.stringify(draw(6)));
  const [first, second] = draw(5);
  assert(JSON.stringify(first) !== JSON.stringify(second));
  const own = { random: new Random(9) };
  const again = { random: new Random(9) };
  assertEquals(new Linear(3, 4, own).weight.toArray(), new Linear(3, 4, again).weight.toArray());
});

Deno.test("fans and gains", () => {
  assertEquals(fans([8, 4]), { fanIn: 4, fanOut: 8 });
  assertEquals(fans([8, 4, 3, 5]), { fanIn: 60, fanOut: 120 });
  assertThrows(() => fans([8]), RangeError, "found [8]");
  assertEquals(gain("linear"), 1);
  assertEquals(gain("relu"), Math.SQRT2);
  assertAlmostEquals(gain("leakyRelu", Math.sqrt(5)), Math.sqrt(1 / 3));
});
