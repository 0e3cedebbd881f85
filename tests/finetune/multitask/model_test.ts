import {
  applyPeft,
  freeze,
  layerwiseRates,
  lora,
  MultiTaskModel,
  promptTuning,
  saveAdapter,
  select,
  trainingReport,
  trainOnly,
} from "@tunebook/finetune";
import { GptForCausalLM } from "@tunebook/models";
import { manualSeed, StateError } from "@tunebook/nn";
import {
  encodeSafetensors,
  gradCheck,
  noGrad,
  SafetensorsFile,
  scope,
  tensor,
} from "@tunebook/tensor";
import { AdamW } from "@tunebook/training";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { batchOf, BODIES, KINDS, texts, toyModel, type ToyName } from "./toy.ts";

const NAMES = Object.keys(KINDS) as ToyName[];
const SOME = texts(3, 5).toArray();

const lossOf = (model: MultiTaskModel, name: ToyName) =>
  model.loss({ task: name, ...batchOf(name, SOME) });
const scoresOf = (model: MultiTaskModel, name: ToyName) =>
  scope(() => noGrad(() => model.forward(name, batchOf(name, SOME).input).toArray()));

for (const [family, body] of Object.entries(BODIES)) {
  Deno.test(`${family}'s body serves a head of each kind, gradients included`, () => {
    scope(() => {
      manualSeed(3);
      const model = toyModel(KINDS, body);
      const { input } = batchOf("high", SOME);
      const shapes = NAMES.map((name) => model.forward(name, input).shape);
      assertEquals(shapes, [[3, 2], [3, 5, 2], [3, 5, 2]]);
      for (const name of NAMES) {
        model.zeroGrad();
        lossOf(model, name).backward();
        assertEquals(
          NAMES.filter((other) => model.head(other).parameters().some(({ grad }) => grad)),
          [name],
        );
        assert(model.sharedParameters().some(({ grad }) => grad !== null));
        gradCheck(() => lossOf(model, name), model.head(name).parameters());
        gradCheck(() => lossOf(model, name), model.module(lastNorm(model)).parameters());
      }
    });
  });
}

/** A small module of the body, in its last block. */
function lastNorm(model: MultiTaskModel): string {
  const [block] = model.anatomy.blocks.slice(-1);
  return [...model.namedModules()].map(([path]) => path)
    .filter((path) => path.startsWith(block!) && /norm|ln_/i.test(path)).at(-1)!;
}

Deno.test("tasks come and go; the others stay as they are", () => {
  const model = toyModel();
  const before = scoresOf(model, "odd"), names = [...model.stateDict().keys()];
  model.addTask("three", { kind: "classification", labels: ["a", "b", "c"] });
  assertEquals(model.tasks, [...NAMES, "three"]);
  assertEquals(model.forward("three", batchOf("high", SOME).input).shape, [3, 3]);
  model.removeTask("high");
  assertEquals(model.tasks, ["odd", "where", "three"]);
  assertEquals(scoresOf(model, "odd"), before);
  model.addTask("high", KINDS.high);
  model.removeTask("three");
  assertEquals([...model.stateDict().keys()].sort(), names.sort());
});

Deno.test("a head that can't be says why", () => {
  const model = toyModel();
  const { input } = batchOf("high", SOME);
  assertThrows(
    () => model.forward("hgih", input),
    RangeError,
    'high, odd, where) but found "hgih"',
  );
  assertThrows(() => model.removeTask("hgih"), RangeError, "hgih");
  assertThrows(() => model.addTask("high", KINDS.high), RangeError, "already");
  assertThrows(() => model.addTask("a.b", KINDS.high), RangeError, "letters");
  const one = { kind: "classification", labels: ["a"] } as const;
  assertThrows(() => model.addTask("one", one), RangeError, "at least two labels");
  assertThrows(() => model.addTask("x", { ...KINDS.high, lossScale: 0 }), RangeError, "lossScale");
  const whole = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2 });
  assertThrows(() => new MultiTaskModel(whole, KINDS), TypeError, "model.transformer");
});

Deno.test("targets that don't fit the head say so", () => {
  const model = toyModel();
  const [high, odd, where] = NAMES.map((name) => ({ task: name, ...batchOf(name, SOME) }));
  high!.targets = odd!.targets;
  assertThrows(() => model.loss(high!), TypeError, "a label for each text");
  assertThrows(() => model.loss({ ...odd!, targets: where!.targets }), TypeError, "each token");
  assertThrows(
    () => model.loss({ ...where!, targets: odd!.targets }),
    TypeError,
    "starts and ends",
  );
  odd!.targets = batchOf("odd", SOME).targets;
  if ("data" in odd!.targets) odd!.targets.data[2] = 2;
  const error = assertThrows(() => model.loss(odd!), RangeError, "from 0 to 1");
  for (const word of ['"odd"', "has 2 (even, odd)", "found 2"]) {
    assert(error.message.includes(word));
  }
});

Deno.test("a batch may bring its own loss; one task alone looks like a model for it", () => {
  scope(() => {
    const model = toyModel();
    const { input } = batchOf("odd", SOME);
    const loss = model.loss({ task: "odd", input, loss: (scores) => scores.sum().mul(2) });
    const one = model.forTask("odd");
    assertEquals(loss.item(), one.forward(input).sum().mul(2).item());
    assertEquals(one.parameters(), model.parameters());
    assertThrows(() => model.forTask("ddo"), RangeError, "ddo");
  });
});

