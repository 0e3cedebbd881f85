import {
  applyPeft,
  dequantize,
  dequantizeInt8,
  dequantizeNf4,
  Int8Embedding,
  Int8Head,
  lora,
  promptTuning,
  quantize,
  quantizeInt8,
  quantizeNf4,
} from "@tunebook/finetune";
import { BertForMaskedLM, GptForCausalLM } from "@tunebook/models";
import { Embedding, Linear, type Module } from "@tunebook/nn";
import { crossEntropy, memoryInfo, noGrad, Random, scope, tensor } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { assertClose, Reference } from "../../tensor_reference/reference.ts";
import { SMALL, texts } from "../small_models.ts";

interface QuantizationCase {
  readonly id: string;
  readonly kind: "nf4" | "int8";
  readonly blockSize: number;
}
const reference = await Reference.read<QuantizationCase>("quantization");

for (const { id, kind, blockSize } of reference.cases) {
  Deno.test(`${id}: the codes and scales of bitsandbytes`, () => {
    const values = reference.get(id, "values").data as Float32Array;
    const expected = reference.get(id, "codes").data, back = new Float32Array(values.length);
    const scales = new Float32Array(reference.get(id, "scales").data.length);
    if (kind === "nf4") {
      const codes = new Uint8Array(values.length / 2);
      quantizeNf4(values, blockSize, { codes, scales });
      assertEquals([...codes], [...expected]);
      dequantizeNf4({ codes, scales }, blockSize, back);
    } else {
      const codes = new Int8Array(values.length);
      quantizeInt8(values, blockSize, { codes, scales });
      assertEquals([...codes], [...expected]);
      for (const row of scales.keys()) {
        const own = back.subarray(row * blockSize, (row + 1) * blockSize);
        dequantizeInt8({ codes, scales }, row, own);
      }
    }
    assertEquals([...scales], [...reference.get(id, "scales").data]);
    const { shape } = reference.get(id, "back");
    const ours = tensor(back, { shape: [...shape] });
    assertClose("back", ours, reference.get(id, "back"), { tolerance: 1e-6 });
  });
}

Deno.test("a table in eight bits gives vectors within half a step, zeros as zeros", () => {
  const plain = new Embedding(40, 24);
  plain.weight.data.fill(0, 24, 48);
  const rounded = new Int8Embedding(plain);
  const tokens = tensor([[3, 1, 39]], { dtype: "int32" });
  const [before, after] = [plain.forward(tokens), rounded.forward(tokens)];
  assertEquals(after.shape, [1, 3, 24]);
  for (const [i, value] of before.data.entries()) {
    const token = tokens.data[Math.floor(i / 24)]!;
    const row = plain.weight.data.subarray(token * 24, (token + 1) * 24);
    const step = Math.max(...row.map(Math.abs)) / 127;
    assertAlmostEquals(after.data[i]!, value, step / 2 + 1e-7);
  }
  assertThrows(() => rounded.forward(tensor([40], { dtype: "int32" })), RangeError, "0 to 39");
});

Deno.test("a head on the rounded table is the plain head on its numbers, to the gradient", () => {
  // More rows than are turned into float32 at a time, and not a multiple of it.
  const table = new Int8Embedding(new Embedding(4500, 6));
  const plain = new Linear(6, 4500);
  const head = new Int8Head(table, plain);
  plain.weight = table.dequantize();
  const up = new Random(2).normal([2, 3, 4500]);
  const [ours, theirs] = [head, plain].map((layer) => {
    const input = new Random(1).normal([2, 3, 6]);
    input.requiresGrad = true;
    const output = layer.forward(input).retain();
    plain.zeroGrad();
    output.mul(up).sum().backward();
    return { output, dx: input.grad!, db: plain.bias!.grad!.clone() };
  });
  assertClose("output", ours!.output, theirs!.output, { tolerance: 1e-5 });
  assertClose("dx", ours!.dx, theirs!.dx, { tolerance: 1e-5, absolute: 1e-4 });
  assertClose("db", ours!.db, theirs!.db, { tolerance: 1e-5 });
});

