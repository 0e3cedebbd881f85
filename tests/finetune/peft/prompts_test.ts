import { applyPeft, lora, PeftError, prefixTuning, promptTuning } from "@tunebook/finetune";
import { KeyValueCache } from "@tunebook/models";
import { Linear, Sequential } from "@tunebook/nn";
import { noGrad } from "@tunebook/tensor";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { languageModel, SMALL, texts } from "../small_models.ts";
import { randomize } from "./randomize.ts";

for (const method of [prefixTuning, promptTuning]) {
  const { method: { title } } = method();

  Deno.test(`${title} switches, comes off, and can't be merged`, () => {
    const model = languageModel().eval();
    const run = () => noGrad(() => [...peft.forward(texts()).data]);
    const plain = noGrad(() => [...model.forward(texts()).data]);
    const peft = applyPeft(model, method({ numVirtualTokens: 2 }), { name: "a" });
    const first = run();
    assert(first.some((v, i) => v !== plain[i]));
    peft.addAdapter("b", method({ numVirtualTokens: 3 }));
    peft.setAdapter("b");
    assert(run().some((v, i) => v !== first[i]));
    peft.setAdapter("a");
    assertEquals(run(), first);
    assertEquals(peft.withoutAdapters(run), plain);
    assertThrows(() => peft.merge(), PeftError, "can't be merged");
    assertThrows(() => peft.combineAdapters("c", { a: 1, b: 1 }), PeftError, title);
    peft.addAdapter("lora", lora({ rank: 2 }));
    randomize(peft.adapter("lora"));
    peft.setAdapter(["lora", "a"]);
    assert(run().some((v, i) => v !== first[i]));
    assertEquals(noGrad(() => [...peft.unload().forward(texts()).data]), plain);
  });

  Deno.test(`${title} goes on over a text in parts as over the whole`, () => {
    const peft = applyPeft(languageModel().eval(), method({ numVirtualTokens: 2 }));
    noGrad(() => {
      const whole = peft.forward(texts(1, 6));
      using cache = new KeyValueCache();
      peft.forward(texts(1, 6).narrow(1, 0, 4), { cache });
      const rest = peft.forward(texts(1, 6).narrow(1, 4, 2), { cache });
      const expected = whole.narrow(1, 4, 2).data;
      assert(rest.data.every((v, i) => Math.abs(v - expected[i]!) < 1e-5));
    });
  });

  Deno.test(`${title} says what it needs`, () => {
    assertThrows(() => method({ numVirtualTokens: 0 }), PeftError, "numVirtualTokens");
    assertThrows(
      () => applyPeft(new Sequential([new Linear(2, 2)]), method()),
      PeftError,
      "needs a",
    );
    const long = applyPeft(languageModel(), method({ numVirtualTokens: SMALL.maxPositions }));
    assertThrows(() => long.forward(texts()), RangeError, "at most 16");
  });
}

Deno.test("a prompt begins as a text, or as words of the vocabulary", () => {
  const model = languageModel();
  const dim = SMALL.dim, words = [...model.module("transformer.wte").ownParameters()][0]![1];
  const rowOf = (token: number) => [...words.data.subarray(token * dim, (token + 1) * dim)];
  const peft = applyPeft(
    model,
    promptTuning({ numVirtualTokens: 3, promptTuningInit: "TEXT", textTokens: [5, 7] }),
  );
  const prompt = peft.adapter("default").tensors.get("prompt_embeddings")!;
  assertEquals([...prompt.data], [...rowOf(5), ...rowOf(7), ...rowOf(5)]);
  peft.addAdapter("drawn", promptTuning({ numVirtualTokens: 1, promptTuningInit: "SAMPLE_VOCAB" }));
  const drawn = [...peft.adapter("drawn").tensors.get("prompt_embeddings")!.data];
  assert(Array.from({ length: SMALL.vocabSize }, (_, i) => rowOf(i).join()).includes(drawn.join()));
  assertThrows(() => promptTuning({ promptTuningInit: "TEXT" }), PeftError, "textTokens");
  assertThrows(
    () => peft.addAdapter("x", promptTuning({ promptTuningInit: "TEXT", textTokens: [29] })),
    PeftError,
    "0 to 28",
  );
});
