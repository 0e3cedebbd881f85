import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { Dataset } from "@tunebook/data";
import { fitClassifier, fitSpans, fitTokens, METHODS } from "@tunebook/experiments";
import { memoryInfo } from "@tunebook/tensor";
import { answersTask, bert, gpt, tokenizer } from "./small.ts";

const task = answersTask();
const common = { task, tokenizer, model: gpt, batchSize: 8 };

Deno.test("a run learns, measures the best weights, and says the same at the same seed", async () => {
  const options = {
    ...common,
    method: "full",
    learningRate: 0.01,
    epochs: 20,
    labels: 18,
    seed: 3,
  };
  const result = await fitClassifier(options);
  assertEquals(result.test!.score, 1);
  assertEquals([result.labels, result.steps, result.evaluations.length], [18, 60, 10]);
  const best = Math.max(...result.evaluations.map(({ validationScore }) => validationScore));
  assertEquals(result.best.validationScore, best);
  assertEquals(JSON.parse(JSON.stringify(result)), result);
  const again = await fitClassifier(options);
  assertEquals(again.evaluations, result.evaluations);
  assertEquals(again.test, result.test);
});

Deno.test("runs leave no tensors behind", async () => {
  const options = { ...common, method: "lora", learningRate: 0.01, steps: 2 };
  await fitClassifier(options);
  const before = memoryInfo().liveBytes;
  await fitClassifier(options);
  assertEquals(memoryInfo().liveBytes, before);
});

for (const method of METHODS.keys()) {
  Deno.test(`${method} trains on GPT and BERT`, async () => {
    for (const model of [gpt, bert]) {
      const [learningRate] = METHODS.get(method)!.learningRates.slice(-1) as [number];
      const options = { ...common, model, method, learningRate, epochs: 4 };
      const { evaluations, parameters } = await fitClassifier(options);
      assert(parameters.trained > 0 && parameters.trained <= parameters.all);
      const losses = evaluations.map(({ trainLoss }) => trainLoss);
      assert(Math.min(...losses) < losses[0]!, `${method}: ${losses}`);
    }
  });
}

Deno.test("remembered features give the numbers of running through", async () => {
  const words = {
    labels: ["odd", "even"],
    ...Object.fromEntries(
      ["train", "validation", "test"].map((part, i) => [part, wordExamples(i)]),
    ) as Record<"train" | "validation" | "test", ReturnType<typeof wordExamples>>,
  };
  for (
    const run of [
      (rememberFeatures: boolean) =>
        fitClassifier({
          ...common,
          method: "head",
          learningRate: 0.1,
          epochs: 5,
          rememberFeatures,
        }),
      (rememberFeatures: boolean) =>
        fitClassifier({
          ...common,
          model: bert,
          method: "head",
          learningRate: 0.1,
          epochs: 5,
          rememberFeatures,
        }),
      (rememberFeatures: boolean) =>
        fitTokens({
          ...common,
          task: words,
          method: "head",
          learningRate: 0.1,
          epochs: 5,
          rememberFeatures,
        }),
    ]
  ) {
    const [known, through] = [await run(true), await run(false)];
    assertEquals([known.remembered, through.remembered], [true, false]);
    for (const [i, { validationLoss }] of known.evaluations.entries()) {
      assertAlmostEquals(validationLoss, through.evaluations[i]!.validationLoss, 1e-5);
    }
    assertAlmostEquals(known.test!.loss, through.test!.loss, 1e-5);
  }
});

Deno.test("words get labels", async () => {
  const task = { labels: ["odd", "even"], train: wordExamples(0), validation: wordExamples(1) };
  const result = await fitTokens({
    ...common,
    task: { ...task, test: wordExamples(2) },
    method: "full",
    learningRate: 0.01,
    epochs: 20,
    keepAnswers: true,
  });
  assertEquals(result.test!.score, result.test!.macroF1);
  assertEquals(result.test!.accuracy, 1);
  assertEquals((result.answers![0] as number[]).length, 3);
});

Deno.test("questions get answers", async () => {
  const task = { train: questions(0), validation: questions(1), test: questions(2) };
  const result = await fitSpans({
    ...common,
    task,
    method: "full",
    learningRate: 0.01,
    epochs: 30,
    keepAnswers: true,
  });
  assertEquals(result.test!.exactMatch, 1, JSON.stringify(result.answers));
  assertEquals(result.answers![0], "cat");
});

Deno.test("a run can be cancelled, and leaves nothing behind", async () => {
  const before = memoryInfo().liveBytes, stop = new AbortController();
  await assertRejects(
    () =>
      fitClassifier({
        ...common,
        method: "full",
        learningRate: 1e-3,
        epochs: 1000,
        signal: stop.signal,
        onProgress: () => stop.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
  assertEquals(memoryInfo().liveBytes, before);
});

/** Words with the label of whether they come at an odd place: `yes` at one, `no` at the other. */
function wordExamples(from: number) {
  return Dataset.from(Array.from({ length: 12 }, (_, i) => ({
    words: i % 2 === 0 ? ["yes", " no", " yes"] : ["no", " yes", " no", " no"],
    wordLabels: i % 2 === 0 ? [1, 0, 1] : [0, 1, 0, 0],
    group: `${from} ${i}`,
  })));
}

function questions(from: number) {
  return Dataset.from(Array.from({ length: 12 }, (_, i) => {
    const before = "the ".repeat(i % 3), context = `${before}cat sat.`;
    return {
      question: "who sat?",
      context,
      start: before.length,
      end: before.length + 3,
      form: "who",
      group: `${from} ${i}`,
    };
  }));
}
