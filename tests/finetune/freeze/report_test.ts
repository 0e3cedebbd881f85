import { freeze, trainingFigure, trainingReport, trainOnly } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { Linear, Sequential } from "@tunebook/nn";
import { AdamW } from "@tunebook/training";
import { crossEntropy, memoryInfo, scope, tensor, zeros } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { classifier, languageModel, texts } from "../small_models.ts";

Deno.test("a report counts operations by hand", () => {
  const model = new Sequential([new Linear(3, 5), new Linear(5, 2)]);
  const report = trainingReport(model, () => model.forward(zeros([7, 3])), { optimizerSlots: 1 });
  // 2 operations for each weight and row, 2 for each bias and row.
  const first = 7 * (2 * 15 + 2 * 5), second = 7 * (2 * 10 + 2 * 2);
  assertEquals(report.flops.forward, first + second);
  assertEquals(report.flops.backward, first + 2 * second); // nothing below the first wants a gradient
  assertEquals(report.cost, 1);
  assertEquals(report.memory, {
    weights: 32 * 4,
    gradients: 32 * 4,
    optimizer: 32 * 4,
    total: 3 * 32 * 4,
  });
  freeze(model, "layers.0");
  const frozen = trainingReport(model, () => model.forward(zeros([7, 3])));
  assertEquals(frozen.flops.backward, second);
  assertEquals(frozen.trained, 12);
  assertThrows(() => trainingReport(model, () => 0), Error, "no layer was used");
  assert(model.layers.every((layer) => layer instanceof Linear)); // the probes are gone
});

Deno.test("a report has a row for each place, and its counts are the model's", () => {
  const model = languageModel();
  trainOnly(model, { lastBlocks: 1 }, "final");
  const report = trainingReport(model, () => model.forward(texts()));
  assertEquals(report.rows.map(({ name }) => name), [
    "embeddings",
    "transformer.h.0",
    "transformer.h.1",
    "transformer.h.2",
    "head",
  ]);
  assertEquals(
    { all: report.parameters, trained: report.trained },
    model.countParameters(),
  );
  assertEquals(report.rows.map(({ backward }) => backward > 0), [false, false, false, true, true]);
  assert(`${report}`.includes("% of the parameters train"));
  assertEquals(trainingFigure(report).layout?.barmode, "stack");
});

Deno.test("gradients and optimizer state take the memory that a report says", () => {
  const model = classifier();
  trainOnly(model, { lastBlocks: 1 }, "head");
  const report = trainingReport(model, () => model.forward(texts()));
  const optimizer = new AdamW(model.parameters());
  const before = memoryInfo().liveBytes;
  scope(() => crossEntropy(model.forward(texts()), tensor([0, 1], { dtype: "int32" })).backward());
  optimizer.step();
  const taken = memoryInfo().liveBytes - before;
  const predicted = report.memory.gradients + report.memory.optimizer;
  // Small tensors round up to whole size classes.
  assert(taken >= predicted && taken < predicted * 1.25, `${taken} bytes, predicted ${predicted}`);
  optimizer.dispose();
});

Deno.test("a frozen step's time falls about as a report predicts", () => {
  const model = new GptForSequenceClassification({
    vocabSize: 64,
    maxPositions: 64,
    dim: 128,
    layers: 4,
    heads: 4,
    dropout: 0,
  }).eval();
  const tokens = zeros([8, 64], { dtype: "int32" }), labels = zeros([8], { dtype: "int32" });
  const forward = () => model.forward(tokens);
  const optimizer = new AdamW(model.parameters());
  const step = () => {
    const start = performance.now();
    scope(() => {
      optimizer.zeroGrad();
      crossEntropy(forward(), labels).backward();
      optimizer.step();
    });
    return performance.now() - start;
  };
  const freezing = () => trainOnly(model, { lastBlocks: 1 }, "final", "head");
  freezing();
  const { cost } = trainingReport(model, forward);
  // Interleaved, and the least of each: other work on the machine only ever adds.
  const least = { full: Infinity, frozen: Infinity };
  const isNear = () => Math.abs(least.frozen / least.full - cost) < 0.2 * cost;
  for (let round = 0; round < 12 || (round < 60 && !isNear()); round++) {
    model.setRequiresGrad(true);
    least.full = Math.min(least.full, step());
    freezing();
    least.frozen = Math.min(least.frozen, step());
  }
  optimizer.dispose();
  assertAlmostEquals(least.frozen / least.full, cost, 0.25 * cost);
});
