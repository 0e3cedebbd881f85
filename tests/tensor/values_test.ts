// Values against plain loops, at sizes around the vector and block sizes of the kernels, and at the
// edges of what a float can hold.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  arange,
  concat,
  conv2d,
  crossEntropy,
  eye,
  full,
  layerNorm,
  linear,
  noGrad,
  ones,
  Random,
  scaledDotProductAttention,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from "@tunebook/tensor";

const random = new Random(5);

function assertClose(found: Tensor, want: ArrayLike<number>, tolerance = 1e-5): void {
  assertEquals(found.size, want.length);
  found.data.forEach((v, i) => {
    const w = want[i]!;
    if (Object.is(v, w) || v === w || (Number.isNaN(v) && Number.isNaN(w))) return;
    const limit = tolerance * Math.max(Math.abs(w), 1e-37);
    assert(Math.abs(v - w) <= limit, `element ${i}: found ${v}, expected ${w}`);
  });
}

Deno.test("products of every size match plain loops", () => {
  const sizes = [[1, 1, 1], [3, 5, 7], [4, 8, 16], [5, 9, 17], [33, 70, 300], [130, 20, 260]];
  for (const [m, n, k] of sizes as [number, number, number][]) {
    const a = random.normal([m, k]), b = random.normal([k, n]), want = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let l = 0; l < k; l++) want[i * n + j]! += a.data[i * k + l]! * b.data[l * n + j]!;
      }
    }
    const check = (c: Tensor) => {
      c.data.forEach((v, i) => assertAlmostEquals(v, want[i]!, 1e-5 * Math.sqrt(k) * 10));
    };
    check(a.matmul(b));
    check(linear(a, b.transpose(0, 1)));
    check(a.unsqueeze(0).matmul(b.unsqueeze(0)));
  }
});

Deno.test("broadcasting matches plain loops in every arrangement", () => {
  const shapes = [[2, 3, 4], [1, 3, 1], [4], [], [2, 1, 4], [3, 4], [2, 1, 1]];
  for (const left of shapes) {
    for (const right of shapes) {
      const a = random.normal(left), b = random.normal(right), out = a.sub(b);
      const at = (t: Tensor, index: number[]) => {
        let offset = 0;
        t.shape.forEach((s, d) =>
          offset = offset * s + (s === 1 ? 0 : index[index.length - t.ndim + d]!)
        );
        return t.data[offset]!;
      };
      for (let i = 0; i < out.size; i++) {
        const index: number[] = [];
        for (let d = out.ndim - 1, rest = i; d >= 0; d--) {
          index.unshift(rest % out.shape[d]!);
          rest = Math.floor(rest / out.shape[d]!);
        }
        assertEquals(out.data[i], Math.fround(at(a, index) - at(b, index)));
      }
    }
  }
});

Deno.test("functions are accurate over the whole range of floats", () => {
  const xs = [0, -0, 1e-42, -1e-42, 1e-20, 0.1, -0.1, 0.6, 0.63, 1, -1, 3, -3, 10, -10, 30, -30];
  const edge = [88, 88.7, 89, -87, -88, -100, -104, 1e10, -1e10, Infinity, -Infinity, NaN];
  const all = [...xs, ...edge], x = tensor(all), rounded = Array.from(x.data);
  const compare = (y: Tensor, fn: (v: number) => number, tolerance = 1e-6) =>
    assertClose(y, Float32Array.from(rounded, fn), tolerance);
  compare(x.exp(), Math.exp, 2e-6);
  compare(x.log(), Math.log);
  compare(x.sqrt(), Math.sqrt);
  compare(x.tanh(), Math.tanh);
  compare(x.relu(), (v) => v < 0 ? 0 : v);
  compare(x.sigmoid(), (v) => 1 / (1 + Math.exp(-v)), 2e-6);
  compare(x.softplus(), (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))), 1e-5);
  compare(x.abs(), Math.abs);
  compare(x.sin(), Math.sin);
});

Deno.test("both kinds of GELU keep their digits in the left tail", () => {
  const x = tensor([-6, -4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 6]);
  // x Φ(x), from the complementary error function to 12 digits
  const exact = [
    ...[-5.91952572e-9, -0.000126684967674, -0.0455002638964, -0.158655253931, -0.154268769363, 0],
    ...[0.345731230637, 0.841344746069, 1.9544997361, 3.99987331503, 5.99999999408],
  ];
  assertClose(x.gelu(), exact, 1e-5);
  const tanh = (v: number) =>
    v / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
  assertClose(x.gelu({ approximate: "tanh" }), Array.from(x.data, tanh), 1e-5);
});

