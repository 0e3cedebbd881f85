import { assertEquals } from "@std/assert";
import { isComplete } from "../../../../kernel/relay/rewrite/complete.ts";

Deno.test("isComplete asks for more only where more can help", async () => {
  const complete = [
    "",
    "1 + 1",
    "if (a) {}",
    "`a`",
    "// note",
    "const f = () => {\n  1\n}",
    "{ a: 1 }",
    "enum E { A }",
  ];
  const invalid = ["let x = ;", "a b", "'abc", "}", "foo)", "class 5 {}"];
  const incomplete: [code: string, indent: string][] = [
    ["for (;;) {", "  "],
    ["foo(", "  "],
    ["function f() {\n  if (x) {", "    "],
    ["`abc", ""],
    ["/* a", ""],
    ["x +", ""],
    ["if (a)", ""],
    ["x.", ""],
    ["const f = () =>", ""],
    ["import {", "  "],
  ];
  for (const code of complete) assertEquals(await isComplete(code), { status: "complete" }, code);
  for (const code of invalid) assertEquals(await isComplete(code), { status: "invalid" }, code);
  for (const [code, indent] of incomplete) {
    assertEquals(await isComplete(code), { status: "incomplete", indent }, code);
  }
});
