import { assertEquals } from "@std/assert";
import { makeProgram } from "../../../kernel/notebooks/types/program.ts";

const folder = new URL("file:///course/lessons/01/");
const cells = (...sources: string[]) =>
  sources.map((source, i) => ({ number: i + 1, source, skipped: false }));

/** The program's lines with the cell and line they come from. */
function lines(...sources: string[]): string[] {
  const { text, origins } = makeProgram(cells(...sources), folder);
  return text.split("\n").map((line, i) => {
    const origin = origins[i];
    return `${origin ? `${origin.cell}:${origin.line}` : ""}|${line}`;
  });
}

Deno.test("cells that take no name twice share a block", () => {
  assertEquals(lines("const a = 1;\na", "const b = a"), [
    "|export {};",
    "|{;",
    "1:1|const a = 1;",
    "1:2|a",
    "|;",
    "2:1|const b = a",
    "|}",
  ]);
});

Deno.test("a cell that takes a name again opens a block for itself and the rest", () => {
  assertEquals(lines("const a = 1", "const { a, b: [c] } = f()", "function c() {}", "a").slice(1), [
    "|{;",
    "1:1|const a = 1",
    "|{;",
    "2:1|const { a, b: [c] } = f()",
    "|{;",
    "3:1|function c() {}",
    "|;",
    "4:1|a",
    "|}}}",
  ]);
});

Deno.test("a name used before its new declaration has run has the older meaning", () => {
  const program = lines("const a = 1", "a;\nconst a = { a, b: a + 1, c: x.a, d: () => a };\na;");
  assertEquals(program.slice(3), [
    "|;const a__above2 = a;",
    "|{;",
    "2:1|a__above2;",
    "2:2|const a = { a: a__above2, b: a__above2 + 1, c: x.a, d: () => a };",
    "2:3|a;",
    "|}}",
  ]);
});

Deno.test("a name of one kind is not taken by another kind, as in the kernels", () => {
  const kinds = {
    const: ["const N = 1", 'import { N } from "m"', "const { a: [N] } = x"],
    let: ["let N = 1", "class N {}"],
    var: ["function N() {}", "async function N() {}", "var N = 1"],
    enum: ["enum N {}"],
    none: ["type N = 1", "interface N {}", 'import type { N } from "m"'],
  };
  for (const [first, firsts] of Object.entries(kinds)) {
    for (const [second, seconds] of Object.entries(kinds)) {
      const fine = first === second || first === "none" || second === "none";
      for (const a of firsts) {
        for (const b of seconds) {
          const { refused } = makeProgram(cells(a, `1;\n${b}`), folder);
          const places = refused.map(({ cell, line, code }) => ({ cell, line, code }));
          assertEquals(
            places,
            fine ? [] : [{ cell: 2, line: 2, code: "redeclared" }],
            `${a}, ${b}`,
          );
        }
      }
    }
  }
  assertEquals(
    makeProgram(cells("let N = 1", "type N = 1", "function N() {}"), folder).refused[0]?.message,
    "`N` is a let or a class of cell 1; the kernel does not let a function or a var take its name",
  );
});

Deno.test("a global's name that a cell above used is taken; one that nobody used is free", () => {
  const used = lines("fetch('a')", "const fetch = 1");
  assertEquals(used.filter((line) => line === "|{;").length, 2);
  const unused = lines("f('a')", "const fetch = 1");
  assertEquals(unused.filter((line) => line === "|{;").length, 1);
});

Deno.test("imports move to the top, from any cell, with their lines", () => {
  const program = lines('const a = 1;\nimport {\n  x,\n  y,\n} from "m"; x', 'import "n"');
  assertEquals(program, [
    "|export {};",
    "1:2|import {",
    "1:3|  x,",
    "1:4|  y,",
    '1:5|} from "m";',
    '2:1|import "n"',
    "|{;",
    "1:1|const a = 1;",
    "1:2|        ",
    "1:3|    ",
    "1:4|    ",
    "1:5|            x",
    "|;",
    "2:1|          ",
    "|}",
  ]);
});

Deno.test("an import repeated is one import; one of another meaning is another name", () => {
  const program = lines('import { x } from "m"', 'import { x } from "m"', 'import { x } from "n"');
  assertEquals(program.filter((line) => line.includes("import")), [
    '1:1|import { x } from "m"',
    '3:1|import { x as x__cell3 } from "n";',
  ]);
  assertEquals(program.slice(-7), [
    "|{;",
    "|// @ts-ignore",
    "|const x = x__cell3;",
    "|// @ts-ignore",
    "|type x = x__cell3;",
    "3:1|                     ",
    "|}}",
  ]);
});

Deno.test("default, namespace and type imports keep their kind under another name", () => {
  const program = lines(
    "const a = 1, b = 2, c = 3, d = 4",
    'import a, { b, type c } from "m" with { type: "json" }',
    'import type * as d from "n"',
  );
  assertEquals(program.filter((line) => line.includes("import")), [
    '2:1|import a__cell2 from "m" with { type: "json" };',
    '2:1|import { b as b__cell2 } from "m" with { type: "json" };',
    '2:1|import type { c as c__cell2 } from "m" with { type: "json" };',
    '3:1|import type * as d__cell3 from "n";',
  ]);
});

Deno.test("relative imports start at the notebook's folder", () => {
  const program = lines(
    'import { a } from "./a.ts"; import b from "../b.ts"; import "c";',
    'const d = await import("./d.ts"); type E = import("./e.ts").E;',
  ).join("\n");
  for (const url of ["01/a.ts", "b.ts", "01/d.ts", "01/e.ts"]) {
    assertEquals(program.includes(`"file:///course/lessons/${url}"`), true, program);
  }
  assertEquals(program.includes('import "c";'), true);
});

Deno.test("export is passed over; namespaces and declare move to the top", () => {
  assertEquals(lines("export const a = 1;\nexport { a };\nexport default class B {}"), [
    "|export {};",
    "|{;",
    "1:1|       const a = 1;",
    "1:2|             ",
    "1:3|               class B {}",
    "|}",
  ]);
  assertEquals(lines("declare const c: number;\nnamespace N { export const d = 1 }").slice(0, 4), [
    "|export {};",
    "1:1|declare const c: number;",
    "1:2|namespace N { export const d = 1 }",
    "|{;",
  ]);
});

Deno.test("names of a cell that is not checked may be anything", () => {
  const { text } = makeProgram([
    { number: 1, source: "const a: string = 5; import { b } from 'm'", skipped: true },
    { number: 2, source: "a.anything", skipped: false },
  ], folder);
  assertEquals(text.split("\n"), [
    "export {};",
    "{;",
    "let a: any; type a = any;",
    "let b: any; type b = any;",
    ";",
    "a.anything",
    "}",
  ]);
});

Deno.test("mistakes of grammar name their cell and line", () => {
  const { mistakes } = makeProgram(cells("const a = 1", "a;\nconst = 2"), folder);
  assertEquals(mistakes.map(({ cell, line, code }) => ({ cell, line, code })), [
    { cell: 2, line: 2, code: "TS1134" },
  ]);
});
