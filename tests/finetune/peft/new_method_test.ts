import { applyPeft, encodeAdapter, loadAdapter, PeftError } from "@tunebook/finetune";
import { noGrad } from "@tunebook/tensor";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { classifier, texts } from "../small_models.ts";
import { outputScale } from "./output_scale/mod.ts";
import { randomize } from "./randomize.ts";

Deno.test("a method in a folder of its own is applied, merged, saved and read with no other change", async () => {
  const model = classifier().eval();
  const run = () => noGrad(() => [...model.forward(texts()).data]);
  const plain = run();
  const peft = applyPeft(model, outputScale());
  assertEquals(run(), plain);
  assertEquals(peft.countParameters().trained, 4 * 3 + 3 * 12); // a factor a layer, and the head
  randomize(peft.adapter("default"), 0.1);
  const adapted = run();
  peft.merge();
  assert(run().every((v, i) => Math.abs(v - adapted[i]!) < 1e-5));
  peft.unmerge();
  const files = encodeAdapter(peft);
  assertEquals(files.config.peft_type, "OUTPUT_SCALE");
  peft.unload();
  await loadAdapter(model, files);
  assertEquals(run(), adapted);
  assertThrows(() => outputScale({ rank: 1 } as object), PeftError, "targetModules");
});
