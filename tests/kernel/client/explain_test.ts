import { assertEquals } from "@std/assert";
import { explainFailure, lineInCell } from "../../../kernel/client/explain.ts";

const CELL = `// a comment

import { type Thing, other } from "./somewhere.ts";
interface A {
  x: number;
}

function inner(): never {
  throw new Error("deep");
}
console.log(1);
inner();`;

Deno.test("a line of the kernel's JavaScript is found in the cell", async () => {
  // Frames of functions may be another cell's; the outermost is this one's.
  const traceback = ["Error: deep", "    at inner (<anonymous>:3:9)\n    at <anonymous>:7:1"];
  assertEquals(await lineInCell(CELL, traceback), 12);
});

Deno.test("a line that our kernel names is taken from the newest cell", async () => {
  const traceback = ["Error: x", "    at f (Cell [2]:9:3)", "    at Cell [11]:4:7"];
  assertEquals(await lineInCell(CELL, traceback), 4);
  assertEquals(await lineInCell(CELL, ["SyntaxError: x", "    at cell:2:9"]), 2);
});

Deno.test("a traceback without a place in the cell gives no line", async () => {
  assertEquals(await lineInCell(CELL, ["Error: x", "    at file:///x.ts:1:1"]), undefined);
  assertEquals(await lineInCell(CELL, []), undefined);
});

Deno.test("a failure without a reason is explained by the place of the syntax error", async () => {
  assertEquals(await explainFailure("1;\n)"), {
    output_type: "error",
    ename: "SyntaxError",
    evalue: "Expression expected",
    traceback: ["SyntaxError: Expression expected", "  |", "2 | )", "  | ~", "    at cell:2:1"],
  });
});

Deno.test("a failure without a reason is explained by the import that fails", async () => {
  // Port 9 (discard) of this machine: refused at once, and no network is needed.
  const code = 'const a = 1;\nimport b from "http://127.0.0.1:9/b.ts";';
  const { ename, evalue, traceback } = await explainFailure(code);
  assertEquals([ename, traceback.at(-1)], ["ImportError", "    at cell:2:1"]);
  assertEquals(evalue, "Import 'http://127.0.0.1:9/b.ts' failed.");
});

Deno.test("a failure that stays unexplained says so", async () => {
  assertEquals((await explainFailure("1")).evalue, "Execution failed");
});
