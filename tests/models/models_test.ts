import {
  type Anatomy,
  Bert,
  BertForSequenceClassification,
  bestSpans,
  ConfigError,
  GptForCausalLM,
  GptForSequenceClassification,
  LlamaForCausalLM,
  LlamaForSequenceClassification,
  modelFromConfig,
  nextTokenLoss,
  pool,
  ROTATIONS,
  SmallCnn,
  SmallCnnForImageClassification,
  spanLoss,
  type TextModel,
} from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { crossEntropy, noGrad, Random, scope, type Tensor, tensor } from "@tunebook/tensor";
import { AdamW } from "@tunebook/training";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";

const GPT = { vocabSize: 40, maxPositions: 16, dim: 16, layers: 2, heads: 4 };
const BERT = { ...GPT, hidden: 24 };
const LLAMA = { ...GPT, keyValueHeads: 2, hidden: 24 };

const int = (rows: number[][]) => tensor(rows, { dtype: "int32" });

const CLASSIFIERS: Record<string, () => TextModel> = {
  GPT: () => new GptForSequenceClassification(GPT),
  BERT: () => new BertForSequenceClassification(BERT),
  Llama: () => new LlamaForSequenceClassification(LLAMA),
  "BERT, all tokens": () => new BertForSequenceClassification({ ...BERT, pooling: "mean" }),
  "GPT, all tokens": () => new GptForSequenceClassification({ ...GPT, pooling: "mean" }),
};

for (const [name, build] of Object.entries(CLASSIFIERS)) {
  Deno.test(`${name}: padding doesn't change a text's class`, () => {
    manualSeed(1);
    const model = build().eval();
    scope(() =>
      noGrad(() => {
        const alone = model.forward(int([[5, 7, 9]]));
        const mask = int([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]);
        const padded = model.forward(int([[5, 7, 9, 0, 0], [1, 2, 3, 4, 5]]), { mask });
        alone.data.forEach((score, i) => assertAlmostEquals(padded.data[i]!, score, 1e-5));
      })
    );
  });

  Deno.test(`${name}: a few steps learn to tell two texts apart`, () => {
    manualSeed(2);
    const model = build();
    const tokens = int([[5, 7, 9, 1], [5, 7, 2, 1]]);
    const optimizer = new AdamW(model.parameters(), { learningRate: 5e-3 });
    const step = () =>
      scope(() => {
        const loss = crossEntropy(model.forward(tokens), [0, 1]);
        loss.backward();
        optimizer.step();
        optimizer.zeroGrad();
        return loss.item();
      });
    model.eval(); // without dropout
    const first = step();
    for (let i = 0; i < 40; i++) step();
    const last = step();
    assert(last < first / 5, `${first} -> ${last}`);
  });

  Deno.test(`${name}: where its parts are, and each is there`, () => {
    const model = build(), { anatomy } = model;
    for (const paths of Object.values<string[]>(anatomy as Record<keyof Anatomy, string[]>)) {
      for (const path of paths) model.module(path);
    }
    assertEquals(anatomy.blocks.length, 2);
    const covered = Object.values<string[]>({ ...anatomy }).flat();
    for (const [parameter] of model.namedParameters()) {
      assert(covered.some((path) => parameter.startsWith(`${path}.`)), parameter);
    }
  });
}

Deno.test("a seed gives the same weights and the same dropout", () => {
  const run = (seed: number) => {
    manualSeed(seed);
    const model = new GptForCausalLM(GPT);
    return Float32Array.from(model.forward(int([[1, 2, 3]])).data);
  };
  assertEquals(run(1), run(1));
  assert(run(1).join() !== run(2).join());
});

Deno.test("dropout drops in training only, and none is dropped where it is set to none", () => {
  const tokens = int([[1, 2, 3, 4]]);
  for (
    const build of [
      (dropout: number) => new GptForCausalLM({ ...GPT, dropout }),
      (dropout: number) => new BertForSequenceClassification({ ...BERT, dropout }),
      (dropout: number) => new LlamaForCausalLM({ ...LLAMA, dropout }),
    ]
  ) {
    manualSeed(3);
    const model = build(0.5);
    const run = () => Float32Array.from(model.forward(tokens).data).join();
    assert(run() !== run(), "training");
    model.eval();
    assertEquals(run(), run());
    const calm = build(0);
    assertEquals(calm.forward(tokens).toArray(), calm.forward(tokens).toArray());
  }
});

