import {
  annealedSampling,
  equalSampling,
  type MixedBatch,
  proportionalSampling,
  type TaskBatch,
  TaskData,
  TaskMixture,
  TaskRounds,
  temperatureSampling,
  type TrainingTask,
} from "@tunebook/finetune";
import { DataLoader, Dataset } from "@tunebook/data";
import { zeros } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { batchOf, type Text, texts } from "./toy.ts";

/** A task whose batches tell which of its examples they hold. */
function counted(name: string, examples: number): TrainingTask {
  const numbers = Dataset.from(Array.from({ length: examples }, (_, i) => i));
  return {
    name,
    examples,
    evaluate: () => ({}),
    batches: (seed) =>
      new DataLoader(numbers, {
        batchSize: 1,
        shuffle: true,
        seed,
        collate: ([number]) => ({
          task: name,
          input: zeros([1, 1], { dtype: "int32" }),
          targets: { starts: [number!], ends: [number!] },
        }),
      }),
  };
}

/** Which example of which task each step has. */
function seen(steps: Iterable<MixedBatch>): string[] {
  const example = (batch: TaskBatch) =>
    "targets" in batch && "starts" in batch.targets ? batch.targets.starts : [];
  return Array.from(
    steps,
    (batches) => batches.map((batch) => `${batch.task}${example(batch)}`).join(),
  );
}

const tasks = [counted("a", 900), counted("b", 90), counted("c", 10)];

Deno.test("shares are those of the formulas", () => {
  const sizes = [900, 90, 10];
  const shares = (weights: number[]) =>
    weights.map((weight) => weight / weights.reduce((a, b) => a + b));
  assertEquals(shares(proportionalSampling()(sizes, 0)), [0.9, 0.09, 0.01]);
  assertEquals(shares(proportionalSampling({ limit: 100 })(sizes, 0)), [0.5, 0.45, 0.05]);
  assertEquals(equalSampling()(sizes, 5), [1, 1, 1]);
  assertEquals(temperatureSampling({ temperature: 1 })(sizes, 0), sizes);
  const [hot, , cold] = shares(temperatureSampling({ temperature: 4, limit: 160 })(sizes, 0));
  assertAlmostEquals(hot! / cold!, 2); // (160 / 10) ** (1 / 4)
  const annealed = annealedSampling({ epochs: 5 });
  assertEquals(annealed(sizes, 0), sizes);
  assertEquals(annealed(sizes, 2), sizes.map((size) => size ** 0.6));
  assertAlmostEquals(annealed(sizes, 4)[0]!, 900 ** 0.2, 1e-9);
  assertEquals(annealed(sizes, 9), annealed(sizes, 4));
  assertEquals(annealedSampling({ epochs: 1 })(sizes, 0), sizes);
});

Deno.test("an epoch has each task's share to within a batch, over epochs exactly", () => {
  for (const sampling of [proportionalSampling(), temperatureSampling({ temperature: 3 })]) {
    const mixture = new TaskMixture(tasks, { sampling, batchesPerEpoch: 150, seed: 4 });
    const totals: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let epoch = 0; epoch < 40; epoch++) {
      const steps = seen(mixture.epoch(epoch));
      assertEquals(steps.length, 150);
      for (const [task, share] of Object.entries(mixture.shares(epoch))) {
        const count = steps.filter((step) => step[0] === task).length;
        assert(Math.abs(count - 150 * share) < 1, `${task}: ${count} of ${150 * share}`);
        totals[task]! += count;
      }
    }
    assertEquals(mixture.counts(40 * 150), totals);
    for (const [task, share] of Object.entries(mixture.shares(0))) {
      assertAlmostEquals(totals[task]! / 6000, share, 2e-3);
    }
  }
});

Deno.test("annealing moves shares towards equal, epoch by epoch", () => {
  const sampling = annealedSampling({ epochs: 4 });
  const mixture = new TaskMixture(tasks, { sampling, batchesPerEpoch: 200 });
  const small = [0, 1, 2, 3].map((epoch) => mixture.shares(epoch).c!);
  assert(small.every((share, i) => i === 0 || share > small[i - 1]!), `${small}`);
  assertAlmostEquals(small[3]!, 10 ** 0.2 / (900 ** 0.2 + 90 ** 0.2 + 10 ** 0.2), 1e-9);
});

