/**
 * Our side of the training bench: `train.ts SIZE MODE [WEIGHTS]`, then commands as `torch_gpt.py`'s.
 *
 * @module
 */
import {
  crossEntropy,
  engineInfo,
  memoryInfo,
  Random,
  scope,
  type Tensor,
  tensor,
} from "@tunebook/tensor";
import { AdamW } from "../../lib/training/optimizers/mod.ts";
import { SafetensorsFile } from "../../lib/tensor/safetensors.ts";
import { GPT, type Mode, ourName, prepare, SIZES } from "./gpt.ts";
import { peak, resident } from "./memory.ts";
import { serve } from "./peer.ts";

const afterImport = resident();
const [sizeName = "tiny", mode = "full", weights] = Deno.args;
const size = SIZES[sizeName]!;
const model = new GPT(size);
prepare(model, mode as Mode);
let tokens = new Int32Array(new Random(0).randint(0, size.V, [size.B * size.T]).data);
let targets = new Int32Array(new Random(1).randint(0, size.V, [size.B * size.T]).data);
if (weights !== undefined) {
  const file = await SafetensorsFile.open(weights);
  tokens = (await file.read("x")).data as typeof tokens;
  targets = (await file.read("y")).data as typeof targets;
  const own = model.stateDict();
  for (const name of file.names) {
    if (name === "x" || name === "y") continue;
    readInto(own.get(ourName(name))!, weights, file.entry(name).begin);
    own.delete(ourName(name));
  }
  if (own.size > 0) throw new Error(`the weights lack ${[...own.keys()].join(", ")}`);
}
const x = tensor(tokens, { shape: [size.B, size.T], dtype: "int32" });
const y = tensor(targets, { shape: [size.B, size.T], dtype: "int32" });
const optimizer = new AdamW(model.parameters().filter((p) => p.requiresGrad), {
  learningRate: 1e-3,
});

/** Reads a tensor piece by piece: buffers of its size would count as memory of the training. */
function readInto({ data }: Tensor, path: string, offset: number): void {
  using file = Deno.openSync(path);
  file.seekSync(offset, Deno.SeekMode.Start);
  const piece = new Float32Array(65536);
  for (let at = 0; at < data.length; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, data.length - at));
    file.readSync(new Uint8Array(part.buffer, 0, part.byteLength));
    data.set(part, at);
  }
}

function step(): number {
  return scope(() => {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

const losses = Array.from({ length: 10 }, step);
const { all, trained } = model.countParameters();
await serve(
  {
    losses,
    memory: peak() - afterImport,
    tensors: memoryInfo().peakBytes,
    parameters: all,
    trained,
    engine: engineInfo(),
  },
  ([, seconds]) => {
    const times: number[] = [], end = performance.now() + Number(seconds) * 1000;
    while (times.length === 0 || performance.now() < end) {
      const start = performance.now();
      step();
      times.push(performance.now() - start);
    }
    return { times };
  },
);
Deno.exit(0);
