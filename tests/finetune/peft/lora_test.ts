import { applyPeft, lora, loraPlusGroups, PeftError, trainingReport } from "@tunebook/finetune";
import { Dropout, Linear, manualSeed, Sequential } from "@tunebook/nn";
import { linear, memoryInfo, noGrad, Random, resetPeakMemory, scope } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { classifier, languageModel, texts } from "../small_models.ts";
import { randomize } from "./randomize.ts";

for (const useDora of [false, true]) {
  Deno.test(`dropout in ${useDora ? "DoRA" : "LoRA"} drops what the small matrices are given, not the layer`, () => {
    const layer = new Linear(6, 4);
    const model = new Sequential([layer]);
    const config = {
      rank: 2,
      loraAlpha: 3,
      loraDropout: 0.5,
      targetModules: ["layers.0"],
      useDora,
    };
    const peft = applyPeft(model, lora(config));
    randomize(peft.adapter("default"));
    const [a, b, m] = [...peft.adapter("default").tensors.values()];
    const x = new Random(1).normal([3, 6]);
    noGrad(() => {
      manualSeed(5);
      const output = peft.forward(x).data;
      manualSeed(5);
      const dropped = new Dropout(0.5).forward(x);
      const change = linear(linear(dropped, a!), b!).mul(1.5);
      const factor = m?.div(layer.weight.add(b!.matmul(a!).mul(1.5)).norm(1));
      const expected = factor
        ? layer.forward(x)
          .add(linear(dropped, layer.weight).mul(factor.sub(1)))
          .add(change.mul(factor))
        : layer.forward(x).add(change);
      for (const [i, value] of expected.data.entries()) assertAlmostEquals(output[i]!, value, 1e-5);
      peft.eval();
      assertEquals([...peft.forward(x).data], [...peft.forward(x).data]);
    });
  });
}

Deno.test("LoRA+ gives B, biases and norms the larger rate, and these no decay", () => {
  const peft = applyPeft(classifier(), lora({ rank: 2, bias: "all", modulesToSave: ["ln_f"] }));
  const groups = loraPlusGroups(peft, { learningRate: 1, ratio: 4, weightDecay: 0.1 });
  assertEquals(groups.map((g) => [g.learningRate, g.weightDecay]), [[1, 0.1], [4, 0.1], [4, 0]]);
  const all = groups.flatMap(({ parameters }) => parameters);
  assertEquals(new Set(all), new Set(peft.trainableParameters()));
  assertEquals(all.length, peft.trainableParameters().length);
  const tensors = peft.adapter("default").tensors;
  for (const [name, tensor] of tensors) {
    const group = groups.findIndex(({ parameters }) => parameters.includes(tensor));
    assertEquals(group, tensor.ndim === 1 ? 2 : name.includes("lora_B") ? 1 : 0, name);
  }
  assertThrows(() => loraPlusGroups(languageModel(), { learningRate: 1 }), PeftError, "lora_B");
  assertThrows(() => loraPlusGroups(peft, { learningRate: 1, ratio: 0 }), PeftError, "ratio");
});

Deno.test("LoRA keeps no more for the backward pass than the plain model, but what is small", () => {
  const model = new Sequential(Array.from({ length: 6 }, () => new Linear(64, 64)));
  const x = new Random(0).normal([512, 64]);
  const peakOf = (run: () => void) => {
    const before = memoryInfo().liveBytes;
    resetPeakMemory();
    scope(run);
    return memoryInfo().peakBytes - before;
  };
  const plain = peakOf(() => void model.forward(x).sum());
  const peft = applyPeft(model, lora({ rank: 2, targetModules: "all-linear" }));
  const adapted = peakOf(() => void peft.forward(x).sum());
  // Two results of [512, 2] a layer, and one of [512, 64] that is under way.
  assert(adapted < plain + 0.25 * plain, `${adapted} bytes beside ${plain}`);
});

Deno.test("a report counts the small matrices and sees that nothing below the first trains", () => {
  const model = languageModel();
  const peft = applyPeft(model, lora({ rank: 2, layersToTransform: [2] }));
  const report = trainingReport(model, () => peft.forward(texts()));
  assertEquals(report.trained, peft.countParameters().trained);
  assertEquals(report.rows.map(({ backward }) => backward > 0), [false, false, false, true, true]);
});
