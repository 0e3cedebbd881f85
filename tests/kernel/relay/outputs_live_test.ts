import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Message } from "../../../kernel/wire/mod.ts";
import { printed, type Ran, TestKernel, until } from "./client.ts";

const kinds = ({ outputs }: Ran) => outputs.map(({ header }) => header.msg_type);
const plain = (message: Message | undefined) =>
  (message?.content.data as Record<string, string> | undefined)?.["text/plain"];

Deno.test("every output of queued cells is in its place, in order, before idle", async () => {
  await using kernel = await TestKernel.start();
  const requests = Array.from({ length: 30 }, (_, cell) =>
    kernel.submit(`
      for (let line = 0; line < 20; line++) console.log("cell ${cell} line", line);
      await Deno.jupyter.display({ "text/plain": "shown ${cell}" }, { raw: true });
      console.error("warned ${cell}");
      ${cell}`));
  const late: Message[] = [];
  for (const [cell, request] of requests.entries()) {
    const ran = await kernel.finish(request);
    assertEquals(kinds(ran), ["stream", "display_data", "stream", "execute_result"]);
    const lines = Array.from({ length: 20 }, (_, line) => `cell ${cell} line ${line}\n`);
    assertEquals(printed(ran.outputs), lines.join(""));
    assertEquals(printed(ran.outputs, "stderr"), `warned ${cell}\n`);
    assertEquals(plain(ran.outputs.at(-1)), String(cell));
    late.push(...ran.late);
  }
  assertEquals(late, []);
});

Deno.test("values that Deno's kernel shows as nothing are shown", async () => {
  await using kernel = await TestKernel.start();
  const cases: [code: string, shown: string | undefined][] = [
    ["NaN", "NaN"],
    ["-Infinity", "-Infinity"],
    ["-0", "-0"],
    ["12345678901234567890n", "12345678901234567890n"],
    ["null", "null"],
    ["undefined", "undefined"],
    ["({}).missing", "undefined"],
    ["void 0", undefined],
    ["console.log()", undefined],
    ["const nothing = 1", undefined],
    ["{ a: 1 }", "{ a: 1 }"],
    ["Promise.resolve(4)", "Promise { 4 }"],
    ["class Point { x = 1 }; new Point()", "Point { x: 1 }"],
    ["Symbol('s')", "Symbol(s)"],
    ["let typed: string | undefined = 'text' as string; typed satisfies string", '"text"'],
  ];
  for (const [code, shown] of cases) assertEquals(await kernel.value(code), shown, code);
  assertStringIncludes((await kernel.value("new Error('as a value')"))!, "Error: as a value\n");
  const custom = await kernel.run(
    `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>t</b>", "text/plain": "t" }) })`,
  );
  assertEquals(custom.outputs[0]?.content.data, { "text/html": "<b>t</b>", "text/plain": "t" });
});

Deno.test("whatever way something is printed, it reaches the notebook", async () => {
  await using kernel = await TestKernel.start();
  const cases: [name: string, code: string][] = [
    ["Deno.stdout", "Deno.stdout.writeSync(new TextEncoder().encode('printed\\n'))"],
    [
      "Deno.stdout.writable",
      "await new Blob(['printed\\n']).stream().pipeTo(Deno.stdout.writable)",
    ],
    ["process.stdout", "(await import('node:process')).stdout.write('printed\\n')"],
    ["a program", "await new Deno.Command('echo', { args: ['printed'] }).spawn().status"],
    [
      "a program awaited",
      "new Deno.Command('echo', { args: ['printed'], stdout: 'inherit' }).outputSync()",
    ],
    [
      "a worker",
      `const code = "console.log('printed'); postMessage(1); close()";
      const worker = new Worker("data:text/javascript," + code, { type: "module" });
      await new Promise((resolve) => worker.onmessage = resolve)`,
    ],
  ];
  for (const [name, code] of cases) {
    assertEquals(printed((await kernel.run(code)).outputs), "printed\n", name);
  }
});