Deno.test("attention's dropout keeps the mean of what comes out", () => {
  manualSeed(4);
  const model = new GptForCausalLM({ ...GPT, dropout: 0, attentionDropout: 0.3, layers: 1 });
  const tokens = int([[1, 2, 3, 4, 5, 6]]);
  const attention = model.transformer.h[0]!.attn;
  scope(() =>
    noGrad(() => {
      const input = model.transformer.wte.forward(tokens).mul(20);
      model.eval();
      const calm = attention.forward(input);
      model.train();
      let sum: Tensor | undefined;
      for (let i = 0; i < 500; i++) {
        const drawn = attention.forward(input);
        sum = sum ? sum.add(drawn) : drawn;
      }
      const spread = calm.std().item();
      sum!.data.forEach((v, i) => assertAlmostEquals(v / 500, calm.data[i]!, spread / 3));
    })
  );
});

Deno.test("the head of a tied language model is its table of tokens", () => {
  const model = new GptForCausalLM(GPT);
  assertEquals(
    model.lm_head.stateDict().get("weight"),
    model.transformer.wte.stateDict().get("weight"),
  );
  const names = Array.from(model.namedParameters(), ([name]) => name);
  assert(!names.includes("lm_head.weight"));
  assert(!model.storedState().has("lm_head.weight"));
  const untied = new GptForCausalLM({ ...GPT, tieEmbeddings: false });
  assert(untied.storedState().has("lm_head.weight"));
});

Deno.test("embeddings in place of tokens give the same", () => {
  for (const model of [new GptForCausalLM(GPT), new LlamaForCausalLM(LLAMA), new Bert(BERT)]) {
    model.eval();
    const words = model instanceof GptForCausalLM
      ? model.transformer.wte
      : model instanceof Bert
      ? model.embeddings.word_embeddings
      : model.model.embed_tokens;
    const tokens = int([[1, 2, 3]]);
    assertEquals(model.forward(words.forward(tokens)).toArray(), model.forward(tokens).toArray());
    assertThrows(() => model.forward(tensor([[1, 2]])), TypeError, "token ids");
  }
});

Deno.test("too long a text is refused with the length that fits", () => {
  for (const model of [new GptForCausalLM(GPT), new LlamaForCausalLM(LLAMA), new Bert(BERT)]) {
    const text = int([Array.from({ length: 17 }, () => 1)]);
    assertThrows(() => model.forward(text), RangeError, "maxLength: 16");
  }
});

Deno.test("pooling takes the first, the last or the mean of the tokens, on either side of padding", () => {
  const hidden = tensor([[[1, 10], [2, 20], [3, 30]], [[4, 40], [5, 50], [6, 60]]]);
  const mask = int([[0, 1, 1], [1, 1, 0]]);
  assertEquals(pool(hidden, "first", mask).toArray(), [[2, 20], [4, 40]]);
  assertEquals(pool(hidden, "last", mask).toArray(), [[3, 30], [5, 50]]);
  assertEquals(pool(hidden, "mean", mask).toArray(), [[2.5, 25], [4.5, 45]]);
  assertEquals(pool(hidden, "last").toArray(), [[3, 30], [6, 60]]);
  assertThrows(() => pool(hidden, "mean", int([[1, 1, 1], [0, 0, 0]])), RangeError, "text 1");
  assertThrows(() => pool(hidden, "mean", int([[1, 1]])), TypeError, "[2, 3]");
});