Deno.test("softmax handles huge numbers, and rows of -inf as PyTorch does", () => {
  const low = -Infinity;
  assertClose(tensor([[1e30, 1e30, 0]]).softmax(-1), [0.5, 0.5, 0]);
  assertClose(tensor([[low, 0, 0], [low, low, low]]).softmax(-1), [0, 0.5, 0.5, NaN, NaN, NaN]);
  assertClose(tensor([[low, 0], [low, low]]).logsumexp(-1), [0, low]);
  assertClose(tensor([[low, 0]]).logSoftmax(-1), [low, 0]);
});

Deno.test("reductions", () => {
  const x = tensor([[1, 5, 2], [7, 0, -3]]);
  assertEquals(x.sum().item(), 12);
  assertEquals(x.mean(0).toArray(), [4, 2.5, -0.5]);
  assertEquals(x.max(1, true).toArray(), [[5], [7]]);
  assertEquals(x.min().item(), -3);
  assertEquals(x.argmax(1).toArray(), [1, 0]);
  assertEquals(x.argmax().item(), 3);
  assertEquals(x.cumsum(1).toArray(), [[1, 6, 8], [7, 7, 4]]);
  assertAlmostEquals(x.var(1).data[0]!, 13 / 3, 1e-6);
  assertAlmostEquals(x.norm().item(), Math.sqrt(88), 1e-6);
  assertEquals(zeros([0, 3]).sum(0).toArray(), [0, 0, 0]);
  assertAlmostEquals(full([1_000_003], 0.1).sum().item(), 100000.3, 0.2);
});

Deno.test("shapes", () => {
  const x = arange(6).reshape(2, 3);
  assertEquals(x.transpose(0, 1).toArray(), [[0, 3], [1, 4], [2, 5]]);
  assertEquals(x.slice(null, [-2, Infinity]).toArray(), [[1, 2], [4, 5]]);
  assertEquals(x.slice(-1).toArray(), [3, 4, 5]);
  assertEquals(x.expand(2, -1, -1).shape, [2, 2, 3]);
  assertEquals(concat([x, x], -1).shape, [2, 6]);
  assertEquals(stack([x, x]).shape, [2, 2, 3]);
  assertEquals(x.split(2, 1).map((t) => t.shape), [[2, 2], [2, 1]]);
  assertEquals(x.flatten().shape, [6]);
  assertEquals(eye(2).toArray(), [[1, 0], [0, 1]]);
  assertEquals(zerosLike(x).shape, [2, 3]);
  assertEquals(arange(1, 2, 0.25).toArray(), [1, 1.25, 1.5, 1.75]);
  assertEquals(String(x), "Tensor [2, 3] float32 [0, 1, 2, 3, 4, 5]");
});

Deno.test("integers, comparisons and masks", () => {
  const x = tensor([-1, 0, 2.7]);
  assertEquals(x.gt(0).toArray(), [0, 0, 1]);
  assertEquals(x.ge(0).dtype, "int32");
  assertEquals(x.int().toArray(), [-1, 0, 2]);
  assertEquals(
    x.int().eq(tensor(Int32Array.of(-1, 1, 2))).float().mean().item(),
    Math.fround(2 / 3),
  );
  assertEquals(where(x.lt(0), 0, x).toArray(), [0, 0, Math.fround(2.7)]);
  assertEquals(x.maskedFill(x.ne(0), 9).toArray(), [9, 0, 9]);
  assertEquals(tensor([[1, 2], [3, 4]], { dtype: "int32" }).transpose(0, 1).toArray(), [[1, 3], [
    2,
    4,
  ]]);
});

Deno.test("an empty batch goes through", () => {
  const x = zeros([0, 4], { requiresGrad: true }), w = ones([3, 4], { requiresGrad: true });
  const y = layerNorm(linear(x, w));
  assertEquals(y.shape, [0, 3]);
  y.sum().backward();
  assertEquals(w.grad?.toArray(), zeros([3, 4]).toArray());
  assertEquals(x.softmax(-1).shape, [0, 4]);
});

