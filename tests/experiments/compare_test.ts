import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  compareMethods,
  type CompareOptions,
  comparisonFigures,
  comparisonTable,
  fitClassifier,
  languageLoss,
  tunedLanguageLoss,
  windowsOf,
} from "@tunebook/experiments";
import { GptForCausalLM, GptForSequenceClassification } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { answersTask, SIZE, tokenizer } from "./small.ts";

const general = Array.from({ length: 10 }, (_, i) => `the cat sat yes no maybe ${i} `.repeat(6));
const language = () => {
  manualSeed(0);
  return new GptForCausalLM({ ...SIZE, dropout: 0 });
};

/** A classifier with the language model's body. */
function classifier({ labels }: { labels: string[] }): GptForSequenceClassification {
  const original = language();
  const model = new GptForSequenceClassification({ ...SIZE, dropout: 0, labels });
  model.transformer.loadStateDict(original.transformer.stateDict());
  for (const tensor of original.stateDict().values()) tensor.dispose();
  return model;
}

function options(file: string): CompareOptions {
  return {
    file,
    models: [{ name: "small", model: classifier, tokenizer, languageModel: language }],
    tasks: [answersTask()],
    methods: ["full", "head", "prompt"],
    seeds: [0, 1],
    learningRates: [0.003, 0.01],
    extensions: 0,
    size: { labels: 12, epochs: 4, batchSize: 6 },
    generalText: general,
  };
}

Deno.test("a comparison says what each method reached and took, and goes on where it stopped", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/compare.json`, stop = new AbortController();
    const stopped = compareMethods({
      ...options(file),
      signal: stop.signal,
      onProgress: ({ done }) => done === 3 && stop.abort(new Error("enough")),
    });
    await assertRejects(() => stopped, Error, "enough");
    const before = JSON.parse(await Deno.readTextFile(file)).rows;
    assertEquals(before.length, 3);
    const labels: string[] = [];
    const rows = await compareMethods({
      ...options(file),
      onProgress: ({ done, total, label }) => labels.push(`${done}/${total} ${label}`),
    });
    assertEquals(labels[0], "0/21 begins");
    assert(labels[1]!.startsWith("1/21 small, answers, full, search at 0.003"), labels[1]);
    const after = JSON.parse(await Deno.readTextFile(file)).rows;
    for (const { key, value } of before) {
      const same = after.find((row: { key: object }) =>
        JSON.stringify(row.key) === JSON.stringify(key)
      );
      assertEquals(same.value, value); // times too: it was not run again
    }
    assertEquals(rows.map(({ method }) => method), ["full", "head", "prompt"]);
    const [full, head, prompt] = rows as [typeof rows[0], typeof rows[0], typeof rows[0]];
    assertEquals(full.scores.map(({ seed }) => seed), [0, 1]);
    assertEquals(full.parameters.trained, full.parameters.all);
    assert(full.peakBytes > head.peakBytes);
    assert(full.forgetting!.value !== 0);
    assertAlmostEquals(head.forgetting!.value, 0, 1e-6);
    assert(prompt.forgetting!.value !== 0);
    const table = comparisonTable(rows).split("\n");
    assertEquals(table.length, 5);
    assertEquals(new Set(table.map((line) => line.length)).size, 1);
    assertEquals([...comparisonFigures(rows).keys()], ["small, answers"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what isn't tuned isn't forgotten, whatever the method puts into the body", async () => {
  const original = language(), windows = windowsOf(general, tokenizer, { length: 16, count: 4 });
  const before = languageLoss(original, windows);
  for (const method of ["full", "lora", "qlora", "houlsby", "ia3"]) {
    let after = NaN;
    await fitClassifier({
      ...{ task: answersTask(), tokenizer, model: classifier, method, steps: 1 },
      learningRate: 1e-12,
      onFitted: (tuned) => {
        after = tunedLanguageLoss(tuned, original, windows);
        // The head for the task is back.
        assert(!Object.hasOwn(tuned, "forward"));
      },
    });
    // Houlsby's adapters begin near, not at, doing nothing; QLoRA's base is rounded.
    const near = method === "houlsby" || method === "qlora";
    assertAlmostEquals(after, before, near ? 1e-2 : 1e-5, method);
  }
});
