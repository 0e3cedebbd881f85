import { assertEquals } from "@std/assert";
import { readDiagnostics } from "../../../kernel/notebooks/types/diagnostics.ts";

Deno.test("what deno check prints: several problems, further words, related places", () => {
  const output = `Check a.ts
TS2322 [ERROR]: Type 'number | undefined' is not assignable to type 'number'.
  Type 'undefined' is not assignable to type 'number'.
const n: number = list[0];
      ^
    at file:///tmp/a%20b/0.ts:4:7

TS2345 [ERROR]: Argument of type '5' is wrong.
  f(5);
    ^
    at file:///tmp/0.ts:12:3

    'f' is declared here.
    function f(a: string) {}
             ~
        at file:///tmp/f.ts:1:10

TS2304 [ERROR]: Cannot find name 'Q'.

Found 3 errors.

error: Type checking failed.
`;
  assertEquals(readDiagnostics(output), [
    {
      code: "TS2322",
      message: "Type 'number | undefined' is not assignable to type 'number'.\n" +
        "  Type 'undefined' is not assignable to type 'number'.",
      url: "file:///tmp/a%20b/0.ts",
      line: 4,
    },
    {
      code: "TS2345",
      message: "Argument of type '5' is wrong.",
      url: "file:///tmp/0.ts",
      line: 12,
    },
    { code: "TS2304", message: "Cannot find name 'Q'." },
  ]);
});

Deno.test("what deno check prints when it cannot start", () => {
  assertEquals(
    readDiagnostics(
      'error: Module not found "file:///tmp/gone.ts".\r\n    at file:///tmp/0.ts:2:8\r\n',
    ),
    [{
      code: "module",
      message: 'Module not found "file:///tmp/gone.ts".',
      url: "file:///tmp/0.ts",
      line: 2,
    }],
  );
  assertEquals(readDiagnostics("error: No network\n"), [{ code: "module", message: "No network" }]);
  assertEquals(readDiagnostics("Check a.ts\n"), []);
});
