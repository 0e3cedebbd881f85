import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tokenizer, trainBpe } from "@tunebook/tokenizers";
import reference from "../reference/tokenizers.json" with { type: "json" };

for (const { options, tokens, ids } of reference.bpe) {
  const name = `vocabSize ${options.vocabSize}, minFrequency ${options.minFrequency}`;

  Deno.test(`trainBpe learns Hugging Face's vocabulary (${name})`, () => {
    assertEquals(trainBpe(reference.corpus, options).tokens, tokens);
  });

  Deno.test(`a trained tokenizer gives Hugging Face's ids (${name})`, () => {
    const tokenizer = Tokenizer.train(reference.corpus, options);
    reference.texts.forEach((text, i) => assertEquals(tokenizer.encode(text), ids[i], text));
  });
}

Deno.test("trainBpe stops when no pair is frequent enough", () => {
  const { tokens, merges } = trainBpe(["ab ab cd"], { vocabSize: 1000, minFrequency: 2 });
  assertEquals(merges, [["a", "b"]]);
  assertEquals(tokens.length, 1 + 256 + 1);
});

Deno.test("trainBpe learns nothing from no text", () => {
  assertEquals(trainBpe([], { vocabSize: 300 }).merges, []);
  assertEquals(trainBpe([""], { vocabSize: 300 }).merges, []);
});

Deno.test("trainBpe reports both phases, to the end", () => {
  const seen: string[] = [];
  trainBpe(["low lower lowest low lower"], {
    vocabSize: 262,
    onProgress: ({ phase, done, total }) => seen.push(`${phase} ${done}/${total}`),
  });
  assertEquals(seen[0], "reading 1/1");
  assertEquals(seen.at(-1), "merging 262/262");
});

Deno.test("trainBpe says how large a vocabulary must be", () => {
  const error = assertThrows(() => trainBpe([], { vocabSize: 256 }), RangeError);
  assert(error.message.includes("at least 257"), error.message);
});
