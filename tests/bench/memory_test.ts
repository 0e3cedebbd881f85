// What a frozen or LoRA step takes beside a full one.
import {
  crossEntropy,
  engineInfo,
  memoryInfo,
  Random,
  resetPeakMemory,
  scope,
} from "@tunebook/tensor";
import { AdamW } from "@tunebook/training";
import { assert, assertEquals } from "@std/assert";
import { GPT, type Mode, prepare, SIZES } from "./gpt.ts";

/** The most bytes of tensors in three steps that train in a mode, and how many numbers train. */
function peakOf(size: string, mode: Mode): { peak: number; trained: number } {
  engineInfo(); // gives the threads their memory
  const { V, B, T } = SIZES[size]!, before = memoryInfo().liveBytes;
  const tokens = new Random(0).randint(0, V, [B, T]), targets = new Random(1).randint(0, V, [B, T]);
  const model = new GPT(SIZES[size]!);
  prepare(model, mode);
  const optimizer = new AdamW(model.parameters().filter((p) => p.requiresGrad));
  resetPeakMemory();
  for (let step = 0; step < 3; step++) {
    scope(() => {
      const loss = crossEntropy(model.forward(tokens), targets);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    });
  }
  const peak = memoryInfo().peakBytes - before;
  optimizer.zeroGrad();
  optimizer.dispose();
  for (const t of [tokens, targets, ...model.parameters()]) t.dispose();
  assertEquals(memoryInfo().liveBytes, before);
  return { peak, trained: model.countParameters().trained };
}

for (const size of ["tiny", "small"]) {
  Deno.test(`a ${size} step that trains less takes less, by gradients and optimizer state`, () => {
    const full = peakOf(size, "full");
    for (const mode of ["lora", "lora-all", "freeze"] as const) {
      const { peak, trained } = peakOf(size, mode), due = 12 * (full.trained - trained);
      assert(full.peak - peak >= due, `${mode} saves ${full.peak - peak} bytes of ${due}`);
    }
  });
}
