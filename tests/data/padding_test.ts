import { padRows } from "@tunebook/data";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("padRows() fills short rows at their end, and its mask says where", () => {
  const { ids, mask } = padRows([[1], [2, 3, 4], []], 9);
  assertEquals(ids.toArray(), [[1, 9, 9], [2, 3, 4], [9, 9, 9]]);
  assertEquals(mask.toArray(), [[1, 0, 0], [1, 1, 1], [0, 0, 0]]);
  assertEquals([ids.dtype, mask.dtype], ["int32", "int32"]);
});

Deno.test("padRows() wants a row", () => {
  assertThrows(() => padRows([], 0), RangeError, "at least one row");
});
