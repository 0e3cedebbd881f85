import { encodeAdapter, loadAdapter } from "@tunebook/finetune";
import { AdamW } from "@tunebook/training";
import { SafetensorsFile, scope, type Tensor } from "@tunebook/tensor";
import { assert, assertEquals } from "@std/assert";
import { assertClose, toTensor, type Values } from "../../tensor_reference/reference.ts";
import { adapters, baseModel, filesOf, type PeftCase, references } from "./references.ts";

const CLOSE = { tolerance: 1e-4, absolute: 1e-4 };

for (const one of adapters) {
  Deno.test(`${one.id} computes, learns and stores what PEFT does`, async () => {
    const model = baseModel(one.base);
    const before = bitsOf(model.parameters());
    const base = model.parameters();
    const peft = await loadAdapter(model, filesOf(one));
    peft.eval();
    assertEquals(peft.summary(), one.summary);

    const input = (part: string) => toTensor(references.get(one.id, part));
    const tokens = input("in0"), mask = input("in1"), up = input("up0");
    const run = () => peft.forward(tokens, one.padded ? { mask } : {});
    scope(() => {
      const expected = references.get(one.id, "out0");
      assertClose("output", withoutPadding(one, run(), expected, mask), expected, CLOSE);
    });

    const own = peft.adapter("default").tensors;
    const optimizer = new AdamW(peft.trainableParameters(), { learningRate: 1e-2, eps: 1e-3 });
    for (let step = 0; step < 3; step++) {
      scope(() => {
        optimizer.zeroGrad();
        run().mul(up).sum().backward();
      });
      if (step === 0) await compareFiles(one, "grad", own, (tensor) => tensor.grad!);
      optimizer.step();
    }
    optimizer.dispose();
    const files = encodeAdapter(peft);
    await compare(one, "after", files.tensors);
    // What PEFT reads of our file says the same as its own.
    for (const [key, value] of Object.entries(one.config)) {
      if (files.config[key] === undefined) continue;
      assertEquals(sorted(files.config[key]), sorted(value), key);
    }
    // The base stays bit by bit what it was.
    assertEquals(bitsOf(base), before);
    peft.unload();
    assertEquals(bitsOf(model.parameters()), before);
  });
}

/** Compares other tensors of the adapter's shapes, stored as the adapter would be. */
async function compareFiles(
  one: PeftCase,
  part: string,
  own: ReadonlyMap<string, Tensor>,
  pick: (tensor: Tensor) => Tensor,
): Promise<void> {
  const values = new Map([...own.values()].map((tensor) => [tensor, tensor.data.slice()]));
  const model = baseModel(one.base);
  const peft = await loadAdapter(model, filesOf(one));
  for (const [name, tensor] of peft.adapter("default").tensors) {
    tensor.data.set(pick(own.get(name)!).data);
  }
  await compare(one, part, encodeAdapter(peft).tensors);
  for (const [tensor, data] of values) assertEquals(tensor.data, data);
}

async function compare(one: PeftCase, part: string, bytes: Uint8Array): Promise<void> {
  const file = await SafetensorsFile.open(bytes);
  assertEquals([...file.names].sort(), [...one.stored].sort());
  for (const name of file.names) {
    const value = await file.readFloat32(name);
    scope(() =>
      assertClose(
        `${part} ${name}`,
        toTensor(value),
        references.get(one.id, `${part}.${name}`),
        CLOSE,
      )
    );
  }
}

function bitsOf(tensors: readonly Tensor[]): number[][] {
  return tensors.map((tensor) => [...tensor.data]);
}

/** The order of names means nothing. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}

/** The output, with what is expected in the rows of padding. */
function withoutPadding(one: PeftCase, output: Tensor, expected: Values, mask: Tensor): Tensor {
  if (!one.ofTokens) return output;
  const copy = output.detach().clone();
  const width = output.size / mask.size;
  assert(Number.isInteger(width));
  for (const [row, isToken] of mask.data.entries()) {
    if (isToken) continue;
    copy.data.set(expected.data.subarray(row * width, (row + 1) * width), row * width);
  }
  return copy;
}