Deno.test({
  name: "programs of node:child_process print into the notebook",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using kernel = await TestKernel.start();
    await kernel.run(`import * as node from "node:child_process";
      import { spawnSync } from "node:child_process";
      import process from "node:process";
      const both = ["-c", "echo out; echo err >&2"];
      const end = (child) => new Promise((done) => child.on("exit", (...how) => done(how)));`);
    const cases: [code: string, value: string, out: string, err: string][] = [
      [
        "const a = node.spawn('sh', both, { stdio: 'inherit' }); [await end(a), a.stdout, a.stdio]",
        "[ [ 0, null ], null, [ null, null, null ] ]",
        "out\n",
        "err\n",
      ],
      [
        "await end(node.spawn('sh', both, { stdio: [0, process.stderr, 1] }))",
        "[ 0, null ]",
        "err\n",
        "out\n",
      ],
      [
        "const b = node.spawn('sh', both, { stdio: ['ignore', 'pipe', 'inherit'] }); [await b.stdout.toArray()].length",
        "1",
        "",
        "err\n",
      ],
      [
        "spawnSync('sh', both, { stdio: 'inherit' }).output",
        "[ null, null, null ]",
        "out\n",
        "err\n",
      ],
      ["spawnSync('sh', both, { encoding: 'utf8' }).stdout", '"out\\n"', "", ""],
      ["node.execSync('echo out; echo err >&2', { stdio: 'inherit' })", "null", "out\n", "err\n"],
      [
        "String(node.execFileSync('sh', both, { stdio: ['ignore', 'pipe', 'inherit'] }))",
        '"out\\n"',
        "",
        "err\n",
      ],
      [
        "try { node.execSync('echo out; exit 3', { stdio: 'inherit' }) } catch ({ status }) { status }",
        "3",
        "out\n",
        "",
      ],
      [
        "(await new Promise((done) => node.exec('echo out', (_, text) => done(text))))",
        '"out\\n"',
        "",
        "",
      ],
      [
        "await new Promise((done) => node.spawn('no-such-program', { stdio: 'inherit' }).on('error', ({ code }) => done(code)))",
        '"ENOENT"',
        "",
        "",
      ],
    ];
    for (const [code, value, out, err] of cases) {
      const { outputs } = await kernel.run(code);
      const result = outputs.find(({ header }) => header.msg_type === "execute_result");
      assertEquals(plain(result), value, code);
      assertEquals([printed(outputs), printed(outputs, "stderr")], [out, err], code);
    }
  },
});

Deno.test("output of timers belongs to the cell that set them", async () => {
  await using kernel = await TestKernel.start();
  await kernel.value("0"); // A cell that waits for the start could end after its timer.
  const first = kernel.submit("setTimeout(() => console.log('from the first'), 100); 1");
  const second = kernel.submit("await new Promise((done) => setTimeout(done, 300)); 2");
  assertEquals(printed((await kernel.finish(second)).outputs), "");
  const { late } = await kernel.finish(first);
  await until(() => late.length > 0);
  assertEquals(printed(late), "from the first\n");
});

Deno.test("a hundred thousand lines stay few messages and are cut with a note", async () => {
  await using kernel = await TestKernel.start();
  const start = performance.now();
  const ran = await kernel.run("for (let i = 0; i < 100_000; i++) console.log('line', i)");
  assert(performance.now() - start < 10_000);
  assert(ran.outputs.length < 60, `${ran.outputs.length} messages`);
  assertStringIncludes(printed(ran.outputs), "line 9999");
  assertStringIncludes(printed(ran.outputs, "stderr"), "90,000 more lines are not shown");
  assertEquals(await kernel.value("1 + 1"), "2");
});

Deno.test("a synchronous loop's output is seen while it runs", async () => {
  await using kernel = await TestKernel.start();
  await kernel.value("1"); // The child has started.
  const start = performance.now();
  const request = kernel.submit(
    "console.log('begun'); const end = Date.now() + 1500; while (Date.now() < end);",
  );
  let seenAfter: number | undefined;
  const watching = until(() => {
    const seen = kernel.outputsOf(request).some(({ header }) => header.msg_type === "stream");
    if (seen) seenAfter = performance.now() - start;
    return seen;
  });
  await watching;
  assert(seenAfter! < 700, `seen after ${seenAfter} ms`);
  await kernel.finish(request);
});

Deno.test("display updates and binary buffers arrive as they were sent", async () => {
  await using kernel = await TestKernel.start();
  const { outputs } = await kernel.run(`
    const send = Deno.jupyter.broadcast;
    const content = (n) => ({ data: { "text/plain": n }, metadata: {}, transient: { display_id: "d" } });
    await send("display_data", content("0"));
    for (let i = 1; i <= 500; i++) await send("update_display_data", content(String(i)));
    await send("comm_msg", { comm_id: "c", data: {} }, { buffers: [new Uint8Array([1, 2, 255]).buffer] });`);
  const updates = outputs.filter(({ header }) => header.msg_type === "update_display_data");
  assertEquals(plain(updates.at(-1)), "500");
  assert(updates.length < 100, `${updates.length} messages for 500 updates`);
  assertEquals(outputs.at(-1)?.buffers.map((buffer) => [...buffer]), [[1, 2, 255]]);
});

Deno.test("what microtasks of a cell print comes before its end", async () => {
  await using kernel = await TestKernel.start();
  const code = "queueMicrotask(() => queueMicrotask(() => console.log('after'))); 1";
  const { outputs, late } = await kernel.run(code);
  assertEquals(printed(outputs), "after\n");
  assertEquals(late.length, 0);
});
