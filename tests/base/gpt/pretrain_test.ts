import { type Document, KneserNeyTrigram, pretrainText, TokenWindows } from "@tunebook/base";
import { fromPretrained, loadTokenizer } from "@tunebook/hub";
import { GptForCausalLM } from "@tunebook/models";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";

Deno.test("windows cover every token but the rest, in another order each epoch", () => {
  const tokens = Array.from({ length: 100 }, (_, i) => i);
  const windows = new TokenWindows(tokens, { time: 8, batch: 2, seed: 3 });
  const all = (epoch: number) => [...windows.epoch(epoch)].map((batch) => [...batch.data]);
  assertEquals(windows.batchesPerEpoch, 5);
  assertEquals(new Set(all(0).flat()).size, 80);
  assertEquals(all(0), all(0));
  assert(all(0).join() !== all(1).join());
  assertEquals([...windows.epoch(1, 3)].map((batch) => [...batch.data]), all(1).slice(3));
  assertThrows(() => new TokenWindows([1, 2, 3], { time: 8, batch: 2 }), RangeError, "2 windows");
});

Deno.test("a Kneser-Ney trigram counts contexts, not occurrences", () => {
  // "san francisco" is frequent, but francisco comes only behind san.
  const [san, francisco, the, glasses, of] = [0, 1, 2, 3, 4];
  const text = [
    the,
    san,
    francisco,
    of,
    san,
    francisco,
    the,
    san,
    francisco,
    of,
    glasses,
    the,
    glasses,
  ];
  const model = new KneserNeyTrigram([text], { vocabSize: 5 });
  for (const [before, last] of [[the, san], [of, of], [glasses, francisco]] as const) {
    const sum = [0, 1, 2, 3, 4].reduce((s, token) => s + model.probability(before, last, token), 0);
    assertAlmostEquals(sum, 1, 1e-12);
  }
  // Behind an unknown pair glasses is likelier than francisco, though that occurs more often.
  assert(
    model.probability(glasses, glasses, glasses) > model.probability(glasses, glasses, francisco),
  );
  assert(model.loss(text) < Math.log(5));
});

Deno.test("a pretraining run leaves a model, a tokenizer, a log and a card", async () => {
  const folder = await Deno.makeTempDir();
  const text = "Fellow citizens of the Senate and of the House of Representatives. ".repeat(400);
  const documents = (source: Document["source"]): Document[] => [{ title: "one", source, text }];
  const { judged } = await pretrainText({
    folder: `${folder}/model`,
    checkpoints: `${folder}/checkpoints`,
    steps: 2,
    documents: { pretraining: documents("addresses"), validation: documents("addresses") },
  });
  assertEquals(judged.map(({ source, documents }) => [source, documents]), [["addresses", 1]]);
  const model = await fromPretrained<GptForCausalLM>(`${folder}/model`);
  assert(model instanceof GptForCausalLM);
  const tokenizer = await loadTokenizer(`${folder}/model`);
  assertEquals(tokenizer.decode(tokenizer.encode("the Senate")), "the Senate");
  const log = JSON.parse(await Deno.readTextFile(`${folder}/model/training.json`));
  assertEquals(log.samples.map(({ step }: { step: number }) => step), [0, 1, 2]);
  assert((await Deno.readTextFile(`${folder}/model/README.md`)).includes("2 steps"));
  await Deno.remove(folder, { recursive: true });
});
