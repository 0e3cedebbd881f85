// Every operation's gradient against finite differences, with sizes that leave partial vectors.
import {
  avgPool2d,
  binaryCrossEntropyWithLogits,
  concat,
  conv2d,
  crossEntropy,
  dropout,
  embedding,
  gradCheck,
  layerNorm,
  linear,
  maximum,
  maxPool2d,
  minimum,
  mse,
  Random,
  rmsNorm,
  scaledDotProductAttention,
  scope,
  stack,
  type Tensor,
  tensor,
  where,
} from "@tunebook/tensor";

type Operation = (...inputs: Tensor[]) => Tensor;
const random = new Random(20);

/** Trainable normal numbers, kept away from zero where functions have kinks or poles. */
function input(shape: number[], away = 0): Tensor {
  const t = random.normal(shape);
  t.data.forEach((v, i) => t.data[i] = v + (v < 0 ? -away : away));
  t.requiresGrad = true;
  return t;
}

function check(name: string, fn: Operation, ...shapes: number[][]): void {
  Deno.test(`gradient of ${name} for ${JSON.stringify(shapes)}`, () => {
    scope(() => gradCheck(fn, shapes.map((shape) => input(shape, 0.1))));
  });
}
const ids = (list: number[] | number[][]) => tensor(list, { dtype: "int32" });

const broadcasts = [[[2, 3], [2, 3]], [[2, 1, 5], [3, 1]], [[1], [7]], [[3, 4], []]];
for (const shapes of broadcasts) {
  check("add", (a, b) => a!.add(b!), ...shapes);
  check("sub", (a, b) => a!.sub(b!), ...shapes);
  check("mul", (a, b) => a!.mul(b!), ...shapes);
  check("div", (a, b) => a!.div(b!.mul(b!).add(1)), ...shapes);
  check("pow", (a, b) => a!.abs().add(0.5).pow(b!), ...shapes);
}
check("maximum", (a, b) => maximum(a!, b!.mul(3)), [7], [7]);
check("minimum", (a, b) => minimum(a!, b!.mul(3)), [3, 1], [1, 5]);
check("arithmetic with numbers", (a) => a!.add(1).sub(2).mul(3).div(4).neg(), [5]);

const functions = {
  exp: (x: Tensor) => x.exp(),
  log: (x: Tensor) => x.abs().log(),
  sqrt: (x: Tensor) => x.abs().add(0.5).sqrt(),
  abs: (x: Tensor) => x.abs(),
  sin: (x: Tensor) => x.sin(),
  cos: (x: Tensor) => x.cos(),
  tanh: (x: Tensor) => x.tanh(),
  sigmoid: (x: Tensor) => x.sigmoid(),
  relu: (x: Tensor) => x.relu(),
  silu: (x: Tensor) => x.silu(),
  softplus: (x: Tensor) => x.softplus(),
  gelu: (x: Tensor) => x.gelu(),
  "gelu (tanh)": (x: Tensor) => x.gelu({ approximate: "tanh" }),
  "clip": (x: Tensor) => x.clip(-10, 10),
  "pow 2": (x: Tensor) => x.pow(2),
  "pow 3": (x: Tensor) => x.pow(3),
  "pow -1": (x: Tensor) => x.abs().add(0.5).pow(-1),
  "pow 0.5": (x: Tensor) => x.abs().add(0.5).pow(0.5),
};
for (const [name, fn] of Object.entries(functions)) {
  for (const n of [1, 6]) {
    Deno.test(`gradient of ${name} for [${n}]`, () => {
      scope(() => gradCheck((x) => fn(x!), [input([n], 0.3)], { eps: 5e-3 }));
    });
  }
}

