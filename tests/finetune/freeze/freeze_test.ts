import {
  freeze,
  fullFineTuning,
  GradualUnfreezing,
  layerwiseRates,
  select,
  SelectionError,
  trainOnly,
  unfreeze,
} from "@tunebook/finetune";
import { Linear, Sequential } from "@tunebook/nn";
import { AdamW, Trainer } from "@tunebook/training";
import { crossEntropy, scope, tensor } from "@tunebook/tensor";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { classifier, languageModel, texts } from "../small_models.ts";

const LABELS = tensor([2, 0], { dtype: "int32" });

const trained = (model: ReturnType<typeof classifier>) =>
  [...model.namedParameters()].filter(([, p]) => p.requiresGrad).map(([name]) => name);

Deno.test("freeze and unfreeze take parts, names, patterns and depth", () => {
  const model = classifier();
  const names = (...what: Parameters<typeof select>[1]) =>
    select(model, what).map(({ name }) => name);
  assertEquals(names("head"), ["score.weight"]);
  assertEquals(names("final"), ["transformer.ln_f.weight", "transformer.ln_f.bias"]);
  assertEquals(names("embeddings"), ["transformer.wte.weight", "transformer.wpe.weight"]);
  assertEquals(names("norms").length, 14);
  assertEquals(names("biases").every((name) => name.endsWith(".bias")), true);
  assertEquals(names("c_attn").length, 6);
  assertEquals(names("h.1.attn").length, 4);
  assertThrows(() => select(model, ["ttn"]), SelectionError); // no part of a name
  assertEquals(names("h.*.ln_1.weight").length, 3);
  assertEquals(names(/mlp\.c_fc/).length, 6);
  assertEquals(
    names({ lastBlocks: 1 }).every((name) => name.startsWith("transformer.h.2.")),
    true,
  );
  assertEquals(names({ firstBlocks: 2 }, "blocks").length, names("blocks").length);

  assertEquals(freeze(model, "norms", "biases").length, 14 + 4 * 3);
  assertEquals(freeze(model, "norms"), []);
  assertEquals(unfreeze(model, "final"), ["transformer.ln_f.weight", "transformer.ln_f.bias"]);
  assertEquals(trainOnly(model, "head"), ["score.weight"]);
  assertEquals(trained(model), ["score.weight"]);
  assertEquals(unfreeze(model).length, [...model.namedParameters()].length - 1);
});

Deno.test("a selection that means nothing says what there is, and changes nothing", () => {
  const model = classifier();
  const error = assertThrows(() => trainOnly(model, "q_proj"), SelectionError);
  for (const word of ['"q_proj"', "transformer, score", "c_attn", "embeddings"]) {
    assert(error.message.includes(word), error.message);
  }
  assertThrows(() => trainOnly(model), SelectionError, "found nothing");
  assertThrows(() => freeze(model, { lastBlocks: 4 }), SelectionError, "from 1 to 3");
  assertEquals(trained(model).length, [...model.namedParameters()].length);
  const plain = new Sequential([new Linear(2, 2)]);
  assertThrows(() => freeze(plain, "blocks"), SelectionError, "Sequential");
  assertEquals(freeze(plain, "layers.0"), ["layers.0.weight", "layers.0.bias"]);
});

Deno.test("the head that is the table of embeddings is found under both names", () => {
  const model = languageModel();
  assertEquals(freeze(model, "lm_head"), ["lm_head.weight"]);
  assertEquals(model.module("transformer.wte").countParameters().trained, 0);
});

Deno.test("frozen parameters get no gradient and stay bit-identical", () => {
  scope(() => {
    const model = classifier();
    trainOnly(model, { lastBlocks: 1 }, "head");
    const before = new Map([...model.namedParameters()].map(([n, p]) => [n, p.data.slice()]));
    const optimizer = new AdamW(model.parameters(), { learningRate: 1e-2 });
    crossEntropy(model.forward(texts()), LABELS).backward();
    optimizer.step();
    for (const [name, parameter] of model.namedParameters()) {
      const same = parameter.data.every((v, i) => v === before.get(name)![i]);
      assertEquals(same, !parameter.requiresGrad, name);
      assertEquals(parameter.grad !== null, parameter.requiresGrad, name);
    }
    const kept = new Set([...optimizer.stateDict().tensors.keys()].map((k) => k.split(".")[0]));
    assertEquals(kept.size, trained(model).length);
  });
});

Deno.test("rates fall from the head to the embeddings, each parameter once", () => {
  const model = languageModel();
  const groups = layerwiseRates(model, { learningRate: 1, decay: 0.5, weightDecay: 0.1 });
  const byName = new Map(groups.map(({ name, learningRate }) => [name, learningRate]));
  assertEquals([...byName], [
    ["head", 1],
    ["transformer.h.2", 0.5],
    ["transformer.h.1", 0.25],
    ["transformer.h.0", 0.125],
    ["embeddings", 0.0625],
  ]);
  const all = groups.flatMap(({ parameters }) => parameters);
  assertEquals(new Set(all), new Set(model.parameters()));
  assertEquals(all.length, model.parameters().length);
  for (const { parameters, weightDecay } of groups) {
    for (const parameter of parameters) assertEquals(parameter.ndim > 1 ? 0.1 : 0, weightDecay);
  }
  assertThrows(() => layerwiseRates(model, { learningRate: 0, decay: 1 }), RangeError);
  assertThrows(() => layerwiseRates(model, { learningRate: 1, decay: 2 }), RangeError, "decay");
});

Deno.test("gradual unfreezing thaws from the head down, also as a callback", () => {
  const model = classifier();
  const gradual = new GradualUnfreezing(model, { blocksAtOnce: 2, embeddings: false });
  assertEquals(gradual.stages, 3);
  assertEquals(gradual.training, ["head"]);
  assertEquals(gradual.next(), ["transformer.h.2", "transformer.h.1"]);
  assertEquals(gradual.next(), ["transformer.h.0"]);
  assertEquals(gradual.next(), []);
  assertEquals(model.module("transformer.wte").countParameters().trained, 0);
  assertThrows(() => gradual.stage = 3, RangeError, "0 to 2");
  const callback = gradual.every(10);
  callback.onStart({ step: 0 });
  assertEquals(gradual.stage, 0);
  callback.onStep(undefined, { step: 10 });
  assertEquals(gradual.stage, 1);
  callback.onStep(undefined, { step: 99 });
  assertEquals(gradual.stage, 2);
  assertThrows(() => gradual.every(0), RangeError);
  assertThrows(() => new GradualUnfreezing(model, { blocksAtOnce: 0 }), RangeError);
});

Deno.test("the plain recipe trains everything, in a Trainer", async () => {
  const model = classifier();
  freeze(model);
  assertThrows(() => fullFineTuning(model, { totalSteps: 9, warmup: 2 }), RangeError, "warmup");
  const recipe = fullFineTuning(model, { totalSteps: 20, learningRate: 1e-2 });
  assertEquals(trained(model).length, [...model.namedParameters()].length);
  const { history } = await new Trainer({
    model,
    data: { batchesPerEpoch: 1, epoch: () => [texts()] },
    loss: (tokens) => crossEntropy(model.forward(tokens), LABELS),
    steps: 20,
    ...recipe,
  }).run();
  const losses = history.steps.map(({ loss }) => loss);
  assert(losses.at(-1)! < losses[0]! / 2, `${losses}`);
  recipe.optimizer.dispose();
});
