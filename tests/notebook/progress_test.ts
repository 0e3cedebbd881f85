import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { progress, ProgressBar } from "@tunebook/notebook";
import { formatDuration, formatRate } from "../../lib/notebook/duration.ts";
import { printed } from "./printed.ts";

/** A bar whose clock and lines the test holds in its hand. */
function makeBar(total: number | undefined, interval = 100) {
  const lines: string[] = [];
  const clock = { now: 0 };
  const painter = { interval, paint: (line: string) => void lines.push(line) };
  return { bar: new ProgressBar(total, "work", painter, () => clock.now), lines, clock };
}

Deno.test("a bar tells count, time passed, rate and time left", () => {
  const { bar, lines, clock } = makeBar(10);
  clock.now = 4000;
  bar.advance(4, "loss 2.31");
  assertEquals(lines, [
    `work ${"░".repeat(20)} 0/10 · 0.0 s`,
    `work ${"█".repeat(8)}${"░".repeat(12)} 4/10 · 4.0 s · 1.0/s · 6.0 s left · loss 2.31`,
  ]);
});

Deno.test("a bar paints at most once an interval, and always its end", () => {
  const { bar, lines, clock } = makeBar(100_000);
  for (let i = 0; i < 100_000; i++) {
    clock.now += 0.01; // one second in all
    bar.advance();
  }
  assert(lines.length <= 12, `${lines.length} lines`);
  assertEquals(lines.at(-1), `work ${"█".repeat(20)} 100000/100000 · 1.0 s · 100000/s`);
});

Deno.test("a bar that ends early says where it stopped, once", () => {
  const { bar, lines } = makeBar(10);
  bar.advance(3);
  bar.finish();
  bar.finish();
  bar.advance();
  assertEquals(lines.length, 2);
  assertMatch(lines[1]!, /3\/10 · 0\.0 s · stopped$/);
});

Deno.test("a bar without a total counts", () => {
  const { bar, lines, clock } = makeBar(undefined);
  clock.now = 2000;
  bar.advance(5);
  bar.finish();
  assertEquals(lines.slice(1), ["work 5 · 2.0 s · 2.5/s", "work 5 · 2.0 s · 2.5/s"]);
});

Deno.test("progress hands on the items of arrays, Sets, generators and async iterables", async () => {
  const lines = await printed(async () => {
    assertEquals([...progress([1, 2])], [1, 2]);
    assertEquals([...progress(new Set("ab"), { label: "set" })], ["a", "b"]);
    const generator = function* () {
      yield* "xy";
    };
    assertEquals([...progress(generator(), { total: 2 })], ["x", "y"]);
    const slow = async function* () {
      yield await Promise.resolve(7);
    };
    assertEquals(await Array.fromAsync(progress(slow())), [7]);
    assertEquals([...progress(3)], [0, 1, 2]);
  });
  assertEquals(lines.length, 5);
  assertMatch(lines[1]!, /^set █+ 2\/2 · /);
});

Deno.test("a loop that breaks off or throws leaves the final line", async () => {
  const lines = await printed(async () => {
    for (const i of progress(10)) if (i === 4) break;
    try {
      for (const _ of progress([1, 2, 3])) throw new Error("boom");
    } catch { /* it went on its way */ }
    try {
      using bar = progress(5);
      bar.advance(2);
      throw new Error("boom");
    } catch { /* it went on its way */ }
    const endless = async function* () {
      for (;;) yield await Promise.resolve(1);
    };
    for await (const _ of progress(endless())) break;
  });
  assertEquals(lines.map((line) => /(?:^| )(\d+(\/\d+)?) · .*$/.exec(line)?.[1]), [
    "4/10",
    "0/3",
    "2/5",
    "0",
  ]);
});

Deno.test("a number of steps must be whole", () => {
  for (const steps of [-1, 2.5, NaN]) {
    assertThrows(() => progress(steps), RangeError, String(steps));
  }
});

Deno.test("a bar of no steps is done at once", async () => {
  assertEquals((await printed(() => [...progress(0)])).length, 1);
});

Deno.test("durations and rates are as short as they can be", () => {
  const times = [0, 420, 9_960, 12_000, 59_600, 185_000, 3_729_000];
  assertEquals(times.map(formatDuration), [
    "0.0 s",
    "0.4 s",
    "10 s",
    "12 s",
    "1:00",
    "3:05",
    "1:02:09",
  ]);
  assertEquals([250, 3.21, 0.25].map(formatRate), ["250/s", "3.2/s", "4.0 s each"]);
});
