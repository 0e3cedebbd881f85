import { assertEquals, assertThrows } from "@std/assert";
import { readArguments } from "../../../kernel/lab/args.ts";
import { LabError } from "../../../kernel/lab/errors.ts";

Deno.test("readArguments() of nothing asks for the first lesson on any port", () => {
  assertEquals(readArguments([]), {
    lesson: undefined,
    rebuild: false,
    help: false,
    port: undefined,
    ip: undefined,
    allowRoot: false,
    rest: [],
  });
});

Deno.test("readArguments() reads a flag's value after = and after a space", () => {
  for (const args of [["--port=8890"], ["--port", "8890"], ["--ServerApp.port=8890"]]) {
    assertEquals(readArguments(args).port, 8890, args.join(" "));
  }
  for (const args of [["--ip=0.0.0.0"], ["--ip", "0.0.0.0"], ["--ServerApp.ip=0.0.0.0"]]) {
    assertEquals(readArguments(args).ip, "0.0.0.0", args.join(" "));
  }
});

Deno.test("readArguments() passes on what it doesn't know, in order", () => {
  const args = readArguments(["03", "--no-browser", "--allow-root", "--rebuild", "--debug", "x"]);
  assertEquals(args.lesson, "03");
  assertEquals(args.allowRoot, true);
  assertEquals(args.rebuild, true);
  assertEquals(args.rest, ["--no-browser", "--debug", "x"]);
});

Deno.test("readArguments() takes only a port that can be one", () => {
  for (const port of ["x", "", "-1", "65536", "80.5"]) {
    assertThrows(() => readArguments([`--port=${port}`]), LabError, `but found "${port}"`);
  }
  assertThrows(() => readArguments(["--port"]), LabError, "from 0 to 65535");
  assertEquals(readArguments(["--port=0"]).port, 0);
});
