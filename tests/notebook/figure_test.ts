import {
  assertEquals,
  assertNotStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { describeFigure, type Figure, plot, toPlotlyJson } from "@tunebook/notebook";
import { HOUSE_STYLE } from "@tunebook/plots";
import { plotHtml } from "../../lib/notebook/plot_html.ts";
import { scriptJson } from "../../lib/notebook/html.ts";
import { printed } from "./printed.ts";

Deno.test("a figure is plain JSON: typed arrays, gaps, short fractions", () => {
  const data = [{
    x: new Float32Array([0.1, 1]),
    y: [NaN, Infinity, 1 / 3, 1_700_000_000_123, 3n],
    z: undefined,
  }];
  const json = toPlotlyJson({ data: data as Figure["data"] });
  assertEquals(json.data, [{ x: [0.1, 1], y: [null, null, 0.3333333, 1_700_000_000_123, 3] }]);
  assertEquals(json, JSON.parse(JSON.stringify(json)));
});

Deno.test("the house style is for figures that have none", () => {
  assertEquals(toPlotlyJson({ data: [] }).layout.template, HOUSE_STYLE);
  const own = { layout: { font: { size: 20 } } };
  assertEquals(toPlotlyJson({ data: [], layout: { template: own } }).layout.template, own);
});

Deno.test("a title may be a text, as plotly.js once took it", () => {
  const layout = toPlotlyJson({ data: [], layout: { title: "Loss" } }).layout;
  assertEquals(layout.title, { text: "Loss" });
});

Deno.test("the given figure stays as it is", () => {
  const figure = { data: [{ y: [1] }], layout: { title: "T" } };
  const json = toPlotlyJson(figure);
  assertNotStrictEquals(json.data[0]!.y, figure.data[0]!.y);
  assertEquals(figure, { data: [{ y: [1] }], layout: { title: "T" } });
});

Deno.test("what isn't a figure is refused with what was found", () => {
  const error = assertThrows(() => plot({ layout: {} } as unknown as Figure), TypeError);
  assertStringIncludes(error.message, "{ layout: {} }");
});

Deno.test("a figure in a line of text", () => {
  assertEquals(
    describeFigure({
      data: [{ name: "loss", y: [1, 2, 3] }, { name: "heat", z: [[1, 2], [3, 4]] }],
      layout: { title: "Loss<br>by step" },
    }),
    "Plot: Loss by step — 2 traces (loss, heat), 7 points",
  );
  assertEquals(describeFigure({ data: [{}] }), "Plot: untitled — 1 trace, 0 points");
});

Deno.test("in a terminal a plot is that line, and an update prints another", async () => {
  const figure = (title: string) => ({ data: [{ y: [1] }], layout: { title } });
  const lines = await printed(() => plot(figure("A")).update(figure("B")));
  assertEquals(lines, ["Plot: A — 1 trace, 1 point", "Plot: B — 1 trace, 1 point"]);
});

Deno.test("no text in a figure can end the script that carries it", () => {
  const text = "</script><script>alert(1)</script><!--";
  const html = plotHtml(toPlotlyJson({ data: [], layout: { title: text } }));
  assertEquals(html.match(/<\/script/g)?.length, 1);
  assertEquals(JSON.parse(scriptJson(text)), text);
});
