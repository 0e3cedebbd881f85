import {
  generate,
  generateText,
  GptForCausalLM,
  KeyValueCache,
  type LanguageModel,
  LlamaForCausalLM,
  sample,
} from "@tunebook/models";
import { AttentionPrefix, manualSeed } from "@tunebook/nn";
import { memoryInfo, noGrad, Random, scope, type Tensor, tensor } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";

const SIZE = {
  vocabSize: 50,
  maxPositions: 12,
  dim: 16,
  layers: 2,
  heads: 4,
  initializerRange: 0.5,
};
const MODELS: Record<string, () => GptForCausalLM | LlamaForCausalLM> = {
  GPT: () => new GptForCausalLM(SIZE),
  Llama: () => new LlamaForCausalLM({ ...SIZE, keyValueHeads: 2, hidden: 24 }),
};

const ids = (...tokens: number[]) => tensor([tokens], { dtype: "int32" });

/** Fixed keys and values, two of each. */
class FixedPrefix extends AttentionPrefix {
  readonly length = 2;
  readonly #width: number;
  constructor(width: number) {
    super();
    this.#width = width;
  }
  forward(batch: number): { keys: Tensor; values: Tensor } {
    const drawn = () => new Random(5).normal([1, 2, this.#width]).expand(batch, 2, this.#width);
    return { keys: drawn(), values: drawn() };
  }
}

function addPrefix(model: GptForCausalLM | LlamaForCausalLM): void {
  const attentions = model instanceof GptForCausalLM
    ? model.transformer.h.map((block) => block.attn)
    : model.model.layers.map((block) => block.self_attn);
  for (const attention of attentions) {
    const { keyValueHeads, headDim } = attention.shape;
    attention.prefix = new FixedPrefix(keyValueHeads * headDim);
  }
}

Deno.test("writing leaves no memory behind, also when it is broken off", async () => {
  const model = new GptForCausalLM(SIZE);
  await generate(model, [1]).next(); // the engine takes its own memory at the first use
  const before = memoryInfo().liveTensors;
  for await (const _ of generate(model, [1, 2], { maxNewTokens: 40 })) { /* all of it */ }
  for await (const _ of generate(model, [1, 2], { maxNewTokens: 40 })) break;
  // Fewer, if what was dropped earlier is collected meanwhile: so this test comes first.
  assert(memoryInfo().liveTensors <= before);
});

for (const [name, build] of Object.entries(MODELS)) {
  for (const prefixed of [false, true]) {
    Deno.test(`${name}${prefixed ? " with a prefix" : ""} scores the same with a cache as without`, () => {
      manualSeed(1);
      const model = build().eval();
      if (prefixed) addPrefix(model);
      scope(() =>
        noGrad(() => {
          const whole = model.forward(ids(3, 1, 4, 1, 5, 9));
          using cache = new KeyValueCache();
          const parts = [ids(3, 1, 4), ids(1), ids(5, 9)].map((t) => model.forward(t, { cache }));
          const found = parts.flatMap((part) => [...part.data]);
          found.forEach((score, i) => assertAlmostEquals(score, whole.data[i]!, 1e-4));
          const last = model.forward(ids(3, 1, 4, 1, 5, 9), { logitsToKeep: 1 });
          assertEquals(last.shape, [1, 1, 50]);
          last.data.forEach((score, i) => assertAlmostEquals(score, whole.data[250 + i]!, 1e-4));
        })
      );
    });
  }

  Deno.test(`${name} writes what the scores of the whole text say, past its last position too`, async () => {
    manualSeed(2);
    const model = build();
    const written = await Array.fromAsync(
      generate(model, [1, 2, 3], { temperature: 0, maxNewTokens: 30 }),
    );
    assertEquals(written.length, 30);
    assert(model.training, "the model is left in training as it was");
    model.eval();
    const text = [1, 2, 3];
    for (const token of written.slice(0, 9)) { // as long as all fits
      const scores = scope(() => model.forward(ids(...text)).select(1, text.length - 1));
      assertEquals(scores.argmax().item(), token);
      text.push(token);
    }
  });
}

Deno.test("a seed gives the same text, another gives another", async () => {
  const model = new GptForCausalLM(SIZE);
  const write = (seed: number) => Array.fromAsync(generate(model, [1], { seed, maxNewTokens: 20 }));
  const first = await write(1);
  assertEquals(await write(1), first);
  assert((await write(2)).join() !== first.join());
});

Deno.test("writing ends at a stop token, at the end token of the model, or when told to", async () => {
  manualSeed(3);
  const model = new GptForCausalLM(SIZE);
  const greedy = { temperature: 0, maxNewTokens: 10 };
  const written = await Array.fromAsync(generate(model, [1], greedy));
  const stop = written[3]!, upTo = written.slice(0, written.indexOf(stop));
  assertEquals(
    await Array.fromAsync(generate(model, [1], { ...greedy, stopTokens: [stop] })),
    upTo,
  );
  const ending: LanguageModel = new GptForCausalLM({ ...SIZE, eosTokenId: stop });
  ending.loadStateDict(model.stateDict());
  assertEquals(await Array.fromAsync(generate(ending, [1], greedy)), upTo);
  const controller = new AbortController();
  const before: number[] = [];
  for await (const token of generate(model, [1], { ...greedy, signal: controller.signal })) {
    before.push(token);
    if (before.length === 2) controller.abort();
  }
  assertEquals(before, written.slice(0, 2));
});

Deno.test("an empty prompt and impossible options are refused", async () => {
  const model = new GptForCausalLM(SIZE);
  const error = await assertRejects(() => generate(model, []).next(), RangeError);
  assert(error.message.includes("at least one token"), error.message);
  for (
    const [options, hint] of [[{ topK: 0 }, "topK"], [{ topP: 0 }, "topP"], [
      { temperature: -1 },
      "temperature",
    ]] as const
  ) {
    assertThrows(() => sample([1, 2], options, new Random(0)), RangeError, hint);
  }
  assertThrows(() => sample([1, NaN], {}, new Random(0)), RangeError, "NaN");
});

Deno.test("sampling follows softmax, and top-k and top-p cut it where they should", () => {
  const scores = [0.4, 0.3, 0.2, 0.1].map(Math.log);
  const shares = (options: Parameters<typeof sample>[1]) => {
    const random = new Random(7), counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[sample(scores, options, random)]! += 1 / 20_000;
    return counts;
  };
  const near = (found: number[], expected: number[]) =>
    expected.forEach((share, i) => assertAlmostEquals(found[i]!, share, share === 0 ? 0 : 0.02));
  near(shares({}), [0.4, 0.3, 0.2, 0.1]);
  near(shares({ topK: 2 }), [4 / 7, 3 / 7, 0, 0]);
  near(shares({ topP: 0.5 }), [4 / 7, 3 / 7, 0, 0]);
  near(shares({ topP: 0.05 }), [1, 0, 0, 0]);
  near(shares({ temperature: 0.5 }), [16 / 30, 9 / 30, 4 / 30, 1 / 30]);
  near(shares({ temperature: 0 }), [1, 0, 0, 0]);
});

Deno.test("text comes in whole characters, even where a token is a part of one", async () => {
  const model = new GptForCausalLM({ ...SIZE, vocabSize: 256 });
  const codec = {
    encode: (text: string) => [...new TextEncoder().encode(text)],
    decode: (bytes: number[]) => new TextDecoder().decode(Uint8Array.from(bytes)),
  };
  // A model whose next byte is always the next of this text.
  const bytes = codec.encode("aé漢😀b");
  const forced: LanguageModel = Object.assign(model, {
    forward(input: Tensor): Tensor {
      const scores = new Float32Array(256);
      scores[bytes[(bytes.indexOf(input.data.at(-1)!) + 1) % bytes.length]!] = 100;
      return tensor([[[...scores]]]);
    },
  });
  const options = { maxNewTokens: bytes.length - 1, temperature: 0 };
  const pieces = await Array.fromAsync(generateText(forced, codec, "a", options));
  assertEquals(pieces, ["é", "漢", "😀", "b"]);
});
