import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { assertPartition, splitThreeWays } from "@tunebook/data";

const sizes = (parts: object) => Object.values(parts).map((part) => part.length);
const share = (positions: number[], holds: (i: number) => boolean) =>
  positions.filter(holds).length / positions.length;

Deno.test("the usual shares are 80/10/10, drawn by the seed", () => {
  assertEquals(sizes(splitThreeWays(1000)), [800, 100, 100]);
  assertEquals(sizes(splitThreeWays(15)), [12, 2, 1]);
  assertEquals(splitThreeWays(50, { seed: 3 }), splitThreeWays(50, { seed: 3 }));
  assertNotEquals(splitThreeWays(50, { seed: 3 }), splitThreeWays(50, { seed: 4 }));
});

Deno.test("the parts cover every record once, whatever the shares and what is divided by", () => {
  const key = (n: number) => Array.from({ length: 97 }, (_, i) => (i * i) % n);
  for (const validation of [0.05, 0.1, 0.3]) {
    for (const test of [0.05, 0.2]) {
      for (
        const by of [
          {},
          { stratify: key(3) },
          { groups: key(41) },
          { stratify: key(3), groups: key(41) },
          { time: key(50) },
        ]
      ) {
        const parts = splitThreeWays(97, { validation, test, ...by });
        assertPartition({ ...parts }, 97);
      }
    }
  }
});

Deno.test("a share of 0 leaves its part empty", () => {
  assertEquals(sizes(splitThreeWays(10, { validation: 0, test: 0.2 })), [8, 0, 2]);
  const groups = Array.from({ length: 40 }, (_, i) => i % 10);
  const { train, validation, test } = splitThreeWays(40, { validation: 0, test: 0.2, groups });
  assertEquals([train.length, validation.length, test.length], [32, 0, 8]);
});

Deno.test("stratified parts hold every class's share, rare classes too", () => {
  const labels = Array.from({ length: 500 }, (_, i) => (i % 10 === 0 ? "rare" : "common"));
  const parts = splitThreeWays(500, { stratify: labels });
  assertEquals(sizes(parts), [400, 50, 50]);
  for (const part of Object.values(parts)) {
    assertAlmostEquals(share(part, (i) => labels[i] === "rare"), 0.1, 1e-9);
  }
});

Deno.test("many small classes keep the parts' sizes", () => {
  const labels = Array.from({ length: 60 }, (_, i) => i % 20);
  assertEquals(sizes(splitThreeWays(60, { stratify: labels })), [48, 6, 6]);
});

Deno.test("groups stay whole, and the parts come near their shares", () => {
  const groups = Array.from({ length: 300 }, (_, i) => Math.floor(Math.sqrt(i)));
  const labels = groups.map((group) => group % 3 === 0);
  for (const by of [{ groups }, { groups, stratify: labels }]) {
    for (let seed = 0; seed < 5; seed++) {
      const { train, validation, test } = splitThreeWays(300, { ...by, seed });
      const trained = new Set(train.map((i) => groups[i]));
      assertEquals([...validation, ...test].filter((i) => trained.has(groups[i]!)), []);
      assert(Math.abs(train.length - 240) <= 30, `train has ${train.length}`);
      assert(Math.abs(validation.length - 30) <= 20, `validation has ${validation.length}`);
    }
  }
});

Deno.test("by time, training comes before validation before test, and equal times stay together", () => {
  const time = [5, 1, 9, 3, 7, 2, 8, 4, 6, 0].map((day) => new Date(2020, 0, day + 1));
  assertEquals(splitThreeWays(10, { time, validation: 0.2, test: 0.2 }), {
    train: [0, 1, 3, 5, 7, 9],
    validation: [4, 8],
    test: [2, 6],
  });
  const years = [1, 2, 3, 4, 5, 5, 5, 5, 6, 7];
  const { train, validation, test } = splitThreeWays(10, {
    time: years,
    validation: 0.2,
    test: 0.2,
  });
  assertEquals(train, [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals([...validation, ...test], [8, 9]);
});

Deno.test("what can't be split says why", () => {
  assertThrows(() => splitThreeWays(10, { validation: 0.5, test: 0.5 }), RangeError, "0.5 and 0.5");
  assertThrows(() => splitThreeWays(10, { test: 1.2 }), RangeError, "shares from 0 to 1");
  assertThrows(() => splitThreeWays(3), RangeError, "but found none");
  assertThrows(() => splitThreeWays(3, { stratify: ["a"] }), RangeError, "3 and 1");
  assertThrows(() => splitThreeWays(2, { time: [1, 2], groups: [1, 2] }), TypeError, "time alone");
  assertThrows(() => splitThreeWays(2, { time: [1, NaN] }), RangeError, "record 1");
});

Deno.test("assertPartition names the first record that is wrong", () => {
  assertThrows(() => assertPartition({ a: [0], b: [0] }, 1), RangeError, "in a and in b");
  assertThrows(() => assertPartition({ a: [0, 0] }, 1), RangeError, "twice in a");
  assertThrows(() => assertPartition({ a: [0] }, 2), RangeError, "record 1 in none");
  assertThrows(() => assertPartition({ a: [2] }, 2), RangeError, "found 2 in a");
});
