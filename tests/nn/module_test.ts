import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Dropout,
  Embedding,
  FeedForward,
  Layer,
  LayerNorm,
  Linear,
  Module,
  StateError,
  TransformerBlock,
} from "@tunebook/nn";
import { type Tensor, zeros } from "@tunebook/tensor";

/** An embedding tied to the head, a buffer, blocks in an array, and a shared module. */
class Model extends Module {
  tokens = new Embedding(5, 4);
  blocks = [new TransformerBlock(4, 2), new TransformerBlock(4, 2)];
  norm = new LayerNorm(4);
  alias = this.norm;
  positions = this.buffer(zeros([3, 4]));
  head = new Linear(4, 5, { bias: false });
  note = "not a parameter";

  constructor() {
    super();
    this.head.weight = this.tokens.weight;
  }
}

const BLOCK = 2 * (4 + 4) + 4 * (16 + 4) + (64 + 16) + (64 + 4);

Deno.test("parameters are named by their path, each once however often it is shared", () => {
  const model = new Model();
  const names = Array.from(model.namedParameters(), ([name]) => name);
  assertEquals(names.slice(0, 4), [
    "tokens.weight",
    "blocks.0.attentionNorm.weight",
    "blocks.0.attentionNorm.bias",
    "blocks.0.attention.query.weight",
  ]);
  assert(names.includes("blocks.1.feedForward.down.bias"));
  assert(!names.includes("head.weight") && !names.includes("alias.weight"));
  assertEquals(new Set(names).size, names.length);
  assertEquals(model.countParameters(), {
    all: 20 + 2 * BLOCK + 8,
    trained: 20 + 2 * BLOCK + 8,
  });
  assertEquals(Array.from(model.namedBuffers(), ([name]) => name), ["positions"]);
  const modules = Array.from(model.namedModules(), ([name]) => name);
  assertEquals(modules[0], "");
  assert(modules.includes("blocks.1.attention.value") && !modules.includes("alias"));
});

Deno.test("a frozen parameter gets no gradient, and nothing below the lowest trained one is computed", () => {
  const model = new Model();
  model.setRequiresGrad(false);
  model.blocks[1]!.setRequiresGrad(true);
  assertEquals(model.countParameters().trained, BLOCK);
  const x = zeros([1, 3, 4]);
  const lower = model.blocks[0]!.forward(x);
  assert(!lower.requiresGrad, "the frozen block's output needs no gradient");
  const upper = model.blocks[1]!.forward(lower);
  assert(upper.requiresGrad);
  upper.sum().backward();
  assert(model.blocks[0]!.parameters().every((parameter) => parameter.grad === null));
  assert(model.blocks[1]!.parameters().every((parameter) => parameter.grad !== null));
  model.zeroGrad();
  assert(model.parameters().every((parameter) => parameter.grad === null));
  model.setRequiresGrad(true);
  assertEquals(model.countParameters().trained, model.countParameters().all);
});

Deno.test("train and eval reach every module", () => {
  const model = new TransformerBlock(4, 2, { dropout: 0.9 });
  const x = zeros([1, 3, 4]).add(1);
  const once = model.forward(x).toArray();
  assert(JSON.stringify(once) !== JSON.stringify(model.forward(x).toArray()), "dropout drops");
  model.eval();
  assert([...model.namedModules()].every(([, module]) => !module.training));
  assertEquals(model.forward(x).toArray(), model.forward(x).toArray());
  model.train();
  assert(model.dropout.active);
});

Deno.test("a state goes from one model to another", () => {
  const [from, to] = [new Model(), new Model()];
  from.positions.data.fill(7);
  const state = from.stateDict();
  assert(state.has("head.weight") && state.has("tokens.weight"), "shared ones under each name");
  assertEquals(to.loadStateDict(state), { missing: [], unexpected: [] });
  assertEquals(to.positions.toArray(), from.positions.toArray());
  for (const [name, tensor] of to.stateDict()) {
    assertEquals(tensor.toArray(), state.get(name)!.toArray(), name);
  }
  // A file that holds a tied parameter once is complete.
  state.delete("head.weight");
  assertEquals(to.loadStateDict(state), { missing: [], unexpected: [] });
});