Deno.test("what an epoch holds depends on the seed and its number alone", () => {
  const mixture = () => new TaskMixture(tasks, { batchesPerEpoch: 120, seed: 7 });
  const whole = seen(mixture().epoch(3));
  assertEquals(seen(mixture().epoch(3)), whole);
  for (const from of [0, 1, 77, 119]) {
    assertEquals(seen(mixture().epoch(3, from)), whole.slice(from));
  }
  const one = mixture();
  assertEquals([seen(one.epoch(5)), seen(one.epoch(3))], [seen(mixture().epoch(5)), whole]);
  assert(seen(mixture().epoch(2)).join() !== whole.join());
  assert(seen(new TaskMixture(tasks, { batchesPerEpoch: 120, seed: 8 }).epoch(3)) !== whole);
  const rounds = () => new TaskRounds(tasks, { batchesPerEpoch: 9, seed: 7 });
  assertEquals(seen(rounds().epoch(2, 4)), seen(rounds().epoch(2)).slice(4));
});

Deno.test("no example of a task comes again before all have come", () => {
  const mixture = new TaskMixture(tasks, { batchesPerEpoch: 100, sampling: equalSampling() });
  const steps = [0, 1, 2].flatMap((epoch) => seen(mixture.epoch(epoch)));
  const small = steps.filter((step) => step.startsWith("c"));
  assert(small.length >= 99);
  for (let at = 0; at + 10 <= small.length; at += 10) {
    assertEquals(new Set(small.slice(at, at + 10)).size, 10);
  }
  const large = steps.filter((step) => step.startsWith("a"));
  assertEquals(new Set(large).size, large.length);
});

Deno.test("a round has a batch of every task", () => {
  const rounds = new TaskRounds(tasks);
  assertEquals(rounds.batchesPerEpoch, 900);
  assertEquals(rounds.counts(3), { a: 3, b: 3, c: 3 });
  const [first] = rounds.epoch(0);
  assertEquals(first!.map(({ task }) => task), ["a", "b", "c"]);
});

Deno.test("counts are those of what was handed out", () => {
  const mixture = new TaskMixture(tasks, { batchesPerEpoch: 100, seed: 2 });
  const steps = [0, 1, 2].flatMap((epoch) => seen(mixture.epoch(epoch)));
  for (const some of [0, 1, 99, 100, 101, 234]) {
    const expected = { a: 0, b: 0, c: 0 };
    for (const step of steps.slice(0, some)) expected[step[0] as "a"]++;
    assertEquals(mixture.counts(some), expected);
  }
});

Deno.test("mistakes say what to do", () => {
  const never = assertThrows(
    () => new TaskMixture(tasks, { batchesPerEpoch: 50 }),
    RangeError,
    '"c" is never sampled',
  );
  assert(never.message.includes("found 0.500") && never.message.includes("batchesPerEpoch"));
  const none = { sampling: () => [1, 1, 0] };
  assertThrows(() => new TaskMixture(tasks, none), RangeError, '"c" is never sampled');
  assertThrows(() => new TaskMixture([]), RangeError, "no task");
  assertThrows(() => new TaskRounds([tasks[0]!, tasks[0]!]), RangeError, "a, a");
  assertThrows(() => new TaskRounds(tasks, { batchesPerEpoch: 0 }), RangeError, "above 0");
  assertThrows(() => temperatureSampling({ temperature: 0 }), RangeError, "temperature");
  assertThrows(() => proportionalSampling({ limit: -1 }), RangeError, "limit");
  assertThrows(() => annealedSampling({ epochs: 0 }), RangeError, "epochs");
  const data = { train: texts(0, 1), validation: texts(4, 1), batchSize: 2 };
  const collate = (some: Text[]) => batchOf("high", some);
  assertThrows(
    () => new TaskData("high", { ...data, collate }),
    RangeError,
    'train part of the task "high" but found none',
  );
});
