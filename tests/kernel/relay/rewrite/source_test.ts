import { assertEquals } from "@std/assert";
import { EditedSource, offsetAt, placeAt } from "../../../../kernel/relay/rewrite/source.ts";

Deno.test("EditedSource applies edits in the order of the text", () => {
  const source = new EditedSource("abcdef");
  source.replace(4, 5, "E!");
  source.replace(1, 3, "");
  source.replace(1, 1, "<");
  assertEquals(source.toString(), "a<dE!f");
});

Deno.test("EditedSource leads every offset back", () => {
  const source = new EditedSource("one two");
  source.replace(0, 3, "three");
  source.replace(4, 4, "(");
  // "three (two"
  assertEquals([0, 2, 5, 6, 7, 9].map((at) => source.sourceOffset(at)), [0, 0, 3, 4, 4, 6]);
  assertEquals(new EditedSource("").sourceOffset(5), 0);
});

Deno.test("EditedSource follows the origins of generated text", () => {
  const source = new EditedSource("x = enum");
  source.replace(4, 8, "ab\ncd", [[[0, 4]], [[0, 5], [1, 7]]]);
  assertEquals([4, 5, 7, 8].map((at) => source.sourceOffset(at)), [4, 4, 5, 7]);
});

Deno.test("placeAt and offsetAt undo each other", () => {
  const text = "a\n\nbcd\n";
  for (let offset = 0; offset <= text.length; offset++) {
    assertEquals(offsetAt(text, placeAt(text, offset)), offset);
  }
  assertEquals(offsetAt("ab", { line: 9, column: 9 }), 2);
});
