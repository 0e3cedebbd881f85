import {
  baseGpt,
  baseTokenizer,
  baseTrainingLog,
  documentsFor,
  surprise,
  untrainedGpt,
} from "@tunebook/base";
import {
  baseStudy,
  gainOfPretraining,
  readRuns,
  STUDY_FILE,
  studyTable,
} from "@tunebook/experiments";
import { GptForSequenceClassification } from "@tunebook/models";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";

const room = new URL("../../../lib/base/", import.meta.url);

Deno.test("tunebook-gpt is under 10 MB, with tokenizer, configuration, card and log", async () => {
  let bytes = 0;
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("tunebook-gpt/", room))) {
    names.push(name);
    bytes += (await Deno.stat(new URL(`tunebook-gpt/${name}`, room))).size;
  }
  assert(bytes < 10e6, `${bytes} bytes`);
  for (
    const name of [
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "README.md",
      "training.json",
    ]
  ) {
    assert(names.includes(name), name);
  }
});

Deno.test("tunebook-gpt predicts better than a Kneser-Ney trigram, on every source", async () => {
  const { judged } = await baseTrainingLog();
  assertEquals(judged.map(({ source }) => source), ["addresses", "Moby-Dick"]);
  for (const { source, model, trigram } of judged) assert(model < trigram, source);
});

Deno.test("the committed weights are those that were judged", async () => {
  const { judged } = await baseTrainingLog();
  const [model, tokenizer] = [await baseGpt(), await baseTokenizer()];
  // Moby-Dick's validation chapters are short; the addresses would take a minute.
  let nats = 0, bytes = 0;
  for (const { source, text } of await documentsFor("validation")) {
    if (source !== "Moby-Dick") continue;
    const tokens = tokenizer.encode(text);
    nats += surprise(model, tokens);
    bytes += new TextEncoder().encode(tokenizer.decode(tokens.slice(2))).length;
  }
  const stored = judged.find(({ source }) => source === "Moby-Dick")!;
  assertEquals(bytes, stored.bytes);
  // Rounding to f16 came after the judgement.
  assertAlmostEquals(nats / Math.LN2 / bytes, stored.model, 2e-3);
});

Deno.test("an untrained model has the base model's shape and other weights", async () => {
  const config = { labels: ["a", "b", "c"] };
  const [base, untrained] = await Promise.all([
    baseGpt({ as: GptForSequenceClassification, config }),
    untrainedGpt({ as: GptForSequenceClassification, config }),
  ]);
  assertEquals(base.toString(), untrained.toString());
  const weight = (model: GptForSequenceClassification) =>
    model.stateDict().get("transformer.wte.weight")!.data.slice(0, 8);
  assert(weight(base).join() !== weight(untrained).join());
});

Deno.test("fine-tuning the base model beats random weights by 5 points on two tasks", async () => {
  const study = await readRuns<
    Parameters<typeof baseStudy.run>[0],
    Awaited<ReturnType<typeof baseStudy.run>>
  >(
    STUDY_FILE,
    { experiment: baseStudy.name, version: baseStudy.version },
  );
  assertEquals(study!.rows.map(({ key }) => key), [...baseStudy.rows]);
  for (const task of ["agreement", "period"] as const) {
    const { value, low } = gainOfPretraining(study!.rows, task);
    assert(value >= 0.05 && low > 0.02, `${task}: ${value}, from ${low}`);
  }
  const page = await Deno.readTextFile(new URL("README.md", room));
  const compact = (table: string) => table.replaceAll(/ *\| */g, "|").replaceAll(/-+/g, "-");
  assert(compact(page).includes(compact(studyTable(study!.rows))), studyTable(study!.rows));
});
