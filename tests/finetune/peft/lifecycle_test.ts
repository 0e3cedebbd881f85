import {
  AdaptedLayer,
  applyPeft,
  loadAdapter,
  lora,
  PeftError,
  saveAdapter,
} from "@tunebook/finetune";
import { Linear, Sequential } from "@tunebook/nn";
import { noGrad, scope, type Tensor, zeros } from "@tunebook/tensor";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { classifier, languageModel, SMALL, texts } from "../small_models.ts";
import { GptForCausalLM, GptForSequenceClassification } from "@tunebook/models";
import { randomize } from "./randomize.ts";

const run = (model: { forward(tokens: Tensor): Tensor }) =>
  noGrad(() => Array.from(model.forward(texts()).data));

function assertNear(
  actual: readonly number[],
  expected: readonly number[],
  tolerance = 1e-5,
): void {
  for (const [i, value] of expected.entries()) {
    assert(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

Deno.test("adapters are added, switched, disabled, deleted and unloaded", () => {
  const model = languageModel();
  const plain = run(model);
  const peft = applyPeft(model, lora({ rank: 2 }), { name: "first" });
  assertEquals(run(peft), plain); // B is zero
  randomize(peft.adapter("first"));
  const first = run(peft);
  peft.addAdapter("second", lora({ rank: 3, targetModules: "all-linear" }));
  assertEquals(peft.activeAdapters, ["first"]);
  assertEquals(run(peft), first);
  randomize(peft.adapter("second"));
  peft.setAdapter("second");
  const second = run(peft);
  assert(second.some((v, i) => v !== first[i]));
  const trained = peft.trainableParameters();
  assertEquals(new Set(trained), new Set(peft.adapter("second").tensors.values()));

  peft.setAdapter(["first", "second"], { trainable: false });
  assertEquals(peft.trainableParameters(), []);
  assert(run(peft).some((v, i) => v !== first[i] && v !== second[i]));
  peft.setAdapter("first");
  assertEquals(peft.withoutAdapters(() => run(peft)), plain);
  assertEquals(run(peft), first);
  assertThrows(
    () =>
      peft.withoutAdapters(() => {
        throw new Error("within");
      }),
    Error,
    "within",
  );
  assertEquals(run(peft), first);

  peft.deleteAdapter("first");
  assertEquals([peft.adapterNames, [...peft.activeAdapters]], [["second"], []]);
  assertEquals(run(peft), plain);
  assertEquals(peft.unload(), model);
  assertEquals(run(model), plain);
  assert([...model.namedModules()].every(([, module]) => !(module instanceof AdaptedLayer)));
});

for (const useDora of [false, true]) {
  Deno.test(`merged ${useDora ? "DoRA" : "LoRA"} computes the same, and comes off bit by bit`, () => {
    const model = new GptForCausalLM({ ...SMALL, tieEmbeddings: false }).eval();
    const plain = run(model);
    const config = { rank: 2, useDora, targetModules: "all-linear", bias: "all" } as const;
    const peft = applyPeft(model, lora(config));
    randomize(peft.adapter("default"), 0.1);
    const adapted = run(peft);
    peft.merge();
    assertNear(run(peft), adapted);
    assertNear(run(model), adapted);
    assertThrows(() => peft.merge(), PeftError, "merging twice");
    assertThrows(() => peft.setAdapter([]), PeftError, "unmerge()");
    assertThrows(() => peft.withoutAdapters(() => 0), PeftError, "unmerge()");
    peft.unmerge();
    assertThrows(() => peft.unmerge(), PeftError, "found none");
    assertEquals(run(peft), adapted);
    assertEquals(peft.withoutAdapters(() => run(peft)), plain);
    const names = [...peft.mergeAndUnload().namedParameters()].map(([name]) => name);
    assertNear(run(model), adapted);
    const fresh = new GptForCausalLM({ ...SMALL, tieEmbeddings: false });
    assertEquals(names, [...fresh.namedParameters()].map(([name]) => name));
  });
}

Deno.test("two adapters at work merge as they work together", () => {
  const model = languageModel();
  const peft = applyPeft(model, lora({ rank: 2 }), { name: "a" });
  peft.addAdapter("b", lora({ rank: 3, loraAlpha: 5 }));
  for (const name of ["a", "b"]) randomize(peft.adapter(name), 0.1);
  peft.setAdapter(["a", "b"]);
  const both = run(peft);
  peft.merge();
  assertNear(run(peft), both);
});

Deno.test("combined adapters: cat is the exact sum, linear is PEFT's", () => {
  const model = languageModel();
  const peft = applyPeft(model, lora({ rank: 2, loraAlpha: 6 }), { name: "a" });
  peft.addAdapter("b", lora({ rank: 2 }));
  for (const name of ["a", "b"]) randomize(peft.adapter(name), 0.1);
  peft.setAdapter(["a", "b"]);
  const both = run(peft);
  peft.combineAdapters("sum", { a: 1, b: 1 }, "cat");
  peft.setAdapter("sum");
  assertNear(run(peft), both);

  const linear = peft.combineAdapters("linear", { a: 0.5, b: -0.25 });
  const key = "transformer.h.0.attn.c_attn.lora_A.weight";
  const value = (name: string, at = 0) => peft.adapter(name).tensors.get(key)!.data[at]!;
  const expected = Math.sqrt(0.5 * 3) * value("a") - Math.sqrt(0.25 * 4) * value("b");
  assert(Math.abs(linear.tensors.get(key)!.data[0]! - expected) < 1e-6);

  peft.addAdapter("wide", lora({ rank: 4 }));
  assertThrows(() => peft.combineAdapters("x", { a: 1, wide: 1 }), PeftError, 'use "cat"');
  assertThrows(() => peft.combineAdapters("x", { a: 1, b: 1 }, "svd"), PeftError, '"svd"');
});

Deno.test("mistakes are caught, and say what there is", async () => {
  const model = classifier();
  const bits = model.parameters().map((p) => [p.requiresGrad, ...p.data]);
  const refuse = (options: Parameters<typeof lora>[0], ...words: string[]) => {
    const { message } = assertThrows(() => applyPeft(model, lora(options)), PeftError);
    for (const word of words) assert(message.includes(word), message);
  };
  refuse({ targetModules: ["q_proj"] }, '"q_proj"', "c_attn, c_proj, c_fc");
  refuse({ targetModules: "all-linear", layersToTransform: [7] }, "in the blocks [7]");
  refuse({ targetModules: ["wte"] }, "linear layers", "Embedding");
  refuse({ rank: 13 }, "at most 12", "c_attn");
  refuse({ rank: 0 }, "above 0");
  refuse({ modulesToSave: ["pooler"] }, '"pooler"', "ln_f");
  refuse({ loraDropout: 1 }, "loraDropout");
  assertThrows(() => lora({ bias: "some" as "all" }), PeftError, '"lora_only"');
  assertThrows(() => lora({ alpha: 3 } as object), PeftError, "loraAlpha");
  assertThrows(
    () => applyPeft(new Sequential([new Linear(2, 2)]), lora({ rank: 1 })),
    PeftError,
    "give targetModules",
  );
  assertEquals(model.parameters().map((p) => [p.requiresGrad, ...p.data]), bits);

  const peft = applyPeft(model, lora({ rank: 2 }));
  assertThrows(() => applyPeft(model, lora()), PeftError, "addAdapter");
  assertThrows(() => peft.addAdapter("default", lora()), PeftError, "already");
  assertThrows(() => peft.addAdapter("a.b", lora()), PeftError, "letters");
  assertThrows(() => peft.setAdapter("other"), PeftError, "there are default");
  const tied = applyPeft(languageModel(), lora({ targetModules: ["lm_head"] }));
  assertThrows(() => tied.mergeAndUnload(), PeftError, "tieEmbeddings: false");

  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(() => loadAdapter(languageModel(), folder), PeftError, "found none");
    await saveAdapter(peft, folder, { baseModel: "our/base" });
    const sized = (size: object) =>
      new GptForSequenceClassification({ ...SMALL, labels: ["a", "b", "c"], ...size });
    const small = sized({ layers: 1 });
    const { message } = await assertRejects(() => loadAdapter(small, folder), PeftError);
    assert(message.includes("our/base") && message.includes("h.1"), message);
    assert([...small.namedModules()].every(([, module]) => !(module instanceof AdaptedLayer)));
    const wide = sized({ dim: 15 });
    const shapes = await assertRejects(() => loadAdapter(wide, folder), PeftError);
    assert(shapes.message.includes("expected [2, 15] but found [2, 12]"), shapes.message);
    const config = JSON.parse(await Deno.readTextFile(`${folder}/adapter_config.json`));
    const write = (changed: object) =>
      Deno.writeTextFile(
        `${folder}/adapter_config.json`,
        JSON.stringify({ ...config, ...changed }),
      );
    await write({ lora_bias: true });
    await assertRejects(() => loadAdapter(classifier(), folder), PeftError, "lora_bias");
    await write({ init_lora_weights: "pissa" });
    await assertRejects(() => loadAdapter(classifier(), folder), PeftError, "pissa");
    await write({ peft_type: "VERA" });
    await assertRejects(() => loadAdapter(classifier(), folder), PeftError, "LORA");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a stored adapter comes back beside another, bit by bit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const model = classifier();
    const peft = applyPeft(model, lora({ rank: 2, modulesToSave: ["h.2.mlp"], useDora: true }));
    randomize(peft.adapter("default"));
    const expected = run(peft);
    await saveAdapter(peft, folder);
    peft.deleteAdapter("default");
    peft.addAdapter("other", lora());
    await loadAdapter(peft, folder, { name: "again", trainable: false });
    assertEquals(peft.activeAdapters, ["again"]);
    assertEquals(peft.trainableParameters(), []);
    assertEquals(run(peft), expected);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("LoRA goes on the linear layers of any module", () => {
  const model = new Sequential([new Linear(3, 5), new Linear(5, 2)]);
  const peft = applyPeft(model, lora({ rank: 2, targetModules: ["layers.0"], loraDropout: 0.5 }));
  assertEquals(peft.countParameters(), { all: 32 + 2 * 8, trained: 16 });
  scope(() => peft.forward(zeros([1, 3])).sum().backward());
  assertEquals(model.layers[1]!.countParameters().trained, 0);
});
