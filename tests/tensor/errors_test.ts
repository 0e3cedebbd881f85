// Every mistake is an error that names the operation, the shapes, and what to do.
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  concat,
  conv2d,
  crossEntropy,
  detectAnomaly,
  dropout,
  embedding,
  gradCheck,
  layerNorm,
  linear,
  maxPool2d,
  Random,
  scaledDotProductAttention,
  scope,
  setThreads,
  tensor,
  where,
  zeros,
} from "@tunebook/tensor";

function says(fn: () => unknown, ...parts: string[]): void {
  const error = assertThrows(fn, Error);
  for (const part of parts) assertStringIncludes(error.message, part);
}
const ids = (...list: number[]) => tensor(list, { dtype: "int32" });

Deno.test("wrong shapes", () => {
  const a = zeros([2, 3]), b = zeros([4, 5]);
  says(() => a.add(b), "add", "[2, 3]", "[4, 5]");
  says(() => a.matmul(b), "matmul", "[2, 3]", "[4, 5]");
  says(() => linear(a, b), "linear", "[2, 3]", "[4, 5]", "expected [.., in]");
  says(() => linear(a, zeros([4, 3]), zeros([3])), "linear", "bias", "[3]", "expected [4]");
  says(() => a.reshape(4, 2), "reshape", "[2, 3] (6 elements)", "[4, 2]");
  says(() => a.reshape(-1, 4), "reshape", "[-1, 4]");
  says(() => concat([a, b]), "concat", "[4, 5]");
  says(() => a.permute(0, 0), "permute", "[0, 0]");
  says(() => a.expand(3, 3), "expand", "[2, 3]", "[3, 3]");
  says(() => layerNorm(a, zeros([2])), "layerNorm", "[2]", "expected [3]");
  says(() => where(a, a, b), "where");
  says(() => a.maskedFill(zeros([2, 2, 3]), 0), "maskedFill", "[2, 2, 3]");
  says(() => conv2d(zeros([1, 2, 4, 4]), zeros([1, 3, 2, 2])), "conv2d", "[1, 3, 2, 2]");
  says(() => maxPool2d(zeros([1, 1, 2, 2]), 3), "maxPool2d", "[3, 3]", "[1, 1, 2, 2]");
  says(() => crossEntropy(a, [0]), "crossEntropy", "[1]", "[2, 3]");
  says(() => scaledDotProductAttention(a, a, a), "scaledDotProductAttention", "[2, 3]");
  says(() => a.item(), "item", "[2, 3]");
  says(() => tensor([[1, 2], [3]]), "ragged");
  says(() => tensor([1, 2, 3], { shape: [2] }), "3 numbers", "[2]");
});

Deno.test("bad indices", () => {
  const x = zeros([2, 3]);
  says(() => x.sum(2), "sum", "dimension 2", "[2, 3]", "-2 to 1");
  says(() => x.slice(5), "slice", "index 5", "[2, 3]");
  says(() => x.narrow(1, 2, 2), "narrow", "[2, 3]");
  says(() => embedding(x, [0, 2]), "embedding", "index 2", "0 to 1");
  says(() => embedding(x, tensor([0.5])), "embedding", "int32", "float32");
  says(() => x.gather(1, ids(0)), "gather", "[1]", "[2, 3]");
  says(() => x.gather(1, tensor([[3], [0]], { dtype: "int32" })), "gather", "index 3");
  says(() => crossEntropy(x, [0, 3]), "crossEntropy", "target 3", "0 to 2");
  says(() => x.split([1, 1], 1), "split", "[1, 1]");
});

Deno.test("wrong kinds and numbers", () => {
  says(() => ids(1).add(1), "add", "int32", "float()");
  says(() => ids(1).requiresGrad = true, "requiresGrad", "int32");
  says(() => dropout(zeros([1]), 2, { random: new Random(0) }), "dropout", "2");
  says(() => new Random(0.5), "Random", "0.5");
  says(() => new Random(0).choice([1, 2], 3), "choice", "3 of 2");
  says(() => new Random(0).randint(3, 3, [1]), "randint");
  says(() => setThreads(0), "setThreads", "0");
});

Deno.test("a freed result names its operation and says how to keep it", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const h = x.exp(), y = h.mul(2).sum();
  y.backward();
  says(() => h.data, "[2] result of exp", "backward()", "retain()", "retainGraph");
  says(() => h.add(1), "[2] result of exp", "retain()");
  assertEquals(y.size, 1); // the loss is still there
  y.item();
});

Deno.test("a second backward through a freed graph", () => {
  const x = tensor([1, 2], { requiresGrad: true }), h = x.mul(2), y = h.sum();
  y.backward();
  says(() => y.backward(), "backward", "sum", "freed", "retainGraph");

  const shared = x.mul(2).retain(), first = shared.sum(), second = shared.mean();
  first.backward();
  says(() => second.backward(), "backward", "mul", "retainGraph");
});

Deno.test("a disposed tensor, or one that left its scope", () => {
  const x = zeros([2, 3]);
  x.dispose();
  x.dispose(); // twice is once
  says(() => x.add(1), "[2, 3]", "disposed");
  const inner: { t?: ReturnType<typeof zeros> } = {};
  scope(() => {
    inner.t = zeros([4]).add(1);
  });
  says(() => inner.t!.sum(), "[4] result of add", "scope()", "return it");
  says(() => scope(() => Promise.resolve()), "scope", "async");
});

Deno.test("backward where there is nothing to do", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  says(() => x.mul(2).backward(), "backward", "[2]", "sum()");
  says(() => zeros([]).backward(), "backward", "requiresGrad");
  says(() => x.mul(2).backward({ gradient: zeros([3]) }), "backward", "[3]", "expected [2]");
  says(() => x.mul(2).requiresGrad = false, "requiresGrad", "mul", "detach");
});

Deno.test("detectAnomaly names the operation that gave NaN, forward and backward", () => {
  const x = tensor([1, -1], { requiresGrad: true });
  says(() => detectAnomaly(() => x.log()), "detectAnomaly", "log", "element 1", "[2]");
  const zero = tensor([0], { requiresGrad: true });
  // sqrt has slope infinity at 0, and infinity times 0 is not a number
  says(() => detectAnomaly(() => zero.sqrt().mul(0).sum().backward()), "backward pass of sqrt");
  x.log(); // outside it nothing is checked
});

Deno.test("gradCheck finds a wrong gradient", () => {
  const x = tensor([0.5, 1], { requiresGrad: true });
  says(() => gradCheck((t) => t.mul(t.detach()), [x]), "gradCheck", "element 0");
});
