/**
 * What a training step costs at each freezing depth: what the accounting predicts, and what is
 * measured.
 *
 * @module
 */

import { baseGpt } from "@tunebook/base";
import { freeze, type TrainingReport, trainingReport } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { crossEntropy, manualSeed, type Module } from "@tunebook/nn";
import { memoryInfo, Random, resetPeakMemory, scope, tensor } from "@tunebook/tensor";
import { AdamW } from "@tunebook/training";

/** Freezing depths of the base model, from nothing to everything below the last norm. */
export const DEPTHS: readonly string[] = [
  "nothing",
  "embeddings",
  "and block 1",
  "and block 2",
  "and block 3",
  "and block 4",
];

/** One depth: the prediction, and what this machine did. */
export interface DepthCost {
  /** Which of {@linkcode DEPTHS}. */
  depth: number;
  /** How many parameters train. */
  trained: number;
  /** A step's operations, as a share of those of a full step. */
  cost: number;
  /** Bytes of weights, gradients and optimizer state, predicted. */
  bytes: number;
  /** Measured: the median step in seconds, the bytes after a step, and the most at any moment. */
  timing: { secondsPerStep: number; bytes: number; peakBytes: number };
}

/** The size of a measurement. */
export interface CostSize {
  /** Texts a step. */
  batch: number;
  /** Tokens a text. */
  time: number;
  /** Steps measured. */
  steps: number;
}

/** Freezes a GPT from the input up to one of {@linkcode DEPTHS}. */
export function freezeTo(model: Module, depth: number): void {
  model.setRequiresGrad(true);
  if (depth > 0) freeze(model, "embeddings");
  if (depth > 1) freeze(model, { firstBlocks: depth - 1 });
}

/** Measures all depths one after the other, so that one round meets the machine in one mood. */
export async function measureDepths(seed: number, size: CostSize): Promise<DepthCost[]> {
  const costs: DepthCost[] = [];
  for (const depth of DEPTHS.keys()) costs.push(await measureDepth(depth, seed, size));
  return costs;
}

async function measureDepth(depth: number, seed: number, size: CostSize): Promise<DepthCost> {
  const { batch, time, steps } = size;
  const before = memoryInfo().liveBytes;
  manualSeed(seed);
  const model = await baseGpt({
    as: GptForSequenceClassification,
    config: { labels: ["singular", "plural"] },
  });
  freezeTo(model, depth);
  const random = new Random(seed);
  const ids = Int32Array.from({ length: batch * time }, () => random.integer(2, 3000));
  const tokens = tensor(ids, { shape: [batch, time] });
  const answers = Array.from({ length: batch }, (_, i) => i % 2);
  const report: TrainingReport = trainingReport(model, () => model.forward(tokens));
  const optimizer = new AdamW(model.parameters(), { learningRate: 1e-4 });
  const seconds: number[] = [];
  let bytes = 0, peakBytes = 0;
  model.train();
  // The first two steps make room for what later ones use again.
  for (let step = -2; step < steps; step++) {
    resetPeakMemory();
    const began = performance.now();
    scope(() => crossEntropy(model.forward(tokens), answers).backward());
    optimizer.step();
    seconds.push((performance.now() - began) / 1000);
    bytes = memoryInfo().liveBytes - before;
    peakBytes = memoryInfo().peakBytes - before;
    model.zeroGrad();
  }
  optimizer.dispose();
  for (const one of [tokens, ...model.stateDict().values()]) one.dispose();
  const sorted = seconds.slice(2).sort((a, b) => a - b);
  return {
    depth,
    trained: report.trained,
    cost: report.cost,
    bytes: report.memory.total,
    timing: { secondsPerStep: sorted[sorted.length >> 1]!, bytes, peakBytes },
  };
}
