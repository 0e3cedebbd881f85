import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Failure } from "../../../kernel/relay/failure.ts";
import {
  excerpt,
  originOf,
  renderFailure,
  translatePositions,
} from "../../../kernel/relay/traceback.ts";

const source = {
  count: 7,
  code: "one\ntwo\nthree",
  placeOf: ({ line, column }: { line: number; column: number }) => ({ line, column }),
};
const sources = (script: string) => script === "cell_3.ts" ? source : undefined;
const failure = (change: Partial<Failure>): Failure => ({
  name: "TypeError",
  message: "bad",
  stack: "",
  errors: [],
  ...change,
});

function rendered(change: Partial<Failure>): string {
  const { traceback } = renderFailure(failure(change), sources);
  // deno-lint-ignore no-control-regex
  return (traceback as string[]).join("\n").replace(/\x1b\[\d+m/g, "");
}

Deno.test("frames are shown, in cells with the line and a caret, internals folded", () => {
  const stack = [
    "TypeError: bad",
    "    at f (cell_3.ts:2:2)",
    "    at library (file:///home/me/library.ts:10:5)",
    "    at async Promise.all (index 0)",
    "    at op (ext:core/01.js:1:1)",
    "    at <cell> (cell_3.ts:3:1)",
  ].join("\n");
  assertEquals(
    rendered({ stack }),
    [
      "TypeError: bad",
      "    at f (Cell [7]:2:2)",
      "      1 | one",
      "      2 | two",
      "        |  ^",
      "      3 | three",
      "    at library (file:///home/me/library.ts:10:5)",
      "    at Cell [7]:3:1",
      "    (2 internal frames not shown)",
    ].join("\n"),
  );
});

Deno.test("causes and parts follow, a message of many lines isn't taken for frames", () => {
  const text = rendered({
    message: "first\n   at nothing",
    stack: "TypeError: first\n   at nothing\n",
    cause: failure({ name: "RangeError", message: "why" }),
    errors: [failure({ message: "part" })],
  });
  assertEquals(
    text,
    "TypeError: first\n   at nothing\nCaused by: RangeError: why\nOne of its errors: TypeError: bad"
      .replace("bad", "part"),
  );
});

Deno.test("a syntax error without frames points at the place V8 tells", () => {
  const at = { script: "cell_3.ts", line: 2, column: 1 };
  assertStringIncludes(rendered({ name: "SyntaxError", at }), "2 | two\n        | ^");
  assertEquals(rendered({ at }), "TypeError: bad", "other errors have frames or no place");
});

Deno.test("printed positions are translated where the cell is known", () => {
  assertEquals(translatePositions("x (cell_3.ts:1:2) y", sources), "x (Cell [7]:1:2) y");
  assertEquals(translatePositions("cell_9.ts:1:2", sources), "cell_9.ts:1:2");
  assertEquals(translatePositions("nothing", sources), "nothing");
});

Deno.test("an error's origin is the outermost cell", () => {
  const stack = "E: x\n    at f (cell_1.ts:1:1)\n    at <cell> (cell_2.ts:1:1)\n    at ext:a:1:1";
  assertEquals(originOf(failure({ stack })), "cell_2.ts");
  assertEquals(originOf(failure({})), undefined);
});

Deno.test("an excerpt lines its numbers up", () => {
  const code = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join("\n");
  // deno-lint-ignore no-control-regex
  const text = excerpt(code, { line: 9, column: 3 }).join("\n").replace(/\x1b\[\d+m/g, "");
  assertEquals(
    text,
    "       8 | line 8\n       9 | line 9\n         |   ^\n      10 | line 10",
  );
});