check("matmul", (a, b) => a!.matmul(b!), [5, 7], [7, 3]);
check("matmul", (a, b) => a!.matmul(b!), [1, 1], [1, 1]);
check("matmul", (a, b) => a!.matmul(b!), [2, 5, 7], [7, 3]);
check("matmul", (a, b) => a!.matmul(b!), [2, 5, 3], [2, 3, 4]);
check("matmul", (a, b) => a!.matmul(b!), [2, 1, 5, 3], [3, 3, 4]);
check("matmul", (a, b) => a!.matmul(b!), [5, 3], [3, 3, 4]);
check("matmul", (a, b) => a!.matmul(b!), [3], [3]);
check("matmul", (a, b) => a!.matmul(b!), [2, 3], [3]);
check("matmul", (a, b) => a!.matmul(b!), [3], [3, 2]);
check("linear", (x, w, b) => linear(x!, w!, b!), [2, 3, 5], [7, 5], [7]);
check("linear", (x, w) => linear(x!, w!, undefined, { scale: 2 }), [3, 5], [7, 5]);
for (const activation of ["gelu", "gelu-tanh"] as const) {
  check(`linear with ${activation}`, (x, w, b) => linear(x!, w!, b!, { activation }), ...[
    [3, 5],
    [7, 5],
    [7],
  ]);
}
check(
  "linear with residual",
  (x, w, b, residual) => linear(x!, w!, b!, { residual: residual! }),
  ...[[3, 5], [7, 5], [7], [3, 7]],
);

for (const dim of [undefined, 0, 1, -1, [0, 2]] as const) {
  const name = dim === undefined ? "all" : JSON.stringify(dim);
  check(`sum over ${name}`, (x) => x!.sum(dim), [3, 4, 5]);
  check(`mean over ${name}`, (x) => x!.mean(dim, true), [3, 4, 5]);
  check(`var over ${name}`, (x) => x!.var(dim), [3, 4, 2]);
  check(`max over ${name}`, (x) => x!.mul(3).max(dim), [3, 2, 3]);
  check(`min over ${name}`, (x) => x!.mul(3).min(dim, true), [3, 2, 3]);
  check(`logsumexp over ${name}`, (x) => x!.logsumexp(dim), [3, 4, 5]);
  check(`norm over ${name}`, (x) => x!.norm(dim), [3, 4, 5]);
}
check("var without correction", (x) => x!.var(-1, false, 0), [3, 5]);
check("std", (x) => x!.std(1), [3, 5]);
check("mean over 17 columns", (x) => x!.mean(1), [3, 4, 17]);
for (const dim of [0, 1, -1]) {
  check(`cumsum over ${dim}`, (x) => x!.cumsum(dim), [3, 4, 2]);
  check(`softmax over ${dim}`, (x) => x!.softmax(dim), [3, 5, 2]);
  check(`logSoftmax over ${dim}`, (x) => x!.logSoftmax(dim), [3, 5, 2]);
}

check("reshape", (x) => x!.reshape(2, -1).mul(x!.reshape(2, 2)), [4]);
check("permute", (x) => x!.permute(2, 0, 1), [2, 3, 4]);
check("transpose", (x) => x!.transpose(0, 1), [5, 6]);
check("expand", (x) => x!.expand(2, 3, 4), [3, 1]);
check("slice", (x) => x!.slice(1, [0, 3, 2]), [3, 4]);
check("slice twice", (x) => x!.slice([0, 2]).add(x!.slice([1, 3])), [3, 4]);
check("select", (x) => x!.select(1, -1), [3, 4, 2]);
check("narrow", (x) => x!.narrow(1, 1, 2), [3, 4]);
check("split", (x) => concat(x!.split([1, 3], 1), 1).mul(2), [3, 4]);
check("concat", (a, b) => concat([a!, b!, a!], 1), [3, 4], [3, 2]);
check("stack", (a, b) => stack([a!, b!], 1), [3, 4], [3, 4]);
check("clone", (x) => x!.clone(), [3]);
check("flatten, squeeze, unsqueeze", (x) => x!.flatten(1).unsqueeze(0).squeeze(), [2, 3, 2]);

check("gather", (x) => x!.gather(1, ids([[0, 0], [1, 3], [2, 2]])), [3, 4]);
check(
  "scatterAdd",
  (x, source) => x!.scatterAdd(1, ids([[0, 0], [1, 3], [2, 2]]), source!),
  ...[[3, 4], [3, 2]],
);
check("indexSelect", (x) => x!.indexSelect(1, [1, 1, 0]), [3, 4]);
check("embedding", (table) => embedding(table!, ids([[0, 2], [2, 2]])), [3, 5]);
check("embedding of 19", (table) => embedding(table!, [0, 1, 0]), [2, 19]);
check("where", (a, b) => where(a!.gt(0), a!.mul(2), b!), [3, 4], [4]);
check("maskedFill", (x) => x!.maskedFill(tensor([1, 0, 1, 0]), 3), [3, 4]);

