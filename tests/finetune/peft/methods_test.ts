import {
  type AnyConfigured,
  applyPeft,
  bitFit,
  encodeAdapter,
  houlsby,
  ia3,
  layerNormTuning,
  loadAdapter,
  lora,
  PeftError,
  prefixTuning,
  promptTuning,
} from "@tunebook/finetune";
import {
  BertForSequenceClassification,
  GptForCausalLM,
  LlamaForCausalLM,
  SmallCnnForImageClassification,
  type TextModel,
} from "@tunebook/models";
import { Linear, Sequential } from "@tunebook/nn";
import { AdamW } from "@tunebook/training";
import { noGrad, scope, zeros } from "@tunebook/tensor";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { SMALL, texts } from "../small_models.ts";
import { randomize } from "./randomize.ts";

const FAMILIES: Record<string, () => TextModel> = {
  gpt: () => new GptForCausalLM({ ...SMALL, tieEmbeddings: false }),
  bert: () => new BertForSequenceClassification({ ...SMALL, hidden: 20 }),
  llama: () => new LlamaForCausalLM({ ...SMALL, keyValueHeads: 1, hidden: 20 }),
};

interface Trait {
  readonly make: () => AnyConfigured;
  /** Whether the model computes the same before training. */
  readonly startsEqual: boolean;
  readonly merges: boolean;
}

const METHODS: Record<string, Trait> = {
  LoRA: { make: () => lora({ rank: 2 }), startsEqual: true, merges: true },
  DoRA: { make: () => lora({ rank: 2, useDora: true }), startsEqual: false, merges: true },
  "IA³": { make: () => ia3(), startsEqual: true, merges: true },
  "LayerNorm tuning": { make: () => layerNormTuning(), startsEqual: true, merges: true },
  BitFit: { make: () => bitFit(), startsEqual: true, merges: true },
  "Houlsby's adapter": {
    make: () => houlsby({ bottleneckSize: 3 }),
    startsEqual: true,
    merges: false,
  },
  "prefix tuning": {
    make: () => prefixTuning({ numVirtualTokens: 2, prefixProjection: true }),
    startsEqual: false,
    merges: false,
  },
  "prompt tuning": {
    make: () => promptTuning({ numVirtualTokens: 2 }),
    startsEqual: false,
    merges: false,
  },
};

for (const [title, { make, startsEqual, merges }] of Object.entries(METHODS)) {
  for (const [family, build] of Object.entries(FAMILIES)) {
    if (title === "BitFit" && family === "llama") continue;
    Deno.test(`${title} on ${family}: trains, leaves the base alone, comes off, comes back`, async () => {
      const model = build().eval();
      const base = model.parameters();
      const bits = base.map(({ data }) => [...data]);
      const outputOf = (one: { forward: TextModel["forward"] }) =>
        noGrad(() => [...one.forward(texts()).data]);
      const plain = outputOf(model);
      const peft = applyPeft(model, make());
      const begin = outputOf(peft);
      assertNear(begin, plain, startsEqual ? 0 : title === "DoRA" ? 1e-5 : Infinity);

      const optimizer = new AdamW(peft.parameters(), { learningRate: 0.05, weightDecay: 0 });
      for (let step = 0; step < 3; step++) {
        scope(() => {
          optimizer.zeroGrad();
          const output = peft.forward(texts()); // should become 1
          output.sub(1).pow(2).mean().backward();
        });
        optimizer.step();
      }
      optimizer.dispose();
      const adapted = outputOf(peft);
      assert(loss(adapted) < loss(begin), `${loss(begin)} → ${loss(adapted)}`);
      assertEquals(peft.withoutAdapters(() => outputOf(peft)), plain);
      assertEquals(base.map(({ data }) => [...data]), bits);

      const files = encodeAdapter(peft);
      const again = await loadAdapter(copyOf(build(), bits).eval(), files);
      assertNear(outputOf(again), adapted, 1e-6);

      if (!merges) assertThrows(() => peft.merge(), PeftError, "can't be merged");
      else {
        peft.merge();
        assertNear(outputOf(model), adapted, 1e-5);
        peft.unmerge();
        assertNear(outputOf(again.mergeAndUnload()), adapted, 1e-5);
      }
      assertEquals(outputOf(peft.unload()), plain);
    });
  }
}

Deno.test("a method that can't go on a model says so", () => {
  const refuse = (model: Parameters<typeof applyPeft>[0], method: AnyConfigured, word: string) =>
    assertThrows(() => applyPeft(model, method), PeftError, word);
  const plain = new Sequential([new Linear(3, 5), new Linear(5, 2)]);
  refuse(FAMILIES.llama!(), bitFit(), "has none");
  refuse(plain, bitFit({ targetModules: ["x"] }), "targetModules given");
  refuse(plain, ia3(), "give targetModules");
  refuse(plain, layerNormTuning({ targetModules: ["layers.0"] }), "norms");
  refuse(FAMILIES.gpt!(), houlsby({ targetModules: ["ln_1"] }), "LayerNorm");
  assertThrows(() => houlsby({ bottleneckSize: 0 }), PeftError, "bottleneckSize");
  assertThrows(() => houlsby({ activation: "step" as "relu" }), PeftError, "relu");
  assertThrows(
    () => ia3({ targetModules: ["a"], feedforwardModules: ["b"] }),
    PeftError,
    "among targetModules",
  );
  const both = applyPeft(FAMILIES.gpt!(), bitFit(), { name: "a" });
  both.addAdapter("b", bitFit());
  assertThrows(() => both.setAdapter(["a", "b"]), PeftError, "only one");
});

Deno.test("a convolutional network's linear layers take adapters, and its head trains", () => {
  const model = new SmallCnnForImageClassification({ channels: [2, 4], labels: ["a", "b"] });
  const peft = applyPeft(model, lora({ rank: 2, targetModules: "all-linear" }));
  const names = [...peft.adapter("default").tensors.keys()];
  assert(
    names.includes("classifier.weight") && names.some((name) => name.endsWith("lora_B.weight")),
  );
  scope(() => peft.forward(zeros([1, 1, 28, 28])).sum().backward());
  assert(peft.trainableParameters().every(({ grad }) => grad !== null));
  peft.unload();
  assertThrows(() => applyPeft(model, prefixTuning()), PeftError, "attention");
  assertThrows(() => applyPeft(model, promptTuning()), PeftError, "reads tokens");
  assertThrows(() => applyPeft(model, lora({ targetModules: ["conv"] })), PeftError);
});

Deno.test("methods go on linear layers that belong to no family", () => {
  const targetModules = ["layers.0", "layers.1"];
  for (const method of [bitFit(), ia3({ targetModules }), houlsby({ targetModules })]) {
    const model = new Sequential([new Linear(3, 5), new Linear(5, 2)]);
    const peft = applyPeft(model, method);
    randomize(peft.adapter("default"));
    assert(peft.countParameters().trained > 0);
    peft.unload();
  }
});

function copyOf(model: TextModel, values: readonly number[][]): TextModel {
  for (const [i, parameter] of model.parameters().entries()) parameter.data.set(values[i]!);
  return model;
}

function assertNear(actual: readonly number[], expected: readonly number[], tolerance: number) {
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
  assert(worst <= tolerance, `differs by ${worst}`);
}

function loss(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + (v - 1) ** 2, 0);
}