Deno.test("the loss of the next token counts each token but the first, and no padding", () => {
  const logits = new Random(1).normal([2, 3, 5]);
  const tokens = int([[1, 2, 3], [4, 0, 0]]);
  const log = logits.logSoftmax(2);
  const surprise = (b: number, t: number, token: number) => -log.slice(b, t, token).item();
  const all = [surprise(0, 0, 2), surprise(0, 1, 3), surprise(1, 0, 0), surprise(1, 1, 0)];
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  assertAlmostEquals(nextTokenLoss(logits, tokens).item(), mean(all), 1e-5);
  const mask = int([[1, 1, 1], [1, 0, 0]]);
  assertAlmostEquals(nextTokenLoss(logits, tokens, { mask }).item(), mean(all.slice(0, 2)), 1e-5);
  const answerOnly = int([[-100, -100, 3], [-100, -100, -100]]);
  assertAlmostEquals(nextTokenLoss(logits, answerOnly).item(), all[1]!, 1e-5);
});

Deno.test("spans are scored by both ends, and found where they may be", () => {
  const scores = tensor([[[0, 0], [9, 0], [0, 0], [0, 9]], [[9, 9], [1, 0], [0, 2], [0, 0]]]);
  const right = spanLoss(scores, { starts: [1, 0], ends: [3, 0] }).item();
  assert(right < 0.01 && spanLoss(scores, { starts: [0, 1], ends: [0, 1] }).item() > 5);
  assertEquals(bestSpans(scores)[0], { start: 1, end: 3, score: 18 });
  assertEquals(bestSpans(scores, { maxLength: 2 })[0]!.score, 9);
  const mask = int([[0, 1, 1, 1], [0, 1, 1, 1]]);
  assertEquals(bestSpans(scores, { mask })[1], { start: 1, end: 2, score: 3 });
  const nowhere = { mask: int([[1, 1, 1, 1], [0, 0, 0, 0]]) };
  assertThrows(() => bestSpans(scores, nowhere), RangeError, "text 1");
});

Deno.test("the small CNN sees, describes and classifies images", () => {
  manualSeed(5);
  const model = new SmallCnnForImageClassification({ labels: [...ROTATIONS] });
  const images = new Random(2).normal([3, 1, 28, 28]);
  assertEquals(model.forward(images).shape, [3, 4]);
  assertEquals(model.anatomy, {
    embeddings: [],
    blocks: ["cnn.blocks.0", "cnn.blocks.1", "cnn.blocks.2"],
    final: ["cnn.dense"],
    head: ["classifier"],
  });
  const { all } = model.countParameters();
  assert(all * 2 < 1e6, `${all} parameters in half precision take less than 1 MB`);
  crossEntropy(model.forward(images), [0, 1, 3]).backward();
  for (const [name, { grad }] of model.namedParameters()) assert(grad, name);
  assertThrows(() => new SmallCnn({ channels: [4, 4, 4, 4, 4] }), ConfigError, "at most 4 blocks");
});

Deno.test("a configuration is completed, checked, and keeps what it doesn't know", () => {
  const json = {
    model_type: "llama",
    hidden_size: 8,
    num_attention_heads: 2,
    vocab_size: 5,
    intermediate_size: 8,
    num_hidden_layers: 1,
  };
  const old = modelFromConfig({
    ...json,
    rope_theta: 500,
    rope_scaling: { type: "linear", factor: 2 },
    my_note: 7,
  });
  const written = old.configJson();
  assertEquals(written.rope_parameters, { rope_type: "linear", rope_theta: 500, factor: 2 });
  assertEquals(written.my_note, 7);
  assert(!("rope_theta" in written));
  for (
    const [changes, hint] of [
      [{ num_key_value_heads: 3 }, "keyValueHeads"],
      [{ head_dim: 3 }, "even width"],
      [{ rope_scaling: { type: "yarn", factor: 2 }, rope_theta: 1 }, "rope_parameters"],
      [{ id2label: { 1: "b" } }, "id2label"],
    ] as const
  ) {
    assertThrows(() => modelFromConfig({ ...json, ...changes }), ConfigError, hint);
  }
  // @ts-expect-error a name that the configuration doesn't have
  assertThrows(() => new Bert({ ...BERT, width: 3 }), ConfigError, "dropout for all kinds");
  assertThrows(() => new Bert({ ...BERT, dropout: 2 }), ConfigError, "probability");
  assertThrows(() => modelFromConfig({ model_type: "mamba" }), ConfigError, '"mamba"');
  assertThrows(() => modelFromConfig(null), ConfigError);
});
