import {
  attentionChart,
  confusionChart,
  embeddingChart,
  histogramChart,
  lossChart,
  methodChart,
  parallelChart,
  project,
  scheduleChart,
  scoreChart,
  splitChart,
  tokenChart,
} from "@tunebook/plots";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { trainingFigures } from "./training_figures.ts";

const stored = new URL("training_figures.json", import.meta.url);

/** A figure as it is stored: the last digits of sines and logarithms are the machine's own. */
function print(figure: unknown): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(9)) : value;
  return JSON.stringify(figure, round, 2);
}

// After a change that is meant: TUNEBOOK_WRITE=1 deno test -A tests/plots
if (Deno.env.get("TUNEBOOK_WRITE") === "1") {
  await Deno.writeTextFile(stored, `${print(trainingFigures)}\n`);
}
const snapshots = JSON.parse(await Deno.readTextFile(stored));

for (const [name, figure] of Object.entries(trainingFigures)) {
  Deno.test(`the figure "${name}" is as stored`, () => {
    assertEquals(JSON.parse(print(figure)), snapshots[name]);
  });
}

Deno.test("a long run is drawn by means, to its last step", () => {
  const steps = Array.from({ length: 1800 }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) }));
  const [training] = lossChart({ steps, evaluations: [] }).data;
  const x = training!.x as number[], y = training!.y as number[];
  assert(x.length <= 400 && x.at(-1) === 1800);
  assert(y.every(Number.isFinite));
});

Deno.test("histograms count every number once", () => {
  const { data } = histogramChart({ a: [1, 2, 2, 3], b: Float32Array.of(3, NaN) }, { bins: 4 });
  // Each bin has two points of the outline.
  assertEquals(data[0]!.customdata, [0, 1, 1, 0, 0, 2, 2, 1, 1, 0]);
  assertEquals(data[1]!.customdata, [0, 0, 0, 0, 0, 0, 0, 1, 1, 0]);
  assert(String(data[1]!.hovertemplate).includes("1 not finite"));
  assertEquals(histogramChart({ same: [2, 2] }, { bins: 1 }).data[0]!.x, [1.5, 1.5, 2.5, 2.5]);
});

Deno.test("tokens are set in lines as wide as asked, and break where the text does", () => {
  const { data: [bar] } = tokenChart(["a\n", "b", "c".repeat(50), "d"], [1, 2, 3, 4], {
    width: 20,
  });
  assertEquals(bar!.y, [0, 1, 2, 3]);
});

Deno.test("PCA finds the directions of the largest variance", async () => {
  // A cross: twice as long along (1, 1, 0) as along (1, -1, 0).
  const vectors = [[2, 2, 5], [-2, -2, 5], [1, -1, 5], [-1, 1, 5]];
  const { points, variance } = await project(vectors);
  assertAlmostEquals(variance![0], 0.8, 1e-9);
  assertAlmostEquals(variance![1], 0.2, 1e-9);
  const expected = [[Math.hypot(2, 2), 0], [-Math.hypot(2, 2), 0], [0, 1.414214], [0, -1.414214]];
  for (const [i, point] of points.entries()) {
    assertAlmostEquals(Math.abs(point[0]), Math.abs(expected[i]![0]!), 1e-6);
    assertAlmostEquals(Math.abs(point[1]), Math.abs(expected[i]![1]!), 1e-6);
  }
  const turned = await project(vectors.map((vector) => vector.map((x) => -x)));
  assertAlmostEquals(Math.max(...turned.points.map(([x]) => x)), Math.hypot(2, 2), 1e-6);
});

Deno.test("UMAP keeps clusters together, the same for the same seed", async () => {
  const vectors = Array.from(
    { length: 40 },
    (_, i) => Float32Array.of(i % 2 * 50 + Math.sin(i), Math.cos(i * 3), Math.sin(i * 7)),
  );
  const options = { method: "umap", neighbors: 8, seed: 4 } as const;
  const { points, variance } = await project(vectors, options);
  assertEquals(variance, undefined);
  assertEquals((await project(vectors, options)).points, points);
  const far = (i: number, j: number) =>
    Math.hypot(points[i]![0] - points[j]![0], points[i]![1] - points[j]![1]);
  let nearestIsAlike = 0;
  for (const i of points.keys()) {
    const [nearest] = [...points.keys()].filter((j) => j !== i)
      .sort((a, b) => far(i, a) - far(i, b));
    if (nearest! % 2 === i % 2) nearestIsAlike++;
  }
  assertEquals(nearestIsAlike, 40);
});

Deno.test("figures of what doesn't fit together are refused", async () => {
  const wrong: [() => unknown, string][] = [
    [() => scoreChart({ steps: [], evaluations: [] }, "f1"), '"f1" but found no evaluation'],
    [() => scheduleChart({}, { totalSteps: 0 }), "totalSteps"],
    [() => splitChart({ train: [] }), "none"],
    [() => splitChart({ train: [0, 1] }, { labels: [1] }), "2 labels"],
    [() => confusionChart({ labels: ["a", "b"], counts: [[1, 2]] }), "2 rows of 2"],
    [() => histogramChart({ a: [NaN] }), "finite"],
    [() => histogramChart({ a: [1] }, { bins: 0 }), "bins"],
    [() => attentionChart([[1]], ["a", "b"]), "2 rows of 2 weights"],
    [() => embeddingChart({ points: [[0, 0]] }, { labels: [] }), "1 labels"],
    [() => methodChart([]), "at least one"],
    [() => tokenChart(["a"], []), "1 and 0"],
    [() => parallelChart([]), "no row"],
    [() => parallelChart([{ a: 1 }]), '"score" but found the columns a'],
  ];
  for (const [make, message] of wrong) assertThrows(make, RangeError, message);
  await assertRejects(() => project([[1, 2], [3, 4]]), RangeError, "at least 3");
  await assertRejects(() => project([[1, 2], [3, 4], [5]]), RangeError, "2, 1");
});

Deno.test("a run without evaluations has one line", () => {
  assertEquals(lossChart({ steps: [{ step: 1, loss: 1 }], evaluations: [] }).data.length, 1);
});
