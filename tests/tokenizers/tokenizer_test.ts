import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Tokenizer } from "@tunebook/tokenizers";
import reference from "../reference/tokenizers.json" with { type: "json" };

const bpe = Tokenizer.train(reference.corpus, { vocabSize: 300 });
const wordPiece = Tokenizer.fromJSON(reference.wordPiece.json);

Deno.test("any text comes back from a byte-level BPE as it was", () => {
  let state = 42;
  const random = (n: number) => (state = (state * 1103515245 + 12345) % 2 ** 31) % n;
  const alphabets = ["abc '\t\n ", "éß微调🙂", "\u0000\u007f\u0080\uffff\u200d", "<|endoftext|>"];
  for (let run = 0; run < 300; run++) {
    let text = "";
    for (let i = random(40); i > 0; i--) {
      const from = [...alphabets[random(alphabets.length)]!];
      text += from[random(from.length)];
    }
    assertEquals(bpe.decode(bpe.encode(text)), text);
  }
});

Deno.test("half a surrogate pair becomes the replacement character", () => {
  assertEquals(bpe.decode(bpe.encode("a\ud800b")), "a\ufffdb");
});

Deno.test("special tokens are one id each, and decode can leave them out", () => {
  const end = bpe.idOf("<|endoftext|>")!;
  const ids = bpe.encode("one<|endoftext|>two");
  assertEquals(ids.filter((id) => id === end).length, 1);
  assertEquals(bpe.decode(ids, { skipSpecialTokens: true }), "onetwo");
});

Deno.test("a WordPiece tokenizer.json gives Hugging Face's ids", () => {
  const { texts, ids, pair } = reference.wordPiece;
  texts.forEach((text, i) => assertEquals(wordPiece.encode(text), ids[i], text));
  assertEquals(wordPiece.encode(pair.texts[0]!, { pair: pair.texts[1]! }), pair.ids);
});

Deno.test("truncation keeps the closing token, as Hugging Face does", () => {
  const { texts, truncated, maxLength } = reference.wordPiece;
  texts.forEach((text, i) => assertEquals(wordPiece.encode(text, { maxLength }), truncated[i]));
});

Deno.test("of a pair, the second text is cut", () => {
  const whole = wordPiece.encode("The whale", { pair: "four score" });
  const cut = wordPiece.encode("The whale", { pair: "four score", maxLength: whole.length - 1 });
  assertEquals(cut, [...whole.slice(0, -2), whole.at(-1)!]);
  const error = assertThrows(
    () => wordPiece.encode("The whale", { pair: "four", maxLength: 3 }),
    RangeError,
  );
  assertStringIncludes(error.message, "at least 5");
});

Deno.test("a batch is padded to its longest text, on the side asked for", () => {
  const right = wordPiece.encodeBatch(["whale", "the white whale"]);
  assertEquals(right.shape, [2, 5]);
  assertEquals([...right.attentionMask], [1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
  assertEquals([...right.ids.slice(3, 5)], [wordPiece.paddingId, wordPiece.paddingId]);
  const left = wordPiece.encodeBatch(["whale", "the white whale"], { paddingSide: "left" });
  assertEquals([...left.attentionMask.slice(0, 5)], [0, 0, 1, 1, 1]);
  assertEquals(wordPiece.encodeBatch(["whale"], { padTo: 7 }).shape, [1, 7]);
  assertEquals(wordPiece.encodeBatch([]).shape, [0, 0]);
});

Deno.test("a text longer than padTo is an error that says how to cut it", () => {
  const error = assertThrows(() => bpe.encodeBatch(["a b c d e"], { padTo: 2 }), RangeError);
  assertStringIncludes(error.message, "set maxLength to 2");
  assertEquals(bpe.encodeBatch(["a b c d e"], { padTo: 2, maxLength: 2 }).shape, [1, 2]);
});

Deno.test("padding without a token to pad with is an error", () => {
  const bare = Tokenizer.train(["ab"], { vocabSize: 256, specialTokens: [] });
  assertEquals(bare.encodeBatch(["ab", "cd"]).shape, [2, 2]);
  assertThrows(() => bare.encodeBatch(["a", "bcd"]), TypeError, "add one to specialTokens");
});

Deno.test("ids of another vocabulary are refused", () => {
  assertThrows(() => bpe.decode([1, 99999]), RangeError, "found 99999");
  assertEquals(bpe.decode([]), "");
});

Deno.test("a tokenizer is the same after being written and read", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, JSON.stringify(bpe));
    const read = await Tokenizer.load(path);
    assertEquals(read.vocabSize, 300);
    for (const text of reference.texts) assertEquals(read.encode(text), bpe.encode(text));

    await Deno.writeTextFile(path, JSON.stringify(bpe).slice(0, 1000));
    const error = await assertRejects(() => Tokenizer.load(path), SyntaxError);
    assertStringIncludes(error.message, "is the download complete?");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("what is no tokenizer.json says what was found", () => {
  for (const json of [null, 3, [], {}, { model: null }, { model: { type: "BPE" } }]) {
    assertThrows(() => Tokenizer.fromJSON(json, "x.json"), TypeError, "x.json");
  }
  const unknown = { model: { type: "Clockwork", vocab: {} } };
  const error = assertThrows(() => Tokenizer.fromJSON(unknown), TypeError);
  assert(error.cause instanceof Error);
});

Deno.test("maxLength must be a positive integer", () => {
  for (const maxLength of [0, -1, 1.5, NaN]) {
    assertThrows(() => bpe.encode("a", { maxLength }), RangeError, "maxLength");
  }
});
