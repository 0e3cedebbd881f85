import {
  applyPeft,
  dequantize,
  dequantizeNf4,
  encodeAdapter,
  ia3,
  loadAdapter,
  lora,
  NF4,
  Nf4Linear,
  PeftError,
  quantize,
  quantizeNf4,
} from "@tunebook/finetune";
import { GptForCausalLM } from "@tunebook/models";
import { Linear, Sequential } from "@tunebook/nn";
import { AdamW } from "@tunebook/training";
import { memoryInfo, noGrad, Random, scope } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import jstat from "jstat";
import { SMALL, texts } from "../small_models.ts";
import { randomize } from "./randomize.ts";

const untied = () => new GptForCausalLM({ ...SMALL, tieEmbeddings: false });

Deno.test("the code book is the paper's: quantiles of the normal distribution", () => {
  // Dettmers et al. 2023, appendix E, and bitsandbytes' create_normal_map.
  const offset = 0.9677083;
  const evenly = (count: number) =>
    Array.from({ length: count - 1 }, (_, i) => offset + (0.5 - offset) * i / (count - 1));
  const quantile = (p: number) => jstat.jStat.normal.inv(p, 0, 1) as number;
  const above = evenly(9).map(quantile), below = evenly(8).map((p) => -quantile(p));
  const all = [...above, 0, ...below].sort((a, b) => a - b);
  for (const [i, value] of all.entries()) assertAlmostEquals(NF4[i]!, value / all.at(-1)!, 1e-6);
});

Deno.test("each number becomes the nearest code of its block", () => {
  const values = new Random(1).normal([1001], 0, 2).data as Float32Array;
  values[130] = 0;
  values.fill(0, 192, 256); // a block of zeros
  const blockSize = 64, blocks = Math.ceil(values.length / blockSize);
  const stored = { codes: new Uint8Array(504), scales: new Float32Array(blocks) };
  quantizeNf4(values, blockSize, stored);
  const back = new Float32Array(values.length);
  dequantizeNf4(stored, blockSize, back);
  for (let block = 0; block < blocks; block++) {
    const own = values.subarray(block * blockSize, (block + 1) * blockSize);
    const scale = Math.max(...own.map(Math.abs));
    assertEquals(stored.scales[block], scale);
    for (const [i, value] of own.entries()) {
      const at = block * blockSize + i;
      const nearest = Math.min(...NF4.map((code) => Math.abs(code * scale - value)));
      assertAlmostEquals(Math.abs(back[at]! - value), nearest, 1e-6);
      const code = at % 2 === 0 ? stored.codes[at >> 1]! >> 4 : stored.codes[at >> 1]! & 15;
      assertAlmostEquals(NF4[code]! * scale, back[at]!, 1e-6);
    }
  }
});

Deno.test("a quantised base takes the memory it says, and far less than float32", () => {
  const model = new Sequential([new Linear(256, 512), new Linear(512, 256)]);
  const before = memoryInfo().liveBytes;
  const report = quantize(model);
  const freed = before - memoryInfo().liveBytes;
  assertEquals(report.before, 2 * 256 * 512 * 4);
  assertEquals(report.after, 2 * 256 * 512 * (1 / 2 + 4 / 64));
  assert(report.after < 0.3 * report.before);
  // There are two tensors more than before, with 64 bytes behind each.
  const saved = report.before - report.after;
  assert(freed >= saved - 2 * 64 && freed < 1.1 * saved, `${freed} bytes freed`);
  // A step doesn't bring the float32 weights back.
  const peft = applyPeft(model, lora({ rank: 2, targetModules: "all-linear" }));
  const live = memoryInfo().liveBytes;
  scope(() => {
    const output = peft.forward(new Random(0).normal([1, 256]));
    assert(memoryInfo().liveBytes - live < 0.1 * report.before);
    output.sum().backward();
    assert(memoryInfo().liveBytes - live < 0.1 * report.before);
  });
});

Deno.test("LoRA on a quantised base learns as on its rounded weights, to the gradient", async () => {
  const model = untied().eval(), plain = untied().eval();
  const before = noGrad(() => [...model.forward(texts()).data]);
  const report = quantize(model);
  assertEquals(report.layers.length, 4 * SMALL.layers);
  assertEquals(report.layers.includes("lm_head"), false);
  const rounded = noGrad(() => [...model.forward(texts()).data]);
  assert(rounded.some((v, i) => v !== before[i]));
  copyRounded(model, plain);

  const method = () => lora({ rank: 2, targetModules: "all-linear", bias: "all" });
  const ours = applyPeft(model, method());
  randomize(ours.adapter("default"), 0.1);
  const theirs = await loadAdapter(plain, encodeAdapter(ours));
  const pair = [ours, theirs].map((peft) => {
    const optimizer = new AdamW(peft.trainableParameters(), { learningRate: 1e-2, eps: 1e-3 });
    for (let step = 0; step < 3; step++) {
      scope(() => {
        optimizer.zeroGrad();
        peft.forward(texts()).pow(2).mean().backward();
      });
      optimizer.step();
    }
    optimizer.dispose();
    return noGrad(() => [...peft.forward(texts()).data]);
  });
  assertNear(pair[0]!, pair[1]!, 1e-5);

  assertThrows(() => ours.merge(), PeftError, "dequantize(model) first");
  assertEquals(dequantize(model).length, 4 * SMALL.layers);
  assertNear(noGrad(() => [...ours.forward(texts()).data]), pair[0]!, 1e-5);
  const merged = ours.mergeAndUnload();
  assertNear(noGrad(() => [...merged.forward(texts()).data]), pair[0]!, 1e-5);
});

Deno.test("a base is refused that can't be quantised", () => {
  const tied = new GptForCausalLM(SMALL);
  assertThrows(() => quantize(tied, { targetModules: ["lm_head"] }), PeftError, "shares");
  assertThrows(() => quantize(tied, { targetModules: ["wte"] }), PeftError, "plain linear");
  assertThrows(() => quantize(tied, { blockSize: 3 }), PeftError, "even");
  const peft = applyPeft(tied, lora());
  assertThrows(() => quantize(tied), PeftError, "has adapters");
  quantize(peft.unload());
  assertThrows(() => quantize(tied), PeftError, "plain linear layers");
  assertThrows(() => applyPeft(tied, lora({ useDora: true })), PeftError, "quantised");
  const scaled = applyPeft(tied, ia3());
  assert(noGrad(() => scaled.forward(texts())).data.every(Number.isFinite));
});

/** Gives the plain model all of the quantised one's values, the weights as they were rounded. */
function copyRounded(from: GptForCausalLM, to: GptForCausalLM): void {
  const modules = new Map(to.namedModules());
  for (const [path, module] of from.namedModules()) {
    const own = Object.fromEntries(modules.get(path)?.ownParameters() ?? []);
    if (module instanceof Nf4Linear) own.weight!.data.set(module.dequantize().data);
    for (const [name, value] of module.ownParameters()) own[name]!.data.set(value.data);
  }
}

function assertNear(actual: readonly number[], expected: readonly number[], tolerance: number) {
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
  assert(worst <= tolerance, `differs by ${worst}`);
}
