import {
  fromPretrained,
  HubError,
  loadTokenizer,
  progressInLines,
  savePretrained,
} from "@tunebook/hub";
import {
  BertForMaskedLM,
  BertForSequenceClassification,
  ConfigError,
  Gpt,
  GptForCausalLM,
  GptForSequenceClassification,
  LlamaForCausalLM,
  LlamaForQuestionAnswering,
  type Model,
  SmallCnnForImageClassification,
} from "@tunebook/models";
import { manualSeed, StateError } from "@tunebook/nn";
import { encodeSafetensors, SafetensorsError, SafetensorsFile } from "@tunebook/tensor";
import { Tokenizer } from "@tunebook/tokenizers";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";

const GPT = { vocabSize: 30, maxPositions: 8, dim: 8, layers: 2, heads: 2 };
const BERT = { vocabSize: 30, maxPositions: 8, dim: 8, layers: 1, heads: 2, hidden: 12 };
const LLAMA = { ...GPT, keyValueHeads: 1, hidden: 12 };

function inFolder(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      manualSeed(1);
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const MODELS: (() => Model)[] = [
  () => new GptForCausalLM(GPT),
  () => new GptForCausalLM({ ...GPT, tieEmbeddings: false, labels: ["a", "b", "c"] }),
  () => new BertForMaskedLM(BERT),
  () => new LlamaForCausalLM({ ...LLAMA, tieEmbeddings: true }),
  () => new SmallCnnForImageClassification({ channels: [4, 8], features: 16 }),
];

for (const [i, build] of MODELS.entries()) {
  inFolder(`what is saved is loaded again as it was (${i})`, async (folder) => {
    const model = build();
    await savePretrained(model, folder);
    const loaded = await fromPretrained(folder, { onNew: assertNothing });
    assertEquals(loaded.constructor, model.constructor);
    assertEquals(withoutDtype(loaded.config), withoutDtype(model.config));
    const state = loaded.stateDict();
    for (const [name, { data }] of model.stateDict()) {
      assertEquals(state.get(name)!.data, data, name);
    }
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assertEquals(names, ["config.json", "model.safetensors"]);
  });
}

inFolder("half the space keeps about three digits", async (folder) => {
  const model = new GptForCausalLM(GPT);
  const exact = model.transformer.stateDict().get("wte.weight")!.data;
  for (const [dtype, tolerance] of [["F16", 1e-3], ["BF16", 8e-3]] as const) {
    await savePretrained(model, folder, { dtype });
    const file = await SafetensorsFile.open(`${folder}/model.safetensors`);
    assertEquals(file.entry("transformer.wte.weight").dtype, dtype);
    assertEquals(file.metadata.get("format"), "pt");
    const loaded = await fromPretrained(folder);
    const found = loaded.stateDict().get("transformer.wte.weight")!.data;
    exact.forEach((v, i) => assertAlmostEquals(found[i]!, v, Math.abs(v) * tolerance + 1e-7));
  }
});

inFolder("a body gets a new head, and a model with a head gives its body", async (folder) => {
  const language = new GptForCausalLM(GPT);
  await savePretrained(language, folder);
  const created: string[] = [];
  const classifier = await fromPretrained(folder, {
    as: GptForSequenceClassification,
    config: { labels: ["ham", "spam"], dropout: 0 },
    onNew: (names) => void created.push(...names),
  });
  assertEquals(created, ["score.weight"]);
  assertEquals(classifier.config.labels, ["ham", "spam"]);
  assertEquals(classifier.config.attentionDropout, 0);
  const word = language.transformer.stateDict().get("wte.weight")!.data;
  assertEquals(classifier.transformer.stateDict().get("wte.weight")!.data, word);
  const body = await fromPretrained(folder, { as: Gpt, onNew: assertNothing });
  assertEquals(body.stateDict().get("wte.weight")!.data, word);
  await savePretrained(body, folder);
  const again = await fromPretrained(folder, { as: GptForCausalLM, onNew: assertNothing });
  assertEquals(again.transformer.stateDict().get("wte.weight")!.data, word);
});

inFolder("names of other forms find their places", async (folder) => {
  await savePretrained(new LlamaForCausalLM(LLAMA), folder);
  const created: string[] = [];
  const onNew = (names: string[]) => void created.push(...names);
  await fromPretrained(folder, { as: LlamaForQuestionAnswering, onNew });
  assertEquals(created, ["qa_outputs.weight", "qa_outputs.bias"]);

  await savePretrained(new BertForMaskedLM(BERT), folder);
  const file = await SafetensorsFile.open(`${folder}/model.safetensors`);
  const old = await Promise.all(file.names.map(async (name) => {
    const oldName = name.replace(/(LayerNorm\.)weight$/, "$1gamma").replace(
      /(LayerNorm\.)bias$/,
      "$1beta",
    );
    return [oldName, await file.readFloat32(name)] as const;
  }));
  await Deno.writeFile(`${folder}/model.safetensors`, encodeSafetensors(old));
  await fromPretrained(folder, { onNew: assertNothing });
});

inFolder("weights in several files are read by their index", async (folder) => {
  const model = new GptForCausalLM(GPT);
  await savePretrained(model, folder);
  const stored = [...model.storedState()];
  const weightMap: Record<string, string> = {};
  for (const part of [0, 1]) {
    const own = stored.filter((_, i) => i % 2 === part), name = `model-0000${part + 1}.safetensors`;
    own.forEach(([tensor]) => weightMap[tensor] = name);
    await Deno.writeFile(`${folder}/${name}`, encodeSafetensors(own));
  }
  await Deno.remove(`${folder}/model.safetensors`);
  const index = `${folder}/model.safetensors.index.json`;
  await Deno.writeTextFile(index, JSON.stringify({ weight_map: weightMap }));
  const loaded = await fromPretrained(folder, { onNew: assertNothing });
  assertEquals([...loaded.storedState()].length, stored.length);

  await Deno.writeTextFile(
    index,
    JSON.stringify({ weight_map: { x: "../elsewhere.safetensors" } }),
  );
  await assertRejects(() => fromPretrained(folder), HubError, "weight_map");
  await Deno.writeTextFile(index, "{");
  await assertRejects(() => fromPretrained(folder), HubError, "JSON");
  await Deno.writeTextFile(index, JSON.stringify({ weight_map: { x: "model-00001.safetensors" } }));
  await assertRejects(() => fromPretrained(folder), SafetensorsError, '"x"');
});

inFolder("a tokenizer is saved and loaded with its model", async (folder) => {
  const tokenizer = Tokenizer.train(["low low lower"], { vocabSize: 258 });
  await savePretrained(new GptForCausalLM(GPT), folder, { tokenizer });
  assertEquals((await loadTokenizer(folder)).encode("lower"), tokenizer.encode("lower"));
  await Deno.remove(`${folder}/tokenizer.json`);
  await assertRejects(() => loadTokenizer(folder), HubError, "tokenizer.json");
});

inFolder("damaged and foreign folders are refused with the reason", async (folder) => {
  const weights = `${folder}/model.safetensors`, config = `${folder}/config.json`;
  await assertRejects(() => fromPretrained(folder), HubError, "config.json");
  await savePretrained(new BertForSequenceClassification(BERT), folder);
  const bytes = await Deno.readFile(weights);
  const json = JSON.parse(await Deno.readTextFile(config));
  const withConfig = (changes: Record<string, unknown>) =>
    Deno.writeTextFile(config, JSON.stringify({ ...json, ...changes }));

  await Deno.writeFile(weights, bytes.subarray(0, bytes.length - 4));
  await assertRejects(() => fromPretrained(folder), SafetensorsError);
  await Deno.remove(weights);
  await assertRejects(() => fromPretrained(folder), HubError, "no weights");
  await Deno.writeTextFile(`${folder}/pytorch_model.bin`, "");
  await assertRejects(() => fromPretrained(folder), HubError, "save_pretrained()");
  await Deno.writeFile(weights, bytes);

  const labels = { config: { labels: ["a", "b", "c"] } };
  const misfit = await assertRejects(() => fromPretrained(folder, labels), StateError);
  assert(
    misfit.message.includes("classifier.weight: expected [3,8] but found [2,8]"),
    misfit.message,
  );
  await withConfig({ num_hidden_layers: 2 });
  const lacking = await assertRejects(() => fromPretrained(folder), StateError);
  assert(lacking.message.includes("16 tensors are missing"), lacking.message);
  for (
    const [changes, hint] of [
      [{ hidden_size: "wide" }, "hidden_size"],
      [{ num_attention_heads: 3 }, "multiple of heads"],
      [{ architectures: ["MambaForCausalLM"] }, "MambaForCausalLM"],
      [{ model_type: "gpt2" }, "model_type"],
      [{ is_decoder: true }, "is_decoder"],
      [{ hidden_act: "mish" }, "hidden_act"],
    ] as const
  ) {
    await withConfig(changes);
    const error = await assertRejects(() => fromPretrained(folder), ConfigError);
    assert(error.message.includes(hint), error.message);
  }
  await Deno.writeTextFile(config, "[1]");
  await assertRejects(() => fromPretrained(folder), ConfigError);
  await Deno.writeTextFile(config, "{");
  await assertRejects(() => fromPretrained(folder), HubError, "JSON");
  const unknown = { config: { width: 3 } };
  await withConfig({});
  await assertRejects(() => fromPretrained(folder, unknown), ConfigError, '"width"');
});

Deno.test("progress is told in a few lines, and small files come without a word", () => {
  const lines: string[] = [];
  let time = 0;
  const onProgress = progressInLines((line) => lines.push(line), () => time);
  onProgress("config.json", 0, 600);
  for (let second = 0; second <= 10; second++) {
    time = second * 1000;
    onProgress("model", second * 1e6, 10e6);
  }
  assertEquals(lines, [
    "Downloading model (10.0 MB, only this once) …",
    "  4.0 of 10.0 MB",
    "  8.0 of 10.0 MB",
  ]);
});

function assertNothing(names: string[]): void {
  assertEquals(names, []);
}

/** A config without what only the file says. */
function withoutDtype(config: { extra: Record<string, unknown> }): unknown {
  const { dtype: _, ...extra } = config.extra;
  return { ...config, extra };
}
