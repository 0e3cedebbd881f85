import {
  applyPeft,
  encodeAdapter,
  loadAdapter,
  type PeftModel,
  prefixTuning,
} from "@tunebook/finetune";
import type { TextModel } from "@tunebook/models";
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
    const projected = one.config.prefix_projection === true;
    const peft = projected ? withMlp(model, one) : await loadAdapter(model, filesOf(one));
    peft.eval();
    assertEquals(peft.summary(), one.summary);
    await compare(one, "adapter", encodeAdapter(peft).tensors, one.stored);

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
      if (step === 0 && !projected) await compareGradients(one, own);
      if (step === 0 && projected) compareTensors(one, "grad", own, (tensor) => tensor.grad!);
      optimizer.step();
    }
    optimizer.dispose();
    const files = encodeAdapter(peft);
    if (projected) compareTensors(one, "after", own, (tensor) => tensor);
    else await compare(one, "after", files.tensors);
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

/** Prefix tuning with its MLP, whose parameters no file holds. */
function withMlp(model: TextModel, one: PeftCase): PeftModel<TextModel> {
  const { num_virtual_tokens, encoder_hidden_size } = one.config as Record<string, number>;
  const peft = applyPeft(
    model,
    prefixTuning({
      numVirtualTokens: num_virtual_tokens!,
      encoderHiddenSize: encoder_hidden_size!,
      prefixProjection: true,
    }),
  );
  for (const [name, tensor] of peft.adapter("default").tensors) {
    tensor.data.set(references.get(one.id, `own.${name}`).data);
  }
  return peft;
}

/** Compares gradients, stored as the adapter would be. */
async function compareGradients(one: PeftCase, own: ReadonlyMap<string, Tensor>): Promise<void> {
  const peft = await loadAdapter(baseModel(one.base), filesOf(one));
  for (const [name, tensor] of peft.adapter("default").tensors) {
    tensor.data.set(own.get(name)!.grad!.data);
  }
  await compare(one, "grad", encodeAdapter(peft).tensors);
}

function compareTensors(
  one: PeftCase,
  part: string,
  own: ReadonlyMap<string, Tensor>,
  pick: (tensor: Tensor) => Tensor,
): void {
  assertEquals([...own.keys()].sort(), [...one.trained].sort());
  for (const [name, tensor] of own) {
    assertClose(name, pick(tensor), references.get(one.id, `${part}.${name}`), CLOSE);
  }
}

async function compare(one: PeftCase, part: string, bytes: Uint8Array, names = one.trained) {
  const file = await SafetensorsFile.open(bytes);
  assertEquals([...file.names].sort(), [...names].sort());
  for (const name of file.names) {
    const value = await file.readFloat32(name);
    const expected = references.get(one.id, `${part}.${name}`);
    scope(() => assertClose(`${part} ${name}`, toTensor(value), expected, CLOSE));
  }
}

function bitsOf(tensors: readonly Tensor[]): number[][] {
  return tensors.map((tensor) => [...tensor.data]);
}

/** Order and repetition of names mean nothing. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value)].sort() : value;
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
