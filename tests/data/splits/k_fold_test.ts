import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  assertPartition,
  type Fold,
  groupKFold,
  kFold,
  predefinedSplit,
  repeated,
  stratifiedGroupKFold,
  stratifiedKFold,
  timeSeriesSplit,
} from "@tunebook/data";
import reference from "../../reference/scikit_learn.json" with { type: "json" };

const { splits } = reference;
const groups = Array.from({ length: 60 }, (_, i) => `author ${i % 13}`);
const labels = Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? "spam" : "ham"));

Deno.test("folds are scikit-learn's", () => {
  for (const { count, folds, expected } of splits.kFold) {
    assertEquals(kFold(count, { folds }), expected);
  }
  for (const { labels, folds, expected } of splits.stratifiedKFold) {
    assertEquals(stratifiedKFold(labels, { folds }), expected);
  }
  for (const { groups, folds, expected } of splits.groupKFold) {
    assertEquals(groupKFold(groups, { folds }), expected);
  }
  for (const { labels, groups, folds, expected } of splits.stratifiedGroupKFold) {
    assertEquals(stratifiedGroupKFold(labels, groups, { folds }), expected);
  }
  for (const { testFold, expected } of splits.predefinedSplit) {
    assertEquals(predefinedSplit(testFold), expected);
  }
  for (const { count, options, expected } of splits.timeSeriesSplit) {
    const given = Object.fromEntries(Object.entries(options).filter(([, v]) => v !== null));
    assertEquals(timeSeriesSplit(count, given), expected);
  }
});

const shuffled: [string, (seed: number) => Fold[]][] = [
  ["kFold", (seed) => kFold(60, { folds: 4, shuffle: true, seed })],
  ["stratifiedKFold", (seed) => stratifiedKFold(labels, { folds: 4, shuffle: true, seed })],
  ["groupKFold", (seed) => groupKFold(groups, { folds: 4, shuffle: true, seed })],
  [
    "stratifiedGroupKFold",
    (seed) => stratifiedGroupKFold(labels, groups, { folds: 4, shuffle: true, seed }),
  ],
];

for (const [name, make] of shuffled) {
  Deno.test(`${name}, shuffled: one seed one draw, every record tested once`, () => {
    assertEquals(make(1), make(1));
    assertNotEquals(make(1), make(2));
    const folds = make(3);
    for (const { train, test } of folds) assertPartition({ train, test }, 60);
    assertPartition(Object.fromEntries(folds.map(({ test }, i) => [`fold ${i}`, test])), 60);
  });
}

Deno.test("stratified folds hold every class's share to a record", () => {
  for (const { test } of stratifiedKFold(labels, { folds: 4, shuffle: true })) {
    assertEquals(test.filter((i) => labels[i] === "spam").length, 3);
  }
});

Deno.test("no group is in two folds", () => {
  for (const make of [shuffled[2]![1], shuffled[3]![1]]) {
    for (const { train, test } of make(5)) {
      const trained = new Set(train.map((i) => groups[i]));
      assertEquals(test.filter((i) => trained.has(groups[i])), []);
    }
  }
});

Deno.test("repeated draws anew each time", () => {
  const folds = repeated(3, (seed) => kFold(20, { folds: 2, shuffle: true, seed }));
  assertEquals(folds.length, 6);
  assertNotEquals(folds[0], folds[2]);
  assertThrows(() => repeated(0, () => []), RangeError, "repeats");
});

Deno.test("what can't be folded says why", () => {
  assertThrows(() => kFold(3), RangeError, "as many folds as there are records (3) but found 5");
  assertThrows(() => kFold(3, { folds: 1 }), RangeError, "at least 2");
  assertThrows(() => kFold(9, { seed: 1 }), TypeError, "shuffle: true");
  assertThrows(() => stratifiedKFold(["a", "b"], { folds: 2 }), RangeError, "largest class (1)");
  assertThrows(() => groupKFold(["a", "a"], { folds: 2 }), RangeError, "groups (1)");
  assertThrows(() => stratifiedGroupKFold(["a"], [], { folds: 2 }), RangeError, "1 and 0");
  assertThrows(() => predefinedSplit([-1, -1]), RangeError, "every fold to be -1");
  assertThrows(() => predefinedSplit([0, -2]), RangeError, "record 1");
  assertThrows(() => timeSeriesSplit(6, { folds: 2, gap: 9 }), RangeError, "a gap of 9");
});