check("layerNorm", (x, w, b) => layerNorm(x!, w!, b!), [3, 5], [5], [5]);
check("layerNorm without parameters", (x) => layerNorm(x!), [2, 2, 6]);
check("rmsNorm", (x, w) => rmsNorm(x!, w!), [3, 7], [7]);
Deno.test("gradient of dropout", () => {
  gradCheck((x) => dropout(x!, 0.5, { random: new Random(3) }), [input([50])]);
});

check("conv2d", (x, w, b) => conv2d(x!, w!, b!, { padding: 1, stride: 2 }), ...[
  [2, 3, 5, 4],
  [4, 3, 3, 3],
  [4],
]);
check("conv2d", (x, w) => conv2d(x!, w!, undefined, { padding: [0, 2] }), [1, 1, 3, 3], [
  1,
  1,
  1,
  3,
]);
check("maxPool2d", (x) => maxPool2d(x!.mul(5), 2), [1, 2, 4, 4]);
check("maxPool2d overlapping", (x) => maxPool2d(x!.mul(9), 3, { stride: 2, padding: 1 }), [
  1,
  1,
  5,
  5,
]);
check("avgPool2d", (x) => avgPool2d(x!, 3, { stride: 2, padding: 1 }), [1, 2, 5, 5]);

check("mse", (a, b) => mse(a!, b!), [3, 2], [3, 2]);
for (const reduction of ["mean", "sum", "none"] as const) {
  check(`crossEntropy (${reduction})`, (x) => crossEntropy(x!, [1, 0, 4], { reduction }), [3, 5]);
  check(
    `crossEntropy with everything (${reduction})`,
    (x) => {
      const weight = tensor([1, 2, 0.5, 1, 1]);
      return crossEntropy(x!, [1, -1, 4], {
        labelSmoothing: 0.1,
        weight,
        ignoreIndex: -1,
        reduction,
      });
    },
    [3, 5],
  );
}
check("binary cross-entropy", (x) => binaryCrossEntropyWithLogits(x!, tensor([1, 0, 0.5])), [3]);
check(
  "weighted binary cross-entropy",
  (x) => binaryCrossEntropyWithLogits(x!, tensor([1, 0, 0.5]), { positiveWeight: 2 }),
  [3],
);

for (const causal of [false, true]) {
  const kind = causal ? "causal attention" : "attention";
  const heads = [[2, 2, 5, 3], [2, 2, 5, 3], [2, 2, 5, 3]];
  check(kind, (q, k, v) => scaledDotProductAttention(q!, k!, v!, { causal }), ...heads);
  check(
    `${kind} with grouped queries`,
    (q, k, v) => {
      const options = { causal, numHeads: 4, numKeyValueHeads: 2 };
      return scaledDotProductAttention(q!, k!, v!, options);
    },
    ...[[2, 5, 12], [2, 5, 6], [2, 5, 6]],
  );
  check(
    `${kind} with prefix and padding`,
    (q, k, v, prefixKeys, prefixValues) => {
      const mask = tensor([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0]]);
      return scaledDotProductAttention(q!, k!, v!, {
        ...{ causal, mask, numHeads: 2, prefixKeys: prefixKeys!, prefixValues: prefixValues! },
      });
    },
    ...[[2, 5, 6], [2, 5, 6], [2, 5, 6], [3, 6], [2, 3, 6]],
  );
  check(
    `${kind} over several blocks`,
    (q, k, v) => scaledDotProductAttention(q!, k!, v!, { causal, numHeads: 1 }),
    ...[[1, 37, 2], [1, 41, 2], [1, 41, 2]],
  );
  check(
    `${kind} with fewer keys than queries`,
    (q, k, v) => scaledDotProductAttention(q!, k!, v!, { causal, numHeads: 1 }),
    ...[[1, 5, 3], [1, 3, 3], [1, 3, 3]],
  );
}
