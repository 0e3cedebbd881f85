import { assertEquals } from "@std/assert";
import { readNames } from "../../../kernel/language/names.ts";

const declared = (code: string) => [...readNames(code).declared.keys()];

Deno.test("the names a cell declares are found, whatever way it declares them", () => {
  assertEquals(declared("const a = 1, b = [2, 3], c = (4, 5)\nlet d\nvar e = 6;"), [..."abcde"]);
  assertEquals(declared("function f() { const no = 1 }\nasync function* g() {}"), ["f", "g"]);
  assertEquals(declared("class A extends B<C> { static no = 1 }\nabstract class D {}"), ["A", "D"]);
  assertEquals(declared("export const a = 1; export default function b() {}"), ["a", "b"]);
  assertEquals(declared("type A = 1; interface B { no: 1 } enum C { No } const enum D { No }"), [
    ..."ABCD",
  ]);
  assertEquals(declared("declare const a: number; namespace B { const no = 1 }"), ["a", "B"]);
  assertEquals(declared("using a = open(); await using b = open();"), ["a", "b"]);
});

Deno.test("destructuring declares what it binds, not what it reads", () => {
  assertEquals(declared("const { a, no: b, c = 1, no: { d }, ...e } = x"), [..."abcde"]);
  assertEquals(declared("const [a, [b], , c = (1, 2), ...d] = x, f = 1"), [..."abcdf"]);
  assertEquals(declared("let { a = { no: 1 }, b }: { a: object; b: 1 } = x"), ["a", "b"]);
});

Deno.test("commas in types, calls and comparisons end no declaration", () => {
  assertEquals(declared("const a: Map<string, number> = new Map<string, Set<no>>(), b = 1"), [
    ..."ab",
  ]);
  assertEquals(declared("const a = f(1, no), b = [1, no], c = x < 1, d = 2"), [..."abcd"]);
  assertEquals(declared("const a = 1\nfoo(), no\nconst b = a\n  .c, d = 2"), [..."abd"]);
});

Deno.test("strings, templates, regular expressions and comments declare nothing", () => {
  assertEquals(declared("const a = 'const no'; // const no\n/* let no */ const b = `const no`"), [
    ..."ab",
  ]);
  assertEquals(declared("const a = `x ${(() => { const no = `${1}`; })()} y`; const b = 1"), [
    ..."ab",
  ]);
  assertEquals(declared('const a = /const no; [/"]/g.test(x) / 2; const b = x / 2; /x/'), [
    ..."ab",
  ]);
  assertEquals(declared("x.type = 1; of.let; ({ function: 1, class: 2 }); type = 3"), []);
});

Deno.test("imports bind their local names", () => {
  const { imported } = readNames(
    `import a, { b, c as d, type E, default as f } from "./m.ts";
    import * as g from 'npm:g'; import type { H } from "h"; import "side"; import type from "t";
    const x = await import("no");`,
  );
  const of = (from: string, exported: string, typeOnly = false) => ({ from, exported, typeOnly });
  assertEquals(Object.fromEntries(imported), {
    a: of("./m.ts", "default"),
    b: of("./m.ts", "b"),
    d: of("./m.ts", "c"),
    E: of("./m.ts", "E", true),
    f: of("./m.ts", "default"),
    g: of("npm:g", "*"),
    H: of("h", "H", true),
    type: of("t", "default"),
  });
});

Deno.test("half a cell has names, too", () => {
  assertEquals(declared("const a = 1;\nconst b = a."), ["a", "b"]);
  assertEquals(declared("const a = 'unfinished\nconst b = 1"), ["a", "b"]);
  assertEquals(declared("import { "), []);
  assertEquals(declared("const a = `unfinished ${"), ["a"]);
  assertEquals(declared("}}} const a = /"), ["a"]);
  assertEquals(declared(""), []);
});

Deno.test("what may be assigned, exported or hung on the global object is told apart", () => {
  const names = readNames("export let a = 1; const b = 2; globalThis.c = 3; export { b };");
  assertEquals(Object.fromEntries(names.declared), { a: "variable", b: "fixed" });
  assertEquals([...names.exported], ["a", "b"]);
  assertEquals([...names.globals], ["c"]);
  assertEquals([...readNames("1 + 'a' + 2").mentioned], []);
});
