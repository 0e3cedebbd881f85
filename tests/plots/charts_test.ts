import {
  barChart,
  type Figure,
  intervalChart,
  lineChart,
  scatterChart,
  splitChart,
  withMenu,
  withSlider,
} from "@tunebook/plots";
import { assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";

const stored = new URL("charts.json", import.meta.url);

/** One figure of each kind, with every option in use somewhere. */
const figures: Record<string, Figure> = {
  line: lineChart({ x: Float32Array.of(1, 2, 4), y: [3, 2.5, 2] }),
  lines: lineChart(
    [
      { x: [1, 10, 100], y: [1, 5, 20], name: "found" },
      { x: [1, 10, 100], y: [1, 10, 100], name: "counted", hover: ["one", "ten", "hundred"] },
    ],
    { title: "Words found", xTitle: "words read", yTitle: "words found", xLog: true, yLog: true },
  ),
  scatter: scatterChart(
    { x: [1790, 1791], y: [1089, 2303], hover: ["Washington", "Washington"] },
    { title: "Length", yTitle: "words" },
  ),
  bars: barChart({ x: ["the", "of"], y: [150, 98] }, { xTitle: "times", yTitle: "word" }),
  intervals: intervalChart(
    [
      {
        x: [50, 200],
        y: [{ value: 0.7, low: 0.6, high: 0.8 }, { value: 0.8, low: 0.75, high: 0.9 }],
        name: "pretrained",
      },
      { x: [50], y: [{ value: 0.5, low: -Infinity, high: Infinity }], name: "once" },
    ],
    { title: "Accuracy", xTitle: "labels", xLog: true, yTitle: "accuracy" },
  ),
  apart: intervalChart(
    ["alone", "together"].map((name) => ({
      x: ["LoRA", "full"],
      y: [{ value: 0.7, low: 0.6, high: 0.8 }, { value: 0.8, low: 0.75, high: 0.9 }],
      name,
    })),
    { yTitle: "accuracy", joined: false },
  ),
  menu: withMenu([
    { label: "war", figure: lineChart({ x: [1, 2], y: [3, 4] }, { title: "war, by year" }) },
    { label: "peace", figure: lineChart({ x: [1, 2], y: [4, 3] }, { title: "peace, by year" }) },
  ]),
  slider: withSlider([
    { label: "1790s", figure: barChart([{ x: ["navy"], y: [4] }, { x: ["navy"], y: [5] }]) },
    { label: "1800s", figure: barChart({ x: ["treaty"], y: [3] }) },
  ]),
};

// After a change that is meant: TUNEBOOK_WRITE=1 deno test -A tests/plots
if (Deno.env.get("TUNEBOOK_WRITE") === "1") {
  await Deno.writeTextFile(stored, `${JSON.stringify(figures, null, 2)}\n`);
}
const snapshots: Record<string, Figure> = JSON.parse(await Deno.readTextFile(stored));

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`the ${name} figure is as stored`, () => assertEquals(figure, snapshots[name]!));
}

Deno.test("figures are plain JSON", () => {
  for (const figure of Object.values(figures)) {
    assertEquals(JSON.parse(JSON.stringify(figure)), figure);
  }
});

Deno.test("a chart keeps no tie to the arrays it was made of", () => {
  const y = [1, 2];
  assertNotStrictEquals(lineChart({ x: [1, 2], y }).data[0]!.y, y);
});

Deno.test("series of unequal lengths are refused by name", () => {
  const wrong = [
    () => lineChart({ x: [1, 2], y: [1], name: "loss" }),
    () => scatterChart({ x: [1], y: [1], hover: [], name: "loss" }),
    () => barChart([{ x: ["a"], y: [1] }, { x: ["a"], y: [], name: "loss" }]),
  ];
  for (const make of wrong) assertThrows(make, RangeError, '"loss"');
});

Deno.test("a choice of nothing is refused", () => {
  for (const choose of [withMenu, withSlider]) assertThrows(() => choose([]), RangeError, "none");
});

Deno.test("each step of a control shows the traces of one figure", () => {
  const [slider] = figures.slider!.layout!.sliders as {
    steps: { args: [{ visible: boolean[] }] }[];
  }[];
  assertEquals(slider!.steps.map(({ args }) => args[0].visible), [
    [true, true, false],
    [false, false, true],
  ]);
});

Deno.test("a control changes the titles of axes that differ, and of no others", () => {
  const one = (yTitle: string) => lineChart({ x: [1], y: [1] }, { xTitle: "step", yTitle });
  const { layout } = withMenu(["loss", "accuracy"].map((name) => {
    return { label: name, figure: one(name) };
  }));
  const [menu] = layout!.updatemenus as { buttons: { args: [unknown, unknown] }[] }[];
  assertEquals(menu!.buttons.map(({ args }) => args[1]), [
    { "title.text": "", "yaxis.title.text": "loss" },
    { "title.text": "", "yaxis.title.text": "accuracy" },
  ]);
});

Deno.test("the ends of an axis are those asked for, in powers of ten on a logarithmic one", () => {
  const { xaxis, yaxis } = lineChart({ x: [1], y: [1] }, {
    xRange: [1, 100],
    xLog: true,
    yRange: [0, 2],
  }).layout as Record<string, { range: number[] }>;
  assertEquals([xaxis!.range, yaxis!.range], [[0, 2], [0, 2]]);
});

Deno.test("a logarithmic axis names few places where they are, and many by powers of ten", () => {
  const ticks = (x: number[]) =>
    (lineChart({ x, y: x }, { xLog: true }).layout!.xaxis as { tickvals?: number[] }).tickvals;
  assertEquals(ticks([50, 200, 2000]), [50, 200, 2000]);
  assertEquals(ticks([10, 11, 200]), undefined);
  assertEquals(ticks([50, 200, 206, 2000]), [50, 200, 2000]); // two series, a little apart
  assertEquals(ticks(Array.from({ length: 20 }, (_, i) => 2 ** i)), undefined);
});

Deno.test("a control changes what is written beside the marks", () => {
  const { layout } = withSlider([[2, 1], [1, 2]].map(([train]) => ({
    label: `${train}`,
    figure: splitChart({ train: train === 2 ? [0, 1] : [0], test: train === 2 ? [2] : [1, 2] }),
  })));
  const [slider] = layout!.sliders as {
    steps: { args: [unknown, { annotations: { text: string }[] }] }[];
  }[];
  assertEquals(slider!.steps.map(({ args }) => args[1].annotations[0]!.text), ["2 + 1", "1 + 2"]);
});
