import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createMessage, type JsonObject } from "../../../kernel/wire/mod.ts";
import { CellOutputs, HOLD_MS, MAX_CHARACTERS, MAX_LINES } from "../../../kernel/relay/outputs.ts";
import { until } from "./client.ts";

function setUp(translate?: (text: string) => string) {
  const sent: [type: string, content: JsonObject][] = [];
  const request = createMessage("execute_request", {}, { session: "s", version: "5.4" });
  const publisher = {
    publish: (type: string, content: JsonObject, parent: unknown) => {
      assertEquals(parent, request);
      sent.push([type, content]);
    },
  };
  return { sent, outputs: new CellOutputs(publisher, request, translate) };
}

Deno.test("printed text is joined, in order, and sent before anything else", () => {
  const { sent, outputs } = setUp();
  outputs.stream("stdout", "a");
  outputs.stream("stdout", "b");
  outputs.stream("stderr", "c");
  outputs.stream("stdout", "d");
  outputs.output("display_data", { n: 1 });
  outputs.finish();
  assertEquals(sent, [
    ["stream", { name: "stdout", text: "ab" }],
    ["stream", { name: "stderr", text: "c" }],
    ["stream", { name: "stdout", text: "d" }],
    ["display_data", { n: 1 }],
  ]);
});

Deno.test("nothing is held back for long", async () => {
  const { sent, outputs } = setUp();
  const start = performance.now();
  outputs.stream("stdout", "a");
  assertEquals(sent, []);
  await until(() => sent.length > 0);
  assert(performance.now() - start < HOLD_MS + 500);
});

Deno.test("of updates to one display in a row, the last is sent", () => {
  const { sent, outputs } = setUp();
  const update = (id: string, n: number) =>
    outputs.output("update_display_data", { n, transient: { display_id: id } });
  update("a", 1);
  update("a", 2);
  update("b", 3);
  outputs.stream("stdout", "x");
  update("b", 4);
  outputs.finish();
  assertEquals(sent.map(([type, { n }]) => [type, n]), [
    ["update_display_data", 2],
    ["update_display_data", 3],
    ["stream", undefined],
    ["update_display_data", 4],
  ]);
});

Deno.test("a flood is cut, by lines and by characters, with a note", () => {
  for (
    const [line, count] of [["line\n", MAX_LINES * 2], ["x".repeat(1000) + "\n", 5_000]] as const
  ) {
    const { sent, outputs } = setUp();
    for (let i = 0; i < count; i++) outputs.stream("stdout", line);
    outputs.finish();
    const shown = sent.slice(0, -1).map(([, content]) => content.text).join("");
    assert(shown.length <= MAX_CHARACTERS);
    const lines = shown.split("\n").length - 1;
    assert(lines <= MAX_LINES);
    const [type, note] = sent.at(-1)!;
    assertEquals([type, note.name], ["stream", "stderr"]);
    assertStringIncludes(String(note.text), "more lines are not shown");
  }
  const { sent, outputs } = setUp();
  outputs.stream("stdout", "y".repeat(MAX_CHARACTERS + 1)); // One endless line.
  outputs.finish();
  assertStringIncludes(String(sent.at(-1)![1].text), "not shown");
});

Deno.test("text is translated, in streams and in values", () => {
  const { sent, outputs } = setUp((text) => text.replaceAll("cell_1.ts", "Cell [1]"));
  outputs.stream("stdout", "at cell_1.ts");
  outputs.result(3, { "text/plain": "in cell_1.ts", "text/html": "<b>" });
  assertEquals(sent.map(([, content]) => content), [
    { name: "stdout", text: "at Cell [1]" },
    {
      execution_count: 3,
      data: { "text/plain": "in Cell [1]", "text/html": "<b>" },
      metadata: {},
    },
  ]);
});
