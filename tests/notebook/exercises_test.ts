import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  check,
  exercise,
  Expectations,
  fillSolutions,
  grade,
  proveChecks,
  todo,
  Unsolved,
} from "@tunebook/notebook";
import { Wrong } from "../../lib/notebook/expectations.ts";
import { printed } from "./printed.ts";

const double = exercise({
  title: "Double a number",
  hint: "Twice a number is the number plus itself.",
  misconceptions: { squared: "`n * n` is the square.", halved: "That is half of it." },
  check(answer: (n: number) => number, expect) {
    const n = expect.integer(3, 99);
    expect.equal(answer(n), 2 * n, { input: n, misconceptions: { squared: n * n, halved: n / 2 } });
  },
});

Deno.test("what hasn't been written yet is unsolved", async () => {
  assertThrows(() => todo(1, 2), Unsolved);
  for (const answer of [undefined, todo, (n: number) => todo(n)]) {
    assertEquals(await grade(double, answer), { state: "unsolved" });
  }
});

Deno.test("an async check that meets a stub is unsolved, too", async () => {
  const later = exercise({
    title: "Later",
    hint: "Wait.",
    misconceptions: {},
    async check(answer: () => Promise<number>, expect) {
      expect.equal(await answer(), 1);
    },
  });
  // deno-lint-ignore require-await -- as a learner leaves it
  assertEquals(await grade(later, async () => todo()), { state: "unsolved" });
  assertEquals(await grade(later, () => Promise.resolve(1)), { state: "right" });
});

Deno.test("a wrong answer shows the misconception it comes from", async () => {
  const verdict = await grade(double, (n) => n * n);
  assert(verdict.state === "wrong");
  assertEquals(verdict.misconception, "squared");
  assertEquals(verdict.hint, "`n * n` is the square.");
});

Deno.test("a wrong answer of no known kind gets the general hint, and says what was found", async () => {
  const verdict = await grade(double, () => -1);
  assert(verdict.state === "wrong");
  assertEquals(verdict.misconception, undefined);
  assertEquals(verdict.hint, double.hint);
  assertStringIncludes(verdict.report, "Found:    -1");
});

Deno.test("an answer that throws is wrong, not an error", async () => {
  const verdict = await grade(double, () => {
    throw new TypeError("boom");
  });
  assert(verdict.state === "wrong");
  assertStringIncludes(verdict.report, "TypeError: boom");
});

Deno.test("a missing return and a needless async are named", () => {
  const expect = new Expectations();
  const report = (found: unknown) => assertThrows(() => expect.equal(found, 1), Wrong).report;
  assertStringIncludes(report(undefined), "`return`");
  assertStringIncludes(report(Promise.resolve(1)), "`async`");
});

Deno.test("equal compares structures", () => {
  const expect = new Expectations();
  expect.equal(new Map([["a", [1]]]), new Map([["a", [1]]]));
  expect.equal(-0, 0);
  expect.equal(NaN, NaN);
  assertThrows(() => expect.equal([1, 2], [2, 1]), Wrong);
  assertThrows(() => expect.equal("1", 1), Wrong);
});

Deno.test("close allows for rounding, in numbers and in lists of them", () => {
  const expect = new Expectations();
  expect.close(0.1 + 0.2, 0.3);
  expect.close(new Float32Array([0.1, 1e6]), [0.1, 1e6]);
  expect.close([[1, 2]], [[1, 2.000001]]);
  expect.close(1.05, 1, { tolerance: 0.1 });
  for (const [a, b] of [[1.1, 1], [NaN, 1], [[1], [1, 2]], ["1", 1]] as const) {
    assertThrows(() => expect.close(a, b), Wrong);
  }
});

Deno.test("a misconception that gives the right result here explains nothing", () => {
  const expect = new Expectations<"none" | "some">();
  const misconceptions = { none: 4, some: 3 };
  const wrong = assertThrows(() => expect.equal(3, 4, { misconceptions }), Wrong);
  assertEquals(wrong.misconception, "some");
});

Deno.test("a report shows numbers that one can compare by eye", () => {
  const { report } = assertThrows(
    () => new Expectations().close([1 / 3, undefined], [2 / 3], { input: { rate: 0.1 + 0.2 } }),
    Wrong,
  );
  assertEquals(
    report,
    "Expected: [ 0.6666667 ]\nFound:    [ 0.3333333, undefined ]\nFor:      { rate: 0.3 }",
  );
});

Deno.test("that states any condition", () => {
  const expect = new Expectations<"big">();
  expect.that(true, { expected: "small", found: 1 });
  const otherwise = { expected: "a number below 10", found: 12, misconception: "big" } as const;
  const wrong = assertThrows(() => expect.that(false, otherwise), Wrong);
  assertEquals(wrong.report, "Expected: a number below 10\nFound:    12");
  assertEquals(wrong.misconception, "big");
});

Deno.test("draws stay within what was asked for", () => {
  const expect = new Expectations();
  const drawn = new Set(Array.from({ length: 1000 }, () => expect.integer(2, 4)));
  assertEquals([...drawn].sort(), [2, 3, 4]);
  assertEquals(expect.shuffle([1, 2, 3]).sort(), [1, 2, 3]);
  assert(["a", "b"].includes(expect.pick(["a", "b"])));
});

Deno.test("a long input is cut in the report", () => {
  const input = "word ".repeat(1000);
  const { report } = assertThrows(() => new Expectations().equal(1, 2, { input }), Wrong);
  assert(report.length < 600, String(report.length));
});

Deno.test("check never throws, and says how it went", async () => {
  assertEquals(await printed(() => check(double, todo)), [
    "Double a number: not yet\nHint: Twice a number is the number plus itself.",
  ]);
  assertEquals(await printed(() => check(double, (n) => n + n)), ["Double a number: right"]);
  const [wrong] = await printed(() => check(double, (n) => n * n));
  assertStringIncludes(wrong!, "Double a number: not right\nExpected: ");
  assertStringIncludes(wrong!, "Hint: `n * n` is the square.");
});

const proofs = {
  right: [(n: number) => n + n, (n: number) => n * 2],
  wrong: { squared: (n: number) => n * n, halved: (n: number) => n / 2 },
};
const lesson = {
  checks: { double },
  exercises: { double: (n: number): number => todo(n) },
  solutions: { double: (n: number) => 2 * n },
};

Deno.test("proveChecks accepts a check that does its work", async () => {
  await proveChecks({ ...lesson, proofs: { double: proofs } });
});

Deno.test("proveChecks names the answer that was judged otherwise", async () => {
  const mixed = { ...proofs, wrong: { ...proofs.wrong, halved: proofs.wrong.squared } };
  await assertRejects(
    () => proveChecks({ ...lesson, proofs: { double: mixed } }),
    Error,
    "double: expected wrong.halved to be wrong (halved) but found wrong (squared)",
  );
  const solved = { ...lesson, exercises: lesson.solutions };
  await assertRejects(
    () => proveChecks({ ...solved, proofs: { double: proofs } }),
    Error,
    "double: expected the stub to be unsolved but found right",
  );
});

Deno.test("fillSolutions puts the given solutions into every check of a cell", () => {
  const source = "await check(checks.a, a);\nawait check(\n  checks.b,\n  mine.b\n);";
  assertEquals(
    fillSolutions(source),
    'await check(checks.a, (await import("./solutions.ts")).a);\n' +
      'await check(checks.b, (await import("./solutions.ts")).b);',
  );
});