Deno.test("a whole base in the proportions of GPT-2 small takes under 0.30 of float32", () => {
  // An eighth of its width, vocabulary and positions.
  const shape = { vocabSize: 6282, maxPositions: 128, dim: 96, layers: 12, heads: 12 };
  const model = new GptForCausalLM(shape).eval();
  const tokens = tensor([[7, 6281, 0, 900]], { dtype: "int32" });
  const loss = () =>
    noGrad(() =>
      scope(() => crossEntropy(model.forward(tokens), [[6281, 0, 900, 1]].flat()).item())
    );
  const before = { bytes: bytesOf(model), live: memoryInfo().liveBytes, loss: loss() };
  const report = quantize(model, { embeddings: true });
  const share = bytesOf(model) / before.bytes;
  assert(share < 0.3, `${share} of float32`);
  const freed = before.live - memoryInfo().liveBytes;
  assert(freed > 0.7 * before.bytes, `${freed} of ${before.bytes} bytes freed`);
  assertEquals(report.layers.slice(-3).sort(), ["lm_head", "transformer.wpe", "transformer.wte"]);
  assertAlmostEquals(loss(), before.loss, 0.05);
  // A forward pass doesn't bring the float32 table back.
  const live = memoryInfo().liveBytes;
  scope(() => {
    noGrad(() => model.forward(tokens));
    assert(memoryInfo().liveBytes - live < 0.5 * 6282 * 96 * 4);
  });
});

Deno.test("what trains beside a rounded base learns as on its plain, rounded numbers", () => {
  for (const make of [() => new GptForCausalLM(SMALL), () => new BertForMaskedLM(SMALL)]) {
    const model = make().eval();
    quantize(model, { embeddings: true });
    const peft = applyPeft(model, lora({ rank: 2, targetModules: "all-linear" }));
    const gradients = () => {
      for (const parameter of peft.trainableParameters()) parameter.zeroGrad();
      const loss = crossEntropy(peft.forward(texts()), texts());
      loss.backward();
      return [loss.item(), ...peft.trainableParameters().flatMap((p) => [...p.grad!.data])];
    };
    const rounded = gradients();
    assert(dequantize(model).length > 3);
    const heads = [...model.namedModules()].filter(([, module]) => module instanceof Int8Head);
    assertEquals(heads, []);
    const plain = gradients();
    for (const [i, value] of plain.entries()) assertAlmostEquals(rounded[i]!, value, 1e-5);
  }
});

Deno.test("a rounded base's numbers count as an exact one's", () => {
  for (const make of [() => new GptForCausalLM(SMALL), () => new BertForMaskedLM(SMALL)]) {
    const [exact, rounded] = [make(), make()];
    quantize(rounded, { embeddings: true });
    const [expected, found] = [exact, rounded].map((model) => applyPeft(model, lora({ rank: 2 })));
    assertEquals(found!.countParameters(), expected!.countParameters());
    assertEquals(found!.summary(), expected!.summary());
  }
});

Deno.test("a prompt begins as words of a rounded table, and learns", () => {
  const model = new GptForCausalLM(SMALL).eval();
  quantize(model, { embeddings: true });
  const peft = applyPeft(
    model,
    promptTuning({ numVirtualTokens: 2, promptTuningInit: "TEXT", textTokens: [3, 5] }),
  );
  const [prompt] = peft.trainableParameters();
  const words = model.transformer.wte.forward(tensor([3, 5], { dtype: "int32" }));
  assertEquals(prompt!.toArray(), words.toArray());
  peft.forward(texts()).sum().backward();
  assert(prompt!.grad!.data.some((value) => value !== 0));
});

/** Bytes of all parameters and buffers. */
function bytesOf(model: Module): number {
  const tensors = new Set(model.stateDict().values());
  return [...tensors].reduce((sum, { size }) => sum + size * 4, 0);
}
