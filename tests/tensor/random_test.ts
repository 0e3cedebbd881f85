import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { dropout, ones, Random } from "@tunebook/tensor";

Deno.test("one seed, one stream; the state can be stored and restored", () => {
  const a = new Random(1), b = new Random(1);
  assertEquals(a.uniform([5]).toArray(), b.uniform([5]).toArray());
  assertNotEquals(a.next(), new Random(2).next());
  assertNotEquals(new Random(1).next(), new Random(-1).next());
  const state = JSON.parse(JSON.stringify(a.state)), want = a.normal([3]).toArray();
  assertEquals(Random.fromState(state).normal([3]).toArray(), want);
  assertNotEquals(a.fork().next(), a.fork().next());
});

Deno.test("an array in pieces is the array at once", () => {
  const whole = new Random(3).uniform([10]), pieces = new Random(3);
  assertEquals([...pieces.uniform([4]).data, ...pieces.uniform([6]).data], [...whole.data]);
});

Deno.test("distributions have their moments", () => {
  const random = new Random(4), n = 100_000;
  const u = random.uniform([n], -1, 3), z = random.normal([n], 2, 0.5);
  assertAlmostEquals(u.mean().item(), 1, 0.02);
  assertAlmostEquals(u.var().item(), 16 / 12, 0.02);
  assert(u.min().item() >= -1 && u.max().item() < 3);
  assertAlmostEquals(z.mean().item(), 2, 0.01);
  assertAlmostEquals(z.std().item(), 0.5, 0.01);
  const counts = new Array(6).fill(0);
  random.randint(0, 6, [60_000]).data.forEach((v) => counts[v]++);
  counts.forEach((c) => assertAlmostEquals(c / 10_000, 1, 0.05));
});

Deno.test("permutation and choice", () => {
  const random = new Random(5);
  assertEquals(
    [...random.permutation(50)].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assertEquals(new Set(random.choice([1, 2, 3, 4], 4)).size, 4);
  assertEquals(random.choice(["a"], 3, { replace: true }), ["a", "a", "a"]);
  const drawn = random.choice([0, 1], 10_000, { replace: true, weights: [3, 1] });
  assertAlmostEquals(drawn.filter((v) => v === 0).length / 10_000, 0.75, 0.02);
  assertEquals(random.choice([7, 8, 9], 2, { weights: [0, 1, 1] }).toSorted(), [8, 9]);
  for (let i = 0; i < 1000; i++) {
    const v = random.integer(-2, 2);
    assert(Number.isInteger(v) && v >= -2 && v < 2);
  }
});

Deno.test("dropout zeroes its share and keeps the mean; without training it does nothing", () => {
  const x = ones([10_000]), random = new Random(6), y = dropout(x, 0.25, { random });
  const dropped = y.data.filter((v) => v === 0).length / 10_000;
  assertAlmostEquals(dropped, 0.25, 0.02);
  assertAlmostEquals(y.mean().item(), 1, 0.02);
  assertEquals(dropout(x, 0.25, { random, training: false }), x);
  assertEquals(dropout(x, 1, { random }).sum().item(), 0);
});
