import { DwaWeighting, GradNormWeighting, UncertaintyWeighting } from "@tunebook/finetune";
import { gradCheck, noGrad, scope, type Tensor, tensor } from "@tunebook/tensor";
import { accumulateGradients, SGD } from "@tunebook/training";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { carry, gradientOf } from "../../../lib/finetune/multitask/weighting/gradients.ts";

const leaf = (numbers: number[]) => tensor(numbers, { requiresGrad: true });

/** A step of two tasks that share `w`, the second with `v` of its own. */
function step(w: Tensor, v: Tensor) {
  return {
    losses: [
      { task: "a", compute: () => w.mul(w).sum() },
      { task: "b", compute: () => w.sum().mul(v).add(4).pow(2).sum() },
    ],
    parameters: [w, v],
    shared: [w],
    lastShared: [w],
  };
}

Deno.test("uncertainty's gradients are those of its formula", () => {
  scope(() => {
    const weighting = new UncertaintyWeighting(["a", "b"]);
    weighting.logVariances.data.set([0.3, -0.2]);
    const w = leaf([0.4, -0.3]), v = leaf([0.2]);
    gradCheck(() => weighting.combine(step(w, v)), [w, v, weighting.logVariances]);
  });
});

Deno.test("under a loss that stays the same, uncertainty's weight comes to 1 / (2 L)", () => {
  const weighting = new UncertaintyWeighting(["small", "large"]);
  const optimizer = new SGD(weighting.parameters(), { learningRate: 0.05 });
  const losses = [["small", 0.5], ["large", 50]] as const;
  for (let i = 0; i < 300; i++) {
    scope(() => {
      optimizer.zeroGrad();
      weighting.combine({
        losses: losses.map(([task, loss]) => ({ task, compute: () => tensor(loss) })),
        parameters: [],
        shared: [],
        lastShared: [],
      }).backward();
      optimizer.step();
    });
  }
  optimizer.dispose();
  assertAlmostEquals(weighting.current().small!, 1, 0.01);
  assertAlmostEquals(weighting.current().large!, 0.01, 1e-4);
});

Deno.test("GradNorm's step goes down the weighted sum, and its weights even out the lengths", () => {
  scope(() => {
    const weighting = new GradNormWeighting(["a", "b"], { alpha: 0 });
    weighting.taskWeights.data.set([3, 1]); // scaled: 1.5 and 0.5
    const w = leaf([0.4, -0.3]), v = leaf([0.2]);
    weighting.combine(step(w, v)).backward();
    assertEquals(weighting.current(), { a: 1.5, b: 0.5 });
    const sum = () => {
      const [a, b] = step(w, v).losses.map(({ compute }) => noGrad(compute).item());
      return 1.5 * a! + 0.5 * b!;
    };
    for (const parameter of [w, v]) {
      for (const [i, value] of parameter.data.entries()) {
        parameter.data[i] = value + 1e-2;
        const up = sum();
        parameter.data[i] = value - 1e-2;
        const down = sum();
        parameter.data[i] = value;
        assertAlmostEquals(parameter.grad!.data[i]!, (up - down) / 2e-2, 1e-2);
      }
    }
    // a's gradient has length 1.5, b's 0.5 · 2 · 4.02 · 0.2 · √2 = 1.137: a's weight has to fall.
    const [a, b] = weighting.taskWeights.grad!.data;
    assert(a! > 0 && b! < 0, `${a}, ${b}`);
  });
});

Deno.test("no GradNorm weight falls to zero, and they always add up to the number of tasks", () => {
  const weighting = new GradNormWeighting(["a", "b", "c"]);
  weighting.taskWeights.data.set([-5, 2, 1]);
  const { a, b, c } = weighting.current();
  assert(a! > 0);
  assertAlmostEquals(a! + b! + c!, 3, 1e-6);
  assertAlmostEquals(b! / c!, 2, 1e-6);
});

Deno.test("DWA keeps what it knows of a task that an epoch didn't have", () => {
  const weighting = new DwaWeighting(["a", "b"], { batchesPerEpoch: 1, temperature: 1 });
  const see = (task: string, loss: number) =>
    scope(() =>
      weighting.combine({
        losses: [{ task, compute: () => tensor(loss) }],
        parameters: [],
        shared: [],
        lastShared: [],
      }).item()
    );
  assertEquals([see("a", 4), see("b", 2)], [4, 2]);
  assertEquals(weighting.current(), { a: 1, b: 1 });
  see("a", 2); // its loss halved; b's second epoch hasn't been
  const expected = 2 * Math.exp(0.5) / (Math.exp(0.5) + Math.exp(1));
  assertAlmostEquals(weighting.current().a!, expected, 1e-6);
  see("b", 2);
  assertAlmostEquals(weighting.current().a!, expected, 1e-6);
});

Deno.test("a carried gradient arrives by its share, where parameters want it", () => {
  const w = leaf([1, 2]), frozen = leaf([3]);
  frozen.requiresGrad = false;
  const gradient = [Float32Array.of(10, 20), Float32Array.of(5)];
  const mean = accumulateGradients([1, 3], (value) => carry(value, [w, frozen], gradient));
  assertEquals(mean, 2);
  assertEquals(w.grad?.toArray(), [10, 20]);
  assertEquals(frozen.grad, null);
});

Deno.test("looking at a gradient leaves those that are there", () => {
  const w = leaf([1, 2]), idle = leaf([7]);
  w.mul(3).sum().backward();
  const { loss, gradient } = gradientOf(() => w.mul(w).sum(), [w, idle]);
  assertEquals([loss, gradient], [5, [Float32Array.of(2, 4), undefined]]);
  assertEquals(w.grad?.toArray(), [3, 3]);
});
