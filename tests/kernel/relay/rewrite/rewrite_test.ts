import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { rewrite } from "../../../../kernel/relay/rewrite/mod.ts";
import { CellSyntaxError } from "../../../../kernel/relay/rewrite/syntax_error.ts";

const PREFIX = "'use strict';await __cell.begin();void 0;";
const ROOT = new URL("../../../../", import.meta.url);
const SUFFIX = "\n//# sourceURL=cell_1.ts";

async function body(code: string): Promise<string> {
  const { script } = await rewrite(code, "cell_1.ts");
  assertEquals(script.startsWith(PREFIX), true);
  assertEquals(script.endsWith(SUFFIX), true);
  return script.slice(PREFIX.length, -SUFFIX.length);
}

Deno.test("types become blanks, and every other character keeps its place", async () => {
  const cases: [code: string, js: string][] = [
    ["const x: number = 1;", "const x         = 1;"],
    ["let a = b as any;", "let a = b       ;"],
    ["let a = b!;", "let a = b ;"],
    ["x satisfies Y", "x            "],
    ["const f = <T>(x: T) => x", "const f =    (x   ) => x"],
    ["let s: 'ö日😀' = y; z", "let s         = y; z"],
    [
      "function f<T>(a: T, b?: number): T { return a; }",
      "function f   (a   , b         )    { return a; }",
    ],
    ["class A<T> extends B<T> implements C { declare x: T; y?: number; }", ""],
    ["'no types'", "'no types'"],
    ["", ""],
  ];
  for (const [code, js] of cases) {
    const found = await body(code);
    assertEquals(found.length, code.length, found);
    if (js) assertEquals(found.replaceAll(/\s/g, " "), js); // Some blanks are wider.
  }
  assertEquals((await body("interface A { x: number }\ntype B = A;")).trim(), "");
});

Deno.test("imports become dynamic and are checked", async () => {
  const cases: [code: string, js: string][] = [
    ["import 'm';", "await __cell.await(import('m'));"],
    [
      "import a from 'm'; a",
      `const { "default": a } = __cell.exports(await __cell.await(import('m')), ["default"], 'm'); a`,
    ],
    ["import * as m from 'm';", "const m = await __cell.await(import('m'));"],
    [
      "import d, * as m from 'm';",
      "const m = await __cell.await(import('m')); const { default: d } = m;",
    ],
    [
      "import { a as b, 'c-d' as e } from 'm'; b(e)",
      `const { "a": b, "c-d": e } = __cell.exports(await __cell.await(import('m')), ["a","c-d"], 'm'); b(e)`,
    ],
    [
      "import data from './d.json' with { type: 'json' }; data",
      `const { "default": data } = __cell.exports(await __cell.await(import('./d.json', { with: { type: 'json' } })), ["default"], './d.json'); data`,
    ],
    ["import type { A } from 'm';", ""],
    ["export * from 'm';", "await __cell.await(import('m'));"],
    ["export { a };", ""],
    ["export const a = 1;", "const a = 1;"],
    ["export default function f() {}", "function f() {}"],
    ["export default 5 + 5", "5 + 5"],
    ["import.meta.url", "__cell.meta.url"],
  ];
  for (const [code, js] of cases) assertEquals((await body(code)).trim(), js);
});

Deno.test("a name that may be a type is only checked where it is used as a value", async () => {
  assertStringIncludes(await body("import { Maybe, surely } from 'm'"), `["surely"], 'm'`);
  assertStringIncludes(await body("import { Maybe } from 'm'; let x: Maybe"), `[], 'm'`);
  assertStringIncludes(await body("import { Maybe } from 'm'; new Maybe()"), `["Maybe"], 'm'`);
  assertStringIncludes(await body("import { type T, a } from 'm'"), `{ "a": a }`);
});

Deno.test("every wait goes through the cell", async () => {
  const cases: [code: string, js: string][] = [
    ["await x", "await __cell.await(x)"],
    ["await (await x)", "await __cell.await((await __cell.await(x)))"],
    ["await await x", "await __cell.await(await __cell.await(x))"],
    [
      "const f = async () => await g(await h)",
      "const f = async () => await __cell.await(g(await __cell.await(h)))",
    ],
    ["for await (const x of xs) x", "for await (const x of __cell.each(xs)) x"],
    ["for (const x of xs) x", "for (const x of xs) x"],
    ["await import('m')", "await __cell.await(import('m'))"],
    ["`${await x}`", "`${await __cell.await(x)}`"],
    ["'await x' // await y", "'await x' // await y"],
    ["await(x)", "await __cell.await((x))"],
    ["await (x, y)", "await __cell.await((x, y))"],
    ["for await (const x of[y]) x", "for await (const x of __cell.each([y])) x"],
  ];
  for (const [code, js] of cases) assertEquals(await body(code), js);
});

