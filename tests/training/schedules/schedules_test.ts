import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  constantSchedule,
  cosineSchedule,
  cosineWithRestartsSchedule,
  inverseSquareRootSchedule,
  linearSchedule,
  oneCycleSchedule,
  polynomialSchedule,
  ReduceOnPlateau,
  type Schedule,
} from "@tunebook/training";
import reference from "../../reference/schedules.json" with { type: "json" };

const schedules: Record<string, [Schedule, number[]]> = {
  constant: [constantSchedule({ warmupSteps: 5 }), reference.constant],
  linear: [linearSchedule({ warmupSteps: 5, totalSteps: 30 }), reference.linear],
  cosine: [cosineSchedule({ warmupSteps: 5, totalSteps: 30 }), reference.cosine],
  "cosine with restarts": [
    cosineWithRestartsSchedule({ warmupSteps: 5, totalSteps: 35, cycles: 3 }),
    reference.cosineWithRestarts,
  ],
  polynomial: [
    polynomialSchedule({ warmupSteps: 5, totalSteps: 30, power: 2, floor: 0.1 }),
    reference.polynomial,
  ],
  "inverse square root": [
    inverseSquareRootSchedule({ warmupSteps: 5 }),
    reference.inverseSquareRoot,
  ],
  "one cycle": [oneCycleSchedule({ totalSteps: 40 }), reference.oneCycle],
};

for (const [name, [schedule, expected]] of Object.entries(schedules)) {
  Deno.test(`the ${name} schedule is that of transformers or PyTorch`, () => {
    // Past its end, transformers' cosine turns up again; ours stays down.
    const end = name === "cosine" ? 30 : expected.length;
    for (let step = 0; step < end; step++) {
      assertAlmostEquals(schedule(step), expected[step]!, 1e-9, `step ${step}`);
    }
  });
}

Deno.test("schedules stay at their end", () => {
  assertEquals(cosineSchedule({ totalSteps: 30, floor: 0.1 })(1000), 0.1);
  assertEquals(linearSchedule({ totalSteps: 30 })(1000), 0);
});

Deno.test("the rate falls on a plateau as PyTorch's does", () => {
  const cases = [
    [new ReduceOnPlateau({ factor: 0.5, patience: 2 }), reference.plateauMin],
    [
      new ReduceOnPlateau({ mode: "max", factor: 0.1, patience: 0, floor: 0.005 }),
      reference.plateauMax,
    ],
  ] as const;
  for (const [schedule, { scores, expected }] of cases) {
    scores.forEach((score, i) =>
      assertAlmostEquals(schedule.update(score), expected[i]!, 1e-12, `evaluation ${i}`)
    );
  }
});

Deno.test("a plateau schedule goes on from its state", () => {
  const first = new ReduceOnPlateau({ patience: 1 }), second = new ReduceOnPlateau({ patience: 1 });
  for (const loss of [1, 2]) first.update(loss);
  second.restore(JSON.parse(JSON.stringify(first.state())));
  assertEquals(second.update(2), first.update(2));
  assertEquals(second.factor, 0.1);
});

Deno.test("schedules that make no sense say why", () => {
  assertThrows(() => linearSchedule({ totalSteps: 0 }), RangeError, "totalSteps");
  assertThrows(() => linearSchedule({ totalSteps: 5, warmupSteps: 6 }), RangeError, "at most");
  assertThrows(() => constantSchedule({ warmupSteps: -1 }), RangeError, "warmupSteps");
  assertThrows(() => oneCycleSchedule({ totalSteps: 9, riseShare: 1 }), RangeError, "riseShare");
  assertThrows(() => new ReduceOnPlateau({ factor: 1 }), RangeError, "factor");
});
