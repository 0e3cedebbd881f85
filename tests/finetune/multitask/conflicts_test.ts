import { applyPeft, conflictFigure, freeze, gradientConflicts, lora } from "@tunebook/finetune";
import { MultiTaskModel, type TaskBatch } from "@tunebook/finetune";
import { noGrad, scope } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { batchOf, BODIES, KINDS, texts, toyModel, type ToyName } from "./toy.ts";

const NAMES = Object.keys(KINDS) as ToyName[];
const batches = (): TaskBatch[] =>
  NAMES.map((task) => ({ task, ...batchOf(task, texts(8, 3).toArray()) }));

Deno.test("cosines are those of the gradients, place by place", () => {
  scope(() => {
    const model = toyModel();
    const rows = gradientConflicts(model, batches());
    assertEquals([...new Set(rows.map(({ block }) => block))], [
      "embeddings",
      "h.0",
      "h.1",
      "final",
      "all",
    ]);
    assertEquals(rows.length, 5 * 3);
    assert(model.parameters().every(({ grad }) => grad === null));
    assert(model.training);

    // A step down one task's gradient changes another's loss by the inner product of the two.
    const gradient = (task: number) => {
      model.zeroGrad();
      model.loss(batches()[task]!).backward();
      return model.sharedParameters().map(({ grad }) => Array.from(grad!.data));
    };
    const [a, b] = [gradient(0), gradient(1)];
    const product = (x: typeof a, y: typeof a) =>
      x.reduce((sum, part, p) => sum + part.reduce((s, v, i) => s + v * y[p]![i]!, 0), 0);
    const { cosine } = rows.find(({ block, taskB }) => block === "all" && taskB === "odd")!;
    assertAlmostEquals(cosine, product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 1e-5);
    const lossOfB = () => noGrad(() => model.loss(batches()[1]!).item());
    const move = (factor: number) => {
      for (const [p, { data }] of model.sharedParameters().entries()) {
        for (let i = 0; i < data.length; i++) data[i]! += factor * a[p]![i]!;
      }
    };
    const step = 0.002;
    move(step);
    const up = lossOfB();
    move(-2 * step);
    const down = lossOfB();
    assertAlmostEquals((up - down) / (2 * step), product(a, b), 0.02 * Math.abs(product(a, b)));
  });
});

Deno.test("a task agrees with itself, whatever its loss's scale", () => {
  const model = toyModel({ high: KINDS.high, loud: { ...KINDS.high, lossScale: 50 } });
  model.head("loud").loadStateDict(model.head("high").stateDict());
  const batch = batchOf("high", texts(8, 3).toArray());
  for (
    const { cosine } of gradientConflicts(model, [
      { task: "high", ...batch },
      { task: "loud", ...batch },
    ])
  ) assertAlmostEquals(cosine, 1, 1e-5);
});

Deno.test("frozen places are left out; of adapters only what trains counts", () => {
  const model = toyModel();
  freeze(model, "embeddings", { firstBlocks: 1 });
  const blocks = (rows: ReturnType<typeof gradientConflicts>) => [
    ...new Set(rows.map(({ block }) => block)),
  ];
  assertEquals(blocks(gradientConflicts(model, batches())), ["h.1", "final", "all"]);
  const peft = new MultiTaskModel(applyPeft(BODIES.Gpt!(), lora({ rank: 2 })), KINDS);
  assertEquals(blocks(gradientConflicts(peft, batches())), ["h.0", "h.1", "all"]);
});

Deno.test("the figure has a row for each place, the output at the top", () => {
  const rows = [
    { block: "h.0", taskA: "a", taskB: "b", cosine: -0.25 },
    { block: "h.0", taskA: "a", taskB: "c", cosine: 0.5 },
    { block: "h.1", taskA: "a", taskB: "b", cosine: 1 },
  ];
  const { data: [map] } = conflictFigure(rows);
  assertEquals(map?.x, ["a and b", "a and c"]);
  assertEquals(map?.y, ["h.0", "h.1"]);
  assertEquals(map?.z, [[-0.25, 0.5], [1, null]]);
  assertEquals(map?.text, [["-0.25", "0.50"], ["1.00", ""]]);
  assertThrows(() => conflictFigure([]), RangeError, "none");
});

Deno.test("one task alone has nothing to conflict with", () => {
  const model = toyModel();
  assertThrows(() => gradientConflicts(model, batches().slice(0, 1)), RangeError, "two tasks");
});
