import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { errorText, TestKernel, until } from "./client.ts";

Deno.test("errors are shown in the cell's own lines", async () => {
  await using kernel = await TestKernel.start();
  const cases: [code: string, ...shown: string[]][] = [
    [
      "interface A { x: number }\nfunction f(a: A) {\n  throw new TypeError('bad');\n}\nf({ x: 1 })",
      "TypeError: bad",
      "at f (Cell [1]:3:9)",
      "3 |   throw new TypeError('bad');\n        |         ^",
      "at Cell [1]:5:1",
    ],
    [
      "let x = ;",
      "SyntaxError: Expression expected.",
      "Cell [2]:1:9",
      "1 | let x = ;\n        |         ^",
    ],
    ["\nconst y = 1; const y = 2;", "'y' has already been declared", "Cell [3]:2:20"],
    ["%pip install torch", 'There is no command "%pip install torch"'],
    ["import { missing } from 'node:path'", "has no export named 'missing'", "it has:"],
    ["import { x } from 'npm:@tunebook/no-such-package-at-all'", "Cell [6]:1:1"],
    ["import './no_such_file.ts'", "no_such_file.ts"],
    ["throw 'a string'", "Uncaught: a string"],
    [
      "throw new Error('outer', { cause: new RangeError('inner') })",
      "Error: outer",
      "Caused by: RangeError: inner",
    ],
    ["await Promise.any([Promise.reject(new Error('one'))])", "One of its errors: Error: one"],
    [
      "enum E { A }\nclass P {\n  constructor(private x: number) {}\n  m() { null!.x }\n}\nnew P(1).m()",
      "Cell [11]:4:",
    ],
    ["await (async () => {\n  await null;\n  throw new Error('later');\n})()", "Cell [12]:3:9"],
  ];
  for (const [code, ...shown] of cases) {
    const { reply, outputs } = await kernel.run(code);
    assertEquals(reply.status, "error", code);
    for (const part of shown) assertStringIncludes(errorText(outputs), part);
    assertFalse(errorText(outputs).includes("kernel/relay"), errorText(outputs));
  }
});

Deno.test("errors that no code catches are shown under their cell", async () => {
  await using kernel = await TestKernel.start();
  const rejected = await kernel.run("Promise.reject(new Error('nobody awaits'));\n5");
  assertStringIncludes(errorText(rejected.outputs), "Error: nobody awaits");
  const timed = await kernel.run("setTimeout(() => { throw new Error('in a timer') }, 50); 1");
  const next = kernel.submit("await new Promise((done) => setTimeout(done, 200)); 2");
  assertEquals((await kernel.finish(next)).reply.status, "ok");
  await until(() => timed.late.length > 0);
  assertStringIncludes(errorText(timed.late), "Error: in a timer");
  assertStringIncludes(errorText(timed.late), "Cell [2]:1:26");
});

Deno.test("a failing cell stops the queue, if asked to", async () => {
  await using kernel = await TestKernel.start();
  const failing = kernel.submit("await null; throw new Error('stop here')");
  const queued = [kernel.submit("1"), kernel.submit("2")];
  const between = kernel.request("kernel_info_request", {});
  assertEquals((await kernel.finish(failing)).reply.status, "error");
  for (const request of queued) {
    const { reply, outputs } = await kernel.finish(request);
    assertEquals(reply.status, "aborted");
    assertEquals(outputs, []);
  }
  assertEquals((await between.reply).content.status, "ok");
  assertEquals(await kernel.value("'runs again'"), '"runs again"');
  const tolerated = kernel.submit("throw new Error('go on')", { stop_on_error: false });
  const after = kernel.submit("3");
  await kernel.finish(tolerated);
  assertEquals((await kernel.finish(after)).reply.status, "ok");
});

Deno.test("frames in a module keep their own lines, and printed stacks name the cell", async () => {
  await using kernel = await TestKernel.start();
  const module =
    "interface Big {\n  a: number;\n}\nexport function boom(big: Big): never {\n  throw new Error(String(big.a));\n}\n";
  await Deno.writeTextFile(`${kernel.folder}/module.ts`, module);
  const { outputs } = await kernel.run("import { boom } from './module.ts';\nboom({ a: 7 })");
  assertStringIncludes(errorText(outputs), "module.ts:5:9");
  assertStringIncludes(errorText(outputs), "Cell [1]:2:1");
  const printed = await kernel.run("console.log(new Error('printed'))");
  const text = String(printed.outputs[0]?.content.text);
  assert(text.includes("Cell [2]:1:13"), text);
});
