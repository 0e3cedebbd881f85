// Who frees what, and that training does not leak.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  layerNorm,
  linear,
  memoryInfo,
  mse,
  noGrad,
  ones,
  Random,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "@tunebook/tensor";
import { allocate, type Block, releaseBlock } from "../../lib/tensor/memory.ts";
import { adamStep } from "../../lib/tensor/kernels.ts";

const live = () => memoryInfo().liveBytes;
const freed = (t: Tensor) => t.storage.released !== undefined;

Deno.test("backward frees intermediates and keeps the rest", () => {
  const random = new Random(1), x = random.normal([8, 4]);
  const w = random.normal([4, 4]), b = zeros([4]);
  w.requiresGrad = b.requiresGrad = true;
  const h = linear(x, w, b), kept = h.relu().retain(), normal = layerNorm(kept);
  const aside = noGrad(() => h.exp()), loss = normal.mul(normal).sum();
  loss.backward();
  assertEquals([x, w, b, loss, kept, aside, w.grad!].map(freed), Array(7).fill(false));
  assertEquals([h, normal].map(freed), [true, true]);
  assertEquals(kept.grad?.shape, [8, 4]); // retain() keeps the gradient as well
});

Deno.test("retainGraph keeps everything for a second pass", () => {
  const x = tensor([3], { requiresGrad: true }), h = x.mul(x), y = h.mul(x).sum();
  y.backward({ retainGraph: true });
  assertEquals(h.item(), 9);
  y.backward();
  assertEquals(x.grad?.item(), 54);
});

Deno.test("results of frozen layers are freed too, data prepared beforehand is not", () => {
  const data = tensor([[2, 4]]), scaled = data.div(2); // made once, used in every step
  const frozen = tensor([[1, 1]], { requiresGrad: true });
  frozen.requiresGrad = false;
  const head = tensor([[1]], { requiresGrad: true });
  const h = linear(scaled, frozen), loss = linear(h, head).sum();
  loss.backward();
  assertEquals([freed(scaled), freed(h)], [false, true]);
  assertEquals(frozen.grad, null);
});

Deno.test("a reshaped tensor keeps the memory alive", () => {
  const x = ones([4]), before = live(), view = x.reshape(2, 2);
  assertEquals(live(), before);
  x.dispose();
  assertEquals(view.toArray(), [[1, 1], [1, 1]]);
  view.dispose();
  assert(live() < before);
});

Deno.test("scope frees what was made in it, except its result, parameters and gradients", () => {
  const w = tensor([1, 2, 3], { requiresGrad: true }), before = live();
  const { loss, list } = scope(() => {
    const y = w.mul(2), loss = y.sum();
    loss.backward();
    return { loss, list: [noGrad(() => w.add(1))] };
  });
  assertEquals([loss.item(), list[0]!.toArray()], [12, [2, 3, 4]]);
  assertEquals(w.grad?.toArray(), [2, 2, 2]);
  [loss, list[0]!, w.grad!].forEach((t) => t.dispose());
  assertEquals(live(), before);
  scope(() => {
    const inner = scope(() => ones([5]));
    assertEquals(inner.sum().item(), 5); // handed to the outer scope
  });
  assertEquals(live(), before);
  assertThrows(() =>
    scope(() => {
      ones([100]);
      throw new Error("stop");
    })
  );
  assertEquals(live(), before); // also after an error
});

function trainingStep(): { step: () => void; parameters: Tensor[] } {
  const random = new Random(2), x = random.normal([32, 16]), y = random.normal([32, 1]);
  const parameters = [[24, 16], [24], [1, 24], [1]].map((s) => random.normal(s, 0, 0.1));
  parameters.forEach((p) => p.requiresGrad = true);
  const state = parameters.map((p) => [zeros(p.shape), zeros(p.shape)] as const);
  const [w1, b1, w2, b2] = parameters as [Tensor, Tensor, Tensor, Tensor];
  let t = 0;
  const step = () => {
    const loss = mse(linear(linear(x, w1, b1).gelu(), w2, b2), y);
    loss.backward();
    t++;
    parameters.forEach((p, i) => {
      const [m, v] = state[i]!, rates = { rate: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
      adamStep(p, p.grad!, m, v, { ...rates, step: t });
      p.zeroGrad();
    });
    loss.dispose();
  };
  return { step, parameters };
}

Deno.test("a thousand training steps leave the memory where ten left it", () => {
  const { step } = trainingStep();
  const rounds = Deno.env.get("TUNEBOOK_TEST") === "full" ? 1000 : 100;
  for (let i = 0; i < 10; i++) step();
  const after10 = memoryInfo();
  for (let i = 10; i < rounds; i++) step();
  const end = memoryInfo();
  assertEquals(end.liveBytes, after10.liveBytes);
  assertEquals(end.liveTensors, after10.liveTensors);
  assertEquals(end.totalBytes, after10.totalBytes);
});

Deno.test("freed memory of other sizes is merged and used again", () => {
  for (let i = 0; i < 8; i++) scope(() => Array.from({ length: 40 }, () => zeros([5000 + i])) && 0);
  const total = memoryInfo().totalBytes;
  for (let n = 1; n <= 64; n *= 2) scope(() => zeros([16384 * n]) && 0);
  assert(memoryInfo().totalBytes <= Math.max(total, 64 * 65536 * 1.3 + total));
});

Deno.test("exhaustion says what was asked, what is alive and what to do", () => {
  const taken: Block[] = []; // never written to, so the machine gives no real memory for it
  const error = assertThrows(() => {
    for (;;) taken.push(allocate(2 ** 30));
  }, RangeError);
  taken.forEach(releaseBlock);
  for (const part of ["1024.0 MB", "tensors hold", "scope(", "noGrad()", "dispose()"]) {
    assertStringIncludes(error.message, part);
  }
  assertEquals(ones([3]).sum().item(), 3); // the engine goes on
});