Deno.test("both attention layouts agree, and padding and causality hide what they should", () => {
  const [b, t, h, d] = [2, 6, 3, 4], q = random.normal([b, t, h * d]);
  const k = random.normal([b, t, h * d]), v = random.normal([b, t, h * d]);
  const split = (x: Tensor) => x.reshape(b, t, h, d).transpose(1, 2);
  const merged = scaledDotProductAttention(q, k, v, { causal: true, numHeads: h });
  const apart = scaledDotProductAttention(split(q), split(k), split(v), { causal: true });
  assertClose(apart.transpose(1, 2).reshape(b, t, h * d), merged.data, 1e-5);

  const mask = tensor([[1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0]]);
  const masked = scaledDotProductAttention(q, k, v, { numHeads: h, mask });
  const short = (x: Tensor) => x.slice([0, 1], [0, 3]);
  const cut = scaledDotProductAttention(q.slice([0, 1]), short(k), short(v), { numHeads: h });
  assertClose(masked.slice(0), cut.slice(0).data, 1e-5);
  assertEquals(masked.slice(1).data.every((x) => x === 0), true); // nothing to see: zeros

  const last = scaledDotProductAttention(q.slice(null, [5, 6]), k, v, {
    causal: true,
    numHeads: h,
  });
  assertClose(last.squeeze(1), merged.slice(null, 5).data, 1e-5); // aligned at the end
});

Deno.test("a sequence too long to be packed once gives what its beginning gives", () => {
  const [long, short, heads, keyHeads, d] = [300, 200, 4, 2, 20];
  const draw = (width: number) => random.normal([1, long, width]);
  const [q, k, v, up] = [draw(heads * d), draw(keyHeads * d), draw(keyHeads * d), draw(heads * d)];
  const attend = (time: number) => {
    const begin = (x: Tensor) => x.slice(null, [0, time]);
    const inputs = [q, k, v].map(begin) as [Tensor, Tensor, Tensor];
    for (const x of inputs) x.requiresGrad = true;
    const y = scaledDotProductAttention(...inputs, {
      causal: true,
      numHeads: heads,
      numKeyValueHeads: keyHeads,
    }).retain();
    y.slice(null, [0, short]).mul(up.slice(null, [0, short])).sum().backward();
    return [y, ...inputs.map((x) => x.grad!)].map((x) => x.slice(null, [0, short]));
  };
  const parts = attend(short);
  attend(long).forEach((x, part) => {
    x.data.forEach((v, i) => assertAlmostEquals(v, parts[part]!.data[i]!, 1e-5));
  });
});

Deno.test("convolution matches plain loops", () => {
  const x = random.normal([2, 3, 7, 5]), w = random.normal([4, 3, 3, 2]), bias = random.normal([4]);
  const y = conv2d(x, w, bias, { stride: [2, 1], padding: [1, 0] });
  assertEquals(y.shape, [2, 4, 4, 4]);
  const get = (t: Tensor, ...i: number[]) =>
    t.data[i.reduce((at, v, d) => at * t.shape[d]! + v, 0)]!;
  for (let n = 0; n < 2; n++) {
    for (let o = 0; o < 4; o++) {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          let s = bias.data[o]!;
          for (let c = 0; c < 3; c++) {
            for (let a = 0; a < 3; a++) {
              for (let e = 0; e < 2; e++) {
                const row = 2 * i + a - 1;
                if (row >= 0 && row < 7) s += get(x, n, c, row, j + e) * get(w, o, c, a, e);
              }
            }
          }
          assertAlmostEquals(get(y, n, o, i, j), s, 1e-4);
        }
      }
    }
  }
});

Deno.test("cross-entropy counts only rows that aren't ignored", () => {
  const x = tensor([[2, 0], [0, 0], [5, 5]]), all = crossEntropy(x, [0, -100, 1]);
  assertAlmostEquals(all.item(), (Math.log(1 + Math.exp(-2)) + Math.log(2)) / 2, 1e-6);
  assertEquals(crossEntropy(x, [0, -100, 1], { reduction: "none" }).data[1], 0);
});

Deno.test("results under noGrad and detached tensors carry no history", () => {
  const w = tensor([1, 2], { requiresGrad: true });
  assertEquals(noGrad(() => w.mul(2)).requiresGrad, false);
  const cut = w.mul(3).detach();
  assertEquals([cut.requiresGrad, cut.toArray()], [false, [3, 6]]);
  w.mul(cut).sum().backward();
  w.mul(cut).sum().backward(); // gradients add up
  assertEquals(w.grad?.toArray(), [6, 12]);
});