Deno.test("a state that doesn't fit is refused whole, and the error lists why", () => {
  const model = new FeedForward(2, 3);
  const before = model.stateDict().get("up.weight")!.toArray();
  const ones = (...shape: number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1),
  });
  const load = (state: Record<string, ReturnType<typeof ones>>, strict = true) => () =>
    model.loadStateDict(Object.entries(state), { strict });
  const full = {
    "up.weight": ones(3, 2),
    "up.bias": ones(3),
    "down.weight": ones(2, 3),
    "down.bias": ones(2),
  };
  const { "up.bias": _, ...missing } = full;
  assertThrows(load({ ...missing, extra: ones(1) }), StateError, "missing (1): up.bias");
  assertThrows(load({ ...full, extra: ones(1) }), StateError, "unexpected (1): extra");
  const misfit = { ...full, "down.bias": ones(3) };
  for (const strict of [true, false]) {
    assertThrows(load(misfit, strict), StateError, "down.bias: expected [2] but found [3]");
  }
  assertEquals(model.stateDict().get("up.weight")!.toArray(), before, "nothing was loaded");
  assertEquals(load({ ...missing, extra: ones(1) }, false)(), {
    missing: ["up.bias"],
    unexpected: ["extra"],
  });
  assertEquals(model.stateDict().get("up.weight")!.toArray(), [[1, 1], [1, 1], [1, 1]]);
});

Deno.test("a module can be found and replaced by its path", () => {
  class Doubled extends Layer {
    constructor(readonly base: Layer) {
      super();
    }
    forward(input: Tensor): Tensor {
      return this.base.forward(input).mul(2);
    }
  }
  const model = new Model();
  const query = model.module("blocks.1.attention.query") as Layer;
  model.replaceModule("blocks.1.attention.query", new Doubled(query));
  assert(model.blocks[1]!.attention.query instanceof Doubled);
  const names = Array.from(model.namedParameters(), ([name]) => name);
  assert(names.includes("blocks.1.attention.query.base.weight"));
  const [first] = model.blocks;
  model.replaceModule("blocks.1", first!);
  assert(model.blocks[1] === first);
  assertThrows(() => model.module("blocks.7"), RangeError, "it has tokens, blocks.0");
});

Deno.test("a layer's one-pass forms agree with its forward, wrapped and subclassed too", () => {
  class Tripled extends Linear {
    override forward(input: Tensor): Tensor {
      return super.forward(input).mul(3);
    }
  }
  const x = zeros([2, 3]).add(0.5), residual = zeros([2, 4]).add(0.25);
  for (const layer of [new Linear(3, 4), new Tripled(3, 4)]) {
    const plain = layer.forward(x);
    const onto = layer.forwardOnto(residual, x).data, sum = plain.add(0.25).data;
    const into = layer.forwardInto("relu", x).data, relu = plain.relu().data;
    assert(onto.every((value, i) => Math.abs(value - sum[i]!) < 1e-6));
    assert(into.every((value, i) => Math.abs(value - relu[i]!) < 1e-6));
  }
});

Deno.test("the summary prints the tree with shapes, counts, what is frozen and what is tied", () => {
  const model = new Model();
  model.tokens.setRequiresGrad(false);
  const text = model.toString();
  for (
    const expected of [
      "tokens: Embedding(5 tokens, 4 wide)",
      "weight [5, 4] frozen",
      "blocks.1: TransformerBlock",
      "query: Linear(4 → 4)",
      "positions [3, 4] buffer",
      "weight [5, 4] = tokens.weight",
    ]
  ) {
    assert(text.includes(expected), `${expected} is missing from\n${text}`);
  }
  const { all, trained } = model.countParameters();
  assert(text.endsWith(`${all} parameters, ${trained} trained`), text);
});

Deno.test("dropout keeps the mean, drops its share, and follows its seed", () => {
  const x = zeros([100, 100]).add(1);
  const layer = new Dropout(0.25);
  const y = layer.forward(x);
  const dropped = y.data.filter((value) => value === 0).length / y.size;
  assert(Math.abs(dropped - 0.25) < 0.02, `dropped ${dropped}`);
  assert(Math.abs(y.mean().item() - 1) < 0.03);
  assertEquals(new Dropout(1).forward(x).sum().item(), 0);
  assert(new Dropout(0).forward(x) === x);
  assertThrows(() => new Dropout(1.5), RangeError, "from 0 to 1 but found 1.5");
  assertThrows(() => new Dropout(NaN), RangeError, "found NaN");
});