Deno.test("a statement ends where its type ended it", async () => {
  for (const type of ["const", "Type", "Type[]"]) {
    for (const next of ["\n(c)", "\n[c]", "\n`c`", " // c\n(c)", " /* c */\n[c]"]) {
      assertMatch(await body(`let a = b as ${type}${next}`), /b *; /);
    }
  }
});

Deno.test("code nested beyond all measure fails, and ends nothing else", async () => {
  for (const opening of ["(", "[", "{", "x => ", "!", "`${", "x = <"]) {
    await rewrite(opening.repeat(50_000), "c").catch(() => {});
  }
  assertEquals(await body(`[${"[1], ".repeat(5_000)}]`), `[${"[1], ".repeat(5_000)}]`);
});

Deno.test("what is no matter of grammar is left to V8", async () => {
  for (const code of ["function f() {} function f() {}", "let a; let a", "return 1"]) {
    assertEquals(await body(code), code);
  }
});

Deno.test("ordinary cells don't wait for the compiler", async () => {
  const folder = await Deno.makeTempDir({ prefix: "rewrite_test_" });
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const config = {
    imports: { ...imports, typescript: "data:text/javascript,export default 0; throw 'compiler'" },
  };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
  const module = new URL("kernel/relay/rewrite/mod.ts", ROOT).href;
  const code = `const { rewrite, isComplete } = await import(${JSON.stringify(module)});
    await rewrite("const f = async <T>(x: T): Promise<T> => await x; { a: 1 as number }", "c");
    await isComplete("f(1)");
    await rewrite("enum E { A }", "c").catch(console.log);`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", "--config", `${folder}/deno.json`, code],
    env: { NO_COLOR: "1" },
    stderr: "inherit",
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "compiler");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what blanks can't express is compiled", async () => {
  assertStringIncludes(await body("enum E { A, B }"), `E[E["B"] = 1] = "B"`);
  assertStringIncludes(await body("enum E { A }"), "let E;");
  assertStringIncludes(await body("namespace N { export const x = 1; }"), "let N;");
  assertStringIncludes(await body("class P { constructor(private x: number) {} }"), "this.x = x");
  assertStringIncludes(await body("<div a={1}>text</div>"), `React.createElement("div"`);
  assertStringIncludes(await body("const y = <number>x;"), "const y = x;");
  assertStringIncludes(await body("@dec class A {}"), "_classDecorators = [dec]");
  assertStringIncludes(await body("export enum E { A }\nawait x"), "await __cell.await(x)");
});

Deno.test("an object literal is a value, a block stays a block", async () => {
  assertEquals(await body("{ a: 1, b: [2] }"), "({ a: 1, b: [2] })");
  assertEquals(await body("{ let a = 1; a }"), "{ let a = 1; a }");
  assertEquals(await body("{}"), "({})");
});

Deno.test("undefined is shown where it was asked for", async () => {
  const shows = async (code: string) => (await rewrite(code, "cell_1.ts")).showUndefined;
  for (const code of ["x", "x.y", "x[0]", "(x)", "1; undefined", "x as any"]) {
    assertEquals(await shows(code), true, code);
  }
  for (const code of ["f()", "await x", "x = y", "void 0", "const x = 1", "if (x) y", ""]) {
    assertEquals(await shows(code), false, code);
  }
});

Deno.test("places in the script lead back to the cell", async () => {
  const codes = [
    "// first\nimport { a as b, type X,\n  other } from 'm';\ninterface B { y: string }\nMARK()",
    "await f(await g(MARK()))",
    "enum Color {\n  Red,\n  Green\n}\nawait h(); MARK()",
    "class P {\n  constructor(private x: number) {}\n\n  m() {\n    MARK();\n  }\n}",
    "{ a: MARK() }",
    "const x = <number>y;\n\n  MARK()",
    "for await (const x of MARK()) x",
    "export const q = await r; export default MARK()",
    "const s: string = `a\n${await b}\n${MARK()}`",
  ];
  for (const code of codes) {
    const { script, placeOf } = await rewrite(code, "cell_1.ts");
    assertEquals(placeOf(place(script)), place(code), code);
  }
  function place(text: string) {
    const before = text.slice(0, text.indexOf("MARK")).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1 };
  }
});

Deno.test("syntax errors name the place", async () => {
  const cases: [code: string, line: number, column: number, message: string][] = [
    ["let x = ;", 1, 9, "Expression expected."],
    ["a\nfoo(", 2, 5, "')' expected."],
    ["const = 5", 1, 7, "Variable declaration expected."],
    ["%matplotlib inline", 1, 1, "looks like a command for IPython"],
    ["x\n!ls", 2, 1, ""],
  ];
  for (const [code, line, column, message] of cases) {
    if (!message) continue;
    const error = await assertRejects(() => rewrite(code, "c"), CellSyntaxError, message);
    assertEquals(error.place, { line, column }, code);
  }
});
