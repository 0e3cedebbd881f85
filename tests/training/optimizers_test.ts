import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { encodeSafetensors, memoryInfo, SafetensorsFile, scope, tensor } from "@tunebook/tensor";
import {
  Adam,
  AdamW,
  clipGradNorm,
  type GroupOptions,
  Muon,
  type Optimizer,
  SGD,
} from "@tunebook/training";

const trainable = (values: number[] | number[][]) => tensor(values, { requiresGrad: true });

// deno-lint-ignore no-explicit-any -- every optimizer has options of its own
const ALL: Record<string, (parameters: any, options: any) => Optimizer<any>> = {
  SGD: (parameters, options) => new SGD(parameters, { momentum: 0.9, ...options }),
  Adam: (parameters, options) => new Adam(parameters, options),
  AdamW: (parameters, options) => new AdamW(parameters, options),
  Muon: (parameters, options) => new Muon(parameters, options),
};

for (const [name, make] of Object.entries(ALL)) {
  Deno.test(`${name} goes downhill, within scopes too`, () => {
    const w = trainable([[3, -2], [1, 4]]);
    const optimizer = make([w], { learningRate: 0.05, weightDecay: 0 });
    const loss = () => w.mul(w).sum();
    const before = loss().item();
    for (let step = 0; step < 30; step++) {
      scope(() => {
        optimizer.zeroGrad();
        loss().backward();
        optimizer.step();
      });
    }
    assert(loss().item() < before / 2, `${before} became ${loss().item()}`);
  });

  Deno.test(`${name} keeps state only for what trains, and gives it back`, () => {
    const [frozen, unused, trained] = [trainable([[1]]), trainable([[1]]), trainable([[1]])];
    frozen.requiresGrad = false;
    const optimizer = make([frozen, unused, trained], { learningRate: 0.1 });
    trained.mul(2).sum().backward();
    const before = memoryInfo().liveTensors;
    optimizer.step();
    const { tensors, steps } = optimizer.stateDict();
    assertEquals(Object.keys(steps), ["2"]);
    assert([...tensors.keys()].every((key) => key.startsWith("2.")));
    assertEquals(memoryInfo().liveTensors - before, tensors.size);
    assertEquals(frozen.item(), 1);
    assertEquals(unused.item(), 1);
    optimizer.dispose();
    assertEquals(memoryInfo().liveTensors, before);
  });

  Deno.test(`${name} stopped, saved and loaded goes on to the same numbers`, async () => {
    const gradient = (step: number) => tensor([[Math.sin(step), 1], [-0.5, Math.cos(step)]]);
    const walk = (optimizer: Optimizer<GroupOptions>, from: number, to: number) => {
      const [w] = optimizer.groups[0]!.parameters;
      for (let step = from; step < to; step++) {
        w!.grad = gradient(step);
        optimizer.step();
      }
    };
    const start = [[1, 2], [3, 4]];
    const whole = trainable(start);
    walk(make([whole], { learningRate: 0.1 }), 0, 6);

    const first = trainable(start);
    const one = make([first], { learningRate: 0.1 });
    walk(one, 0, 3);
    const { tensors, ...rest } = one.stateDict();
    const file = await SafetensorsFile.open(encodeSafetensors(tensors));
    const read = await Promise.all(
      file.names.map(async (key) => [key, await file.readFloat32(key)] as const),
    );
    const second = trainable(first.toArray() as number[][]);
    const two = make([second], { learningRate: 99 });
    two.loadStateDict({ tensors: read, ...JSON.parse(JSON.stringify(rest)) });
    assertEquals(two.groups[0]!.learningRate, 0.1);
    walk(two, 3, 6);
    assertEquals(second.toArray(), whole.toArray());
  });

  Deno.test(`${name} says what is wrong`, () => {
    const w = trainable([[1]]);
    const wrong = (options: unknown) => () => make([w], options);
    assertThrows(() => make([], { learningRate: 1 }), TypeError, "is everything frozen?");
    assertThrows(() => make([w, w], { learningRate: 1 }), TypeError, "given twice");
    assertThrows(() => make([w, { parameters: [w] }], {}), TypeError, "found both");
    assertThrows(() => make([{ parameters: [] }], { learningRate: 1 }), TypeError, "Group 0");
    for (const learningRate of [-1, NaN, Infinity]) {
      assertThrows(wrong({ learningRate }), RangeError, `found ${learningRate}`);
    }
    assertThrows(wrong({ learningRate: 1, weightDecay: -1 }), RangeError, "weightDecay");
    const optimizer = make([w], { learningRate: 0.1 });
    assertThrows(() => optimizer.step(), Error, "call loss.backward() first");
    w.grad = tensor([[1]]);
    optimizer.groups[0]!.learningRate = NaN;
    assertThrows(() => optimizer.step(), RangeError, "found NaN");
    optimizer.groups[0]!.learningRate = 0.1;
    optimizer.step();
    const state = optimizer.stateDict();
    const other = make([trainable([[1], [2]])], { learningRate: 0.1 });
    assertThrows(() => other.loadStateDict(state), TypeError, "a parameter [2, 1]");
    assertThrows(
      () => other.loadStateDict({ ...state, groups: [] }),
      TypeError,
      "1 groups but found 0",
    );
    assertThrows(
      () => other.loadStateDict({ ...state, steps: { 5: 1 } }),
      TypeError,
      "one numbered 5",
    );
  });
}

Deno.test("options beyond their range are refused", () => {
  const w = trainable([[1]]);
  assertThrows(() => new SGD([w], { learningRate: 1, nesterov: true }), RangeError, "Nesterov");
  assertThrows(() => new Adam([w], { betas: [0.9, 1] }), RangeError, "betas[1]");
  assertThrows(() => new AdamW([w], { eps: -1 }), RangeError, "eps");
  assertThrows(() => new Muon([w], { momentum: 1 }), RangeError, "momentum");
  assertThrows(() => new Muon([trainable([1, 2])]), TypeError, "found a parameter [2]");
});

Deno.test("groups keep their own options and share the others", () => {
  const optimizer = new AdamW([
    { parameters: [trainable([1])], weightDecay: 0 },
    { parameters: [trainable([2])], learningRate: 0.5 },
  ], { learningRate: 0.1, weightDecay: 0.2 });
  assertEquals(
    optimizer.groups.map(({ learningRate, weightDecay }) => [learningRate, weightDecay]),
    [[0.1, 0], [0.5, 0.2]],
  );
});

Deno.test("clipping scales only what is too long, and reports what isn't finite", () => {
  const [a, b, c] = [trainable([0]), trainable([0, 0]), trainable([0])];
  a.grad = tensor([3]);
  b.grad = tensor([0, 4]);
  assertAlmostEquals(clipGradNorm([a, b, c], 10), 5, 1e-5);
  assertEquals(a.grad.item(), 3);
  assertAlmostEquals(clipGradNorm([a, b, c], 1), 5, 1e-5);
  assertAlmostEquals(a.grad.item(), 0.6, 1e-5);
  assertAlmostEquals(b.grad.data[1]!, 0.8, 1e-5);
  assertEquals(clipGradNorm([c], 1), 0);
  a.grad = tensor([NaN]);
  assert(Number.isNaN(clipGradNorm([a], 1)));
  assertThrows(() => clipGradNorm([a], 1, { errorIfNonFinite: true }), RangeError, "diverged");
  assertThrows(() => clipGradNorm([a], -1), RangeError, "found -1");
});