Deno.test("an answer lies where it may: elsewhere is no chance and no loss", () => {
  scope(() => {
    const model = toyModel();
    const input = tensor([[1, 8, 2, 3]], { dtype: "int32" });
    const answerMask = tensor([[0, 1, 0, 0]], { dtype: "int32" });
    const targets = { starts: [1], ends: [1] };
    assertAlmostEquals(model.loss({ task: "where", input, targets, answerMask }).item(), 0, 1e-6);
    assert(model.loss({ task: "where", input, targets }).item() > 1);
    const scores = model.forward("where", input);
    assertEquals(model.head("where").answers(scores, answerMask), [{ start: 1, end: 1 }]);
  });
});

Deno.test("heads' scores are the metrics' own", () => {
  const model = toyModel();
  const right = [[1, 0, -100], [0, -100, 1]], found = [[1, 1, 0], [0, 0, 1]];
  assertEquals(model.head("odd").score(found, right).accuracy, 3 / 4);
  const spans = [{ start: 2, end: 5 }, { start: 1, end: 1 }];
  const { f1, exactMatch } = model.head("where").score(
    [{ start: 4, end: 7 }, { start: 1, end: 1 }],
    spans,
  );
  assertEquals([f1, exactMatch], [(0.5 + 1) / 2, 0.5]);
});

Deno.test("a loss has its scale", () => {
  const model = toyModel({ high: KINDS.high, loud: { ...KINDS.high, lossScale: 100 } });
  model.head("loud").loadStateDict(model.head("high").stateDict());
  const batch = batchOf("high", SOME);
  const [plain, loud] = ["high", "loud"].map((task) => model.loss({ task, ...batch }).item());
  assertEquals(loud, Math.fround(plain! * 100));
});

Deno.test("the state goes through a file; that of other tasks is refused", async () => {
  const model = toyModel(), other = toyModel();
  assertNotEquals(scoresOf(model, "where"), scoresOf(other, "where"));
  const file = await SafetensorsFile.open(encodeSafetensors(model.stateDict()));
  const read = await Promise.all(
    file.names.map(async (name) => [name, await file.readFloat32(name)] as const),
  );
  other.loadStateDict(read);
  for (const name of NAMES) assertEquals(scoresOf(other, name), scoresOf(model, name));
  other.removeTask("odd");
  assertThrows(() => other.loadStateDict(read), StateError, "heads.odd.classifier.weight");
});

Deno.test("weights of the body alone fit, as they are stored", () => {
  const body = BODIES.Gpt!(), model = toyModel();
  model.loadStoredState(body.storedState());
  const stored = new Map(model.storedState());
  for (const [name, { shape, data }] of body.storedState()) {
    assertEquals(stored.get(`encoder.${name}`)!.shape, shape);
    assertEquals([...stored.get(`encoder.${name}`)!.data], [...data], name);
  }
});

Deno.test("freezing takes its parts as those of any model", () => {
  const model = toyModel();
  const trained = trainOnly(model, { lastBlocks: 1 }, "head");
  assert(trained.every((name) => name.startsWith("encoder.h.1.") || name.startsWith("heads.")));
  assertEquals(select(model, ["head"]).length, 6);
  assertEquals(model.sharedParameters(), model.lastSharedParameters());
  const { input } = batchOf("odd", SOME);
  const report = trainingReport(model, () => model.forward("odd", input));
  assertEquals(report.rows.map(({ name }) => name), [
    "embeddings",
    "encoder.h.0",
    "encoder.h.1",
    "head",
  ]);
  assert(report.cost < 1);
  freeze(model, { lastBlocks: 1 });
  assertEquals(model.sharedParameters(), []);
  assertEquals(layerwiseRates(model, { learningRate: 1, decay: 0.5 }).length, 4);
});

Deno.test("adapters on the body are shared; the base stays bit by bit", async () => {
  for (const method of [lora({ rank: 2 }), promptTuning({ numVirtualTokens: 2 })]) {
    const body = BODIES.Gpt!();
    const base = body.parameters(), before = base.map(({ data }) => data.slice());
    const peft = applyPeft(body, method);
    const model = new MultiTaskModel(peft, KINDS);
    const adapters = new Set(peft.trainableParameters());
    assertEquals(new Set(model.sharedParameters()), adapters);
    const optimizer = new AdamW(model.parameters(), { learningRate: 0.1 });
    const values = [...adapters].map(({ data }) => data.slice());
    for (const name of [...NAMES, ...NAMES]) {
      scope(() => {
        optimizer.zeroGrad();
        lossOf(model, name).backward();
        optimizer.step();
      });
    }
    optimizer.dispose();
    assertEquals(base.map(({ data }) => [...data]), before.map((data) => [...data]));
    assert([...adapters].every(({ data }, i) => data.some((x, j) => x !== values[i]![j])));
    assertEquals(trainOnly(model, "head").every((name) => name.startsWith("heads.")), true);
    const folder = await Deno.makeTempDir();
    await saveAdapter(peft, folder);
    await Deno.stat(`${folder}/adapter_model.safetensors`);
    await Deno.remove(folder, { recursive: true });
  }
});
