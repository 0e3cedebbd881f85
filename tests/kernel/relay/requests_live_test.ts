import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../kernel/wire/mod.ts";
import { TestKernel, until } from "./client.ts";

Deno.test("the kernel answers every request a front-end makes", async () => {
  await using kernel = await TestKernel.start();
  const ask = async (type: string, content: JsonObject) =>
    (await kernel.request(type, content).reply).content;

  const info = await ask("kernel_info_request", {});
  assertEquals(info.protocol_version, "5.4");
  assertEquals(info.debugger, false);
  assertEquals((info.language_info as JsonObject).name, "typescript");

  assertEquals(await ask("is_complete_request", { code: "1 + 1" }), { status: "complete" });
  assertEquals(await ask("is_complete_request", { code: "if (a) {" }), {
    status: "incomplete",
    indent: "  ",
  });
  assertEquals(await ask("is_complete_request", { code: "let = ;" }), { status: "invalid" });
  assertEquals(await ask("comm_info_request", {}), { status: "ok", comms: {} });

  await kernel.run("const first = 1");
  await kernel.run("const second = 2");
  await kernel.run("const hidden = 3", { store_history: false });
  await kernel.run("const silent = 4", { silent: true });
  const tail = await ask("history_request", { hist_access_type: "tail", n: 2 });
  assertEquals(tail.history, [[1, 1, "const first = 1"], [1, 2, "const second = 2"]]);

  const inspect = async (code: string, cursor_pos: number) =>
    await ask("inspect_request", { code, cursor_pos, detail_level: 0 });
  assertEquals((await inspect("1 + first", 6)).data, { "text/plain": "first: number = 1" });
  await kernel.run("function twice(x: number) { return 2 * x; }");
  const { found, data } = await inspect("twice(3)", 2);
  assertEquals([found, (data as JsonObject)["text/plain"]], [
    true,
    "twice: function twice(x        )",
  ]);
  assertEquals((await inspect("nowhere", 3)).found, false);
});

Deno.test("what is asked in writing is answered while a cell runs, which then isn't idle", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run("const subject = { plain: 1 }");
  const running = kernel.submit(
    `const begun = 1;
    while (!await Deno.stat("go").catch(() => {})) await new Promise((go) => setTimeout(go, 5));`,
  );
  const states = () =>
    kernel.outputsOf(running).filter(({ header }) => header.msg_type === "status")
      .map(({ content }) => content.execution_state);
  await until(() => states().length === 1);
  for (const type of ["complete_request", "inspect_request"]) {
    const before = states().length;
    const asked = kernel.request(type, { code: "subject", cursor_pos: 7, detail_level: 0 });
    const { content } = await asked.reply;
    assertEquals(
      content.matches ?? content.found,
      type === "complete_request" ? ["subject"] : true,
    );
    await asked.outputs;
    await until(() => states().length === before + 1);
  }
  assertEquals(states(), ["busy", "busy", "busy"]);
  await Deno.writeTextFile(`${kernel.folder}/go`, "");
  assertEquals((await kernel.finish(running)).reply.status, "ok");
  assertEquals(states(), ["busy", "busy", "busy", "idle"]);
  assertEquals(await kernel.value("begun"), "1");
  assertEquals(running.late, []);
});

Deno.test("completion lists names without running any code", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(`let gettersRun = 0;
    const subject = { plain: 1, get costly() { gettersRun++; return { deep: 1 }; } };
    const nested = { inner: { leaf: 1 } };
    class Sample { method() {} static make() {} }`);
  const complete = async (code: string, position = [...code].length) =>
    (await kernel.request("complete_request", { code, cursor_pos: position }).reply).content;

  assertEquals((await complete("sub")).matches, ["subject"]);
  const members = await complete("'𝒳'; subject.");
  assert((members.matches as string[]).includes("plain"));
  assert((members.matches as string[]).includes("costly"));
  assertEquals(members.cursor_start, 13);
  assertEquals((await complete("subject.costly.")).matches, []);
  assertEquals((await complete("nested.inner.le")).matches, ["leaf"]);
  assert(((await complete("Sample.")).matches as string[]).includes("make"));
  assertEquals((await complete("gettersRun++.")).matches, []);
  assertEquals((await complete("foo().")).matches, []);
  assertEquals(await kernel.value("gettersRun"), "0");
});

Deno.test("user expressions, silent cells and execution counts follow the protocol", async () => {
  await using kernel = await TestKernel.start();
  const { reply } = await kernel.run("const five = 5", {
    user_expressions: { good: "five + 1", bad: "nowhere", broken: "1 +" },
  });
  const { good, bad, broken } = reply.user_expressions as Record<string, JsonObject>;
  assertEquals(good, { status: "ok", data: { "text/plain": "6" }, metadata: {} });
  assertEquals([bad!.status, bad!.ename], ["error", "ReferenceError"]);
  assertEquals([broken!.status, broken!.ename], ["error", "SyntaxError"]);
  const silent = await kernel.run("five", { silent: true });
  assertEquals(silent.outputs, []);
  assertEquals(silent.reply.execution_count, 1);
  assertEquals((await kernel.run("five")).reply.execution_count, 2);
});

Deno.test("prompt, confirm and alert ask the front-end", async () => {
  await using kernel = await TestKernel.start();
  const asked: string[] = [];
  kernel.answer = (prompt) => {
    asked.push(prompt);
    return asked.length === 1 ? "Ada" : asked.length === 2 ? "y" : "";
  };
  assertEquals(await kernel.value("prompt('name?')"), '"Ada"');
  assertEquals(await kernel.value("confirm('sure?')"), "true");
  assertEquals(await kernel.value("alert('look'); prompt('again', 'default')"), '"default"');
  assertEquals(asked.length, 4);
  assertStringIncludes(asked[0]!, "name?");

  const { reply } = await kernel.run("prompt('nobody')", { allow_stdin: false });
  assertStringIncludes(String(reply.evalue), "can't ask questions");
});

Deno.test("cells keep Deno's own semantics", async () => {
  await using kernel = await TestKernel.start();
  await Deno.writeTextFile(`${kernel.folder}/near.ts`, "export const near: string = 'near';");
  const cases: [code: string, value: string][] = [
    ["const again = 1; again", "1"],
    ["const again = 2; again", "2"],
    ["class Shape { area() { return 1; } } new Shape().area()", "1"],
    ["class Shape { area() { return 2; } } new Shape().area()", "2"],
    ["import { near } from './near.ts'; near", '"near"'],
    ["import { near } from './near.ts'; near.length", "4"],
    ["import * as path from 'node:path'; path.basename('/a/b')", '"b"'],
    ["import path, { join } from 'node:path'; [path.sep, join('a', 'b')].join()", '"/,a/b"'],
    ["enum Level { Low, High }\nLevel.High", "1"],
    ["enum Level { Low, High, Top }\nLevel.Top", "2"],
    ["await Promise.resolve(5)", "5"],
    ["let total = 0; for await (const n of [1, Promise.resolve(2)]) total += n; total", "3"],
    ["export const exported = 7;\nexported", "7"],
    ["const tuple = [1, 'a'] as const satisfies readonly unknown[]; tuple.length", "2"],
    ["abstract class Base<T> { abstract get(): T }\nBase.name", '"Base"'],
    ["Deno.env.get('TUNEBOOK_KERNEL')", '"1"'],
    ["import.meta.main", "true"],
  ];
  for (const [code, value] of cases) assertEquals(await kernel.value(code), value, code);
});
