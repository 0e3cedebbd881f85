import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { DataLoader, Dataset, LabelEncoder } from "@tunebook/data";

const numbers = (n: number) => Dataset.from(Array.from({ length: n }, (_, i) => i));

Deno.test("a data set is changed only by making another", () => {
  const data = numbers(5);
  assertEquals(data.map((x) => x * 2).toArray(), [0, 2, 4, 6, 8]);
  assertEquals(data.filter((x) => x > 2).toArray(), [3, 4]);
  assertEquals(data.select([4, 0, 0]).toArray(), [4, 0, 0]);
  assertEquals(data.take(2).concat(data.take(1)).toArray(), [0, 1, 0]);
  assertEquals(data.batch(2), [[0, 1], [2, 3], [4]]);
  assertEquals([data.at(0), data.at(-1)], [0, 4]);
  assertEquals(data.toArray(), [0, 1, 2, 3, 4]);
});

Deno.test("shuffling is by seed and loses nothing", () => {
  const data = numbers(50);
  assertEquals(data.shuffle(1).toArray(), data.shuffle(1).toArray());
  assertNotEquals(data.shuffle(1).toArray(), data.shuffle(2).toArray());
  assertEquals(data.shuffle(1).toArray().sort((a, b) => a - b), data.toArray());
});

Deno.test("records survive CSV and JSON Lines", () => {
  const data = Dataset.from([{ text: 'a "b",\nc', label: "x" }, { text: "", label: "y" }]);
  assertEquals(Dataset.fromCsv(data.toCsv()).toArray(), data.toArray());
  assertEquals(Dataset.fromJsonl(`${data.toJsonl()}\n`).toArray(), data.toArray());
  assertEquals(data.toCsv(["label"]), "label\r\nx\r\ny\r\n");
});

Deno.test("what is wrong with a data set is said with its place", () => {
  assertThrows(() => numbers(3).at(3), RangeError, "found 3");
  assertThrows(() => numbers(0).at(0), RangeError, "empty data set");
  assertThrows(() => numbers(3).select([5]), RangeError, "found 5");
  assertThrows(() => numbers(3).batch(0), RangeError, "found 0");
  assertThrows(() => Dataset.fromJsonl('{"a": 1}\n{"a"'), SyntaxError, "line 2");
  assertThrows(() => Dataset.from([]).toCsv(), TypeError, "name the columns");
});

Deno.test("labels are numbered in sorted order, back and forth", () => {
  const labels = LabelEncoder.fit<string>(["b", "a", "c", "a"]);
  assertEquals(["a", "b", "c"].map((label) => labels.encode(label)), [0, 1, 2]);
  assertEquals([0, 1, 2].map((number) => labels.decode(number)), ["a", "b", "c"]);
  assertThrows(() => labels.encode("d"), RangeError, "a, b, c but found d");
  assertThrows(() => labels.decode(3), RangeError, "from 0 to 2");
  assertThrows(() => new LabelEncoder(["a", "a"]), RangeError, "each class once");
  assertThrows(() => new LabelEncoder([]), RangeError);
});

Deno.test("an epoch is the same each time it is asked for, and another for each number", () => {
  const loader = new DataLoader(numbers(40), { batchSize: 8, shuffle: true, seed: 3 });
  assertEquals([...loader.epoch(2)], [...loader.epoch(2)]);
  assertNotEquals([...loader.epoch(2)], [...loader.epoch(3)]);
  assertEquals([...loader.epoch(2)].flat().sort((a, b) => a - b), numbers(40).toArray());
  assertEquals([...loader.epoch(2, 3)], [...loader.epoch(2)].slice(3), "resumed at batch 3");
});

Deno.test("dropLast leaves out the short batch", () => {
  const loader = new DataLoader(numbers(10), { batchSize: 4, dropLast: true });
  assertEquals(loader.batchesPerEpoch, 2);
  assertEquals([...loader.epoch(0)].length, 2);
  assertThrows(() => new DataLoader(numbers(3), { batchSize: 4, dropLast: true }), RangeError);
});

Deno.test("bucketing puts records of one length together", () => {
  const words = numbers(64).map((i) => "x".repeat(1 + (i * 37) % 16));
  const loader = new DataLoader(words, {
    batchSize: 4,
    shuffle: true,
    bucketBy: (word) => word.length,
  });
  for (const batch of loader.epoch(0)) {
    assertEquals(new Set(batch.map((word) => word.length)).size, 1);
  }
  const lengths = [...loader.epoch(0)].map((batch) => batch[0]!.length);
  assertNotEquals(
    lengths,
    lengths.toSorted((a, b) => a - b),
    "the batches themselves are shuffled",
  );
});

Deno.test("weights draw records in proportion, and never one of weight 0", () => {
  const loader = new DataLoader(numbers(3), { batchSize: 3, weight: (x) => x, seed: 1 });
  const drawn = Array.from({ length: 1000 }, (_, epoch) => [...loader.epoch(epoch)].flat()).flat();
  assertEquals(drawn.filter((x) => x === 0).length, 0);
  const twos = drawn.filter((x) => x === 2).length / drawn.length;
  assertEquals(Math.abs(twos - 2 / 3) < 0.03, true, `twos: ${twos}`);
});

Deno.test("collate makes the batch", () => {
  const loader = new DataLoader(numbers(4), { batchSize: 2, collate: (batch) => batch.join("+") });
  assertEquals([...loader.epoch(0)], ["0+1", "2+3"]);
});

Deno.test("a loader that can't work says why", () => {
  assertThrows(() => new DataLoader(numbers(0), { batchSize: 1 }), RangeError, "found 0");
  assertThrows(() => new DataLoader(numbers(1), { batchSize: 0 }), RangeError, "batchSize");
  assertThrows(
    () => new DataLoader(numbers(1), { batchSize: 1, weight: () => 1, bucketBy: () => 1 }),
    TypeError,
  );
  const nan = new DataLoader(numbers(2), { batchSize: 1, weight: () => NaN });
  assertThrows(() => [...nan.epoch(0)], RangeError, "found NaN at record 0");
});
