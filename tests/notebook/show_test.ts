import { assertEquals, assertStringIncludes } from "@std/assert";
import { show } from "@tunebook/notebook";
import { displayWidth, formatCell, formatError } from "../../lib/notebook/format.ts";
import { tableToHtml, tableToText, toTable } from "../../lib/notebook/table.ts";
import { printed } from "./printed.ts";

function text(value: unknown, options = {}): string {
  return tableToText(toTable(value, options)!);
}

Deno.test("records become a table with a column for each key, first seen first", () => {
  assertEquals(
    text([{ word: "the", count: 30 }, { word: "union", count: 4, rank: 9 }]),
    [
      "word   count  rank",
      "─────  ─────  ────",
      "the       30",
      "union      4     9",
    ].join("\n"),
  );
});

Deno.test("chosen columns come in the chosen order", () => {
  assertEquals(text([{ a: 1, b: 2 }], { columns: ["b", "a"] }), "b  a\n─  ─\n2  1");
});

Deno.test("arrays of arrays, Maps, Sets, records, typed arrays and values become tables", () => {
  assertEquals(text([[1, 2], [3]]), "0  1\n─  ─\n1  2\n3");
  assertEquals(text([[1, 2]], { columns: ["x", "y"] }), "x  y\n─  ─\n1  2");
  assertEquals(text(new Map([["a", 1]])), "key  value\n───  ─────\na        1");
  assertEquals(text(new Map([["a", { n: 1 }]])), "key  n\n───  ─\na    1");
  assertEquals(text({ a: [7, 8] }), "key  0  1\n───  ─  ─\na    7  8");
  assertEquals(text(new Set(["x"])), "#  value\n─  ─────\n0  x");
  assertEquals(text(new Float32Array([0.1])), "#  value\n─  ─────\n0    0.1");
  assertEquals(text([]), "#  value\n─  ─────");
});

Deno.test("what is neither list nor record is no table", () => {
  for (const value of [1, "text", null, undefined, new Date(), new Error("e"), () => 1]) {
    assertEquals(toTable(value), undefined);
  }
});

Deno.test("rows over the limit are counted", () => {
  const rows = Array.from({ length: 50 }, (_, n) => ({ n }));
  assertStringIncludes(text(rows), "… 30 more");
  assertStringIncludes(text(rows, { limit: 49 }), "… 1 more");
  assertEquals(text(rows, { limit: 50 }).includes("more"), false);
  assertStringIncludes(tableToHtml(toTable(rows)!), "<div>… 30 more</div>");
});

Deno.test("columns stay aligned under Chinese text", () => {
  assertEquals(displayWidth("微调 a"), 6);
  assertEquals(text([{ t: "微调", n: 1 }, { t: "x", n: 22 }]).split("\n").slice(2), [
    "微调   1",
    "x     22",
  ]);
});

Deno.test("HTML shows text as text, and sets numbers flush right", () => {
  const html = tableToHtml(toTable([{ "<b>": "<script>", n: 1 }])!);
  assertStringIncludes(html, "&lt;b&gt;");
  assertStringIncludes(html, "&lt;script&gt;");
  assertStringIncludes(html, '<td style="text-align:right">1</td>');
});

Deno.test("numbers show what is usually hidden", () => {
  assertEquals([NaN, Infinity, -Infinity, -0, 0, 5n, 1 / 3, 123456789].map((n) => formatCell(n)), [
    "NaN",
    "Infinity",
    "-Infinity",
    "-0",
    "0",
    "5n",
    "0.333333",
    "123456789",
  ]);
});

Deno.test("show prints values in a terminal", async () => {
  assertEquals(await printed(() => show(NaN)), ["NaN"]);
  assertEquals(await printed(() => show(0.1 + 0.2)), ["0.30000000000000004"]);
  assertEquals(await printed(() => show(-0)), ["-0"]);
  assertEquals(await printed(() => show(2n ** 70n)), ["1180591620717411303424n"]);
  assertEquals(await printed(() => show(undefined)), ["undefined"]);
  assertEquals(await printed(() => show(null)), ["null"]);
  assertEquals(await printed(() => show("a\nb")), ["a\nb"]);
  assertEquals(await printed(() => show([[1]], { title: "One" })), ["One\n0\n─\n1"]);
});

Deno.test("an error is shown with its causes", () => {
  const error = new Error("outer", { cause: new TypeError("inner", { cause: "root" }) });
  const shown = formatError(error);
  for (const part of ["Error: outer", "Caused by TypeError: inner", "Caused by root"]) {
    assertStringIncludes(shown, part);
  }
});

Deno.test("a value may decide for itself how it is shown, also later", async () => {
  const bundle = { "text/plain": "mine" };
  const now = { [Symbol.for("Jupyter.display")]: () => bundle };
  const later = { [Symbol.for("Jupyter.display")]: () => Promise.resolve(bundle) };
  assertEquals(await printed(() => show(now)), ["mine"]);
  assertEquals(await printed(() => show(later, { title: "T" })), ["T\nmine"]);
});
