import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { errorText, isAlive, TestKernel, until } from "./client.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";
const LIMIT_MS = 1_000;
/** On a machine that runs other tests at the same time, everything takes longer. */
const SLACK_CELLS = 50;

/** How long a Stop may take here and now. */
async function limit(kernel: TestKernel): Promise<number> {
  const start = performance.now();
  await kernel.value("1");
  return LIMIT_MS + SLACK_CELLS * (performance.now() - start);
}

/** Cells that go on until they are stopped; each prints when it has begun. */
const ENDLESS: Record<string, string> = {
  "a synchronous loop": "begin(); while (true);",
  "a loop after an await": "await null; begin(); while (true);",
  "a loop in a function": "const spin = () => { begin(); for (;;); }; spin();",
  "a loop in a timer": "setTimeout(() => { begin(); while (true); }); await new Promise(() => {});",
  "an await that never resolves": "begin(); await new Promise(() => {});",
  "an await inside a function":
    "const wait = async () => { begin(); await new Promise(() => {}); }; await wait();",
  "an async loop of heavy chunks": `begin(); for (;;) {
    const end = Date.now() + 120; while (Date.now() < end);
    await new Promise((done) => setTimeout(done));
  }`,
  "a training loop": `begin(); const steps = async function* () {
    for (let step = 0;; step++) {
      let sum = 0; for (let i = 0; i < 5e6; i++) sum += Math.sqrt(i);
      yield sum; await new Promise((done) => setTimeout(done));
    }
  };
  for await (const loss of steps()) console.log(loss);`,
  "a microtask loop": "begin(); for (;;) await null;",
  "a burst of output": "begin(); for (;;) console.log('burst');",
  "a loop that catches everything":
    "begin(); for (;;) { try { await new Promise((done) => setTimeout(done, 5)); } catch {} }",
  "Atomics.wait": "begin(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  "a regular expression": "begin(); /^(a+)+$/.test('a'.repeat(40) + 'b');",
  "a timer's long wait": "begin(); await new Promise((done) => setTimeout(done, 1e6));",
};

async function startStopped(kernel: TestKernel, code: string) {
  const request = kernel.submit(code);
  await until(() =>
    kernel.outputsOf(request).some(({ content }) => String(content.text).includes("begun"))
  );
  return request;
}

const BEGIN = "const begin = () => console.log('begun'); let kept = 1;";

Deno.test("Stop ends every kind of cell within a second and keeps the variables", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(BEGIN);
  const pid = await kernel.childPid();
  let kept = 1;
  for (const [name, code] of Object.entries(ENDLESS)) {
    const request = await startStopped(kernel, code);
    const start = performance.now();
    void kernel.interrupt();
    const { reply, outputs } = await kernel.finish(request);
    const took = performance.now() - start;
    assertEquals(reply.status, "error", name);
    assertEquals(reply.ename, "KeyboardInterrupt", `${name}: ${reply.evalue}`);
    assertStringIncludes(errorText(outputs), "its variables are kept");
    assert(took < await limit(kernel), `${name} took ${took} ms`);
    assertEquals(await kernel.value("++kept"), String(++kept), name);
  }
  assertEquals(await kernel.childPid(), pid);
});

Deno.test("three Stops in a row, and Stops with nothing running, do no harm", async () => {
  await using kernel = await TestKernel.start();
  await kernel.interrupt();
  await kernel.run(BEGIN);
  for (const code of [ENDLESS["a synchronous loop"]!, ENDLESS["an await inside a function"]!]) {
    const request = await startStopped(kernel, code);
    await Promise.all([kernel.interrupt(), kernel.interrupt(), kernel.interrupt()]);
    assertEquals((await kernel.finish(request)).reply.ename, "KeyboardInterrupt");
    await kernel.interrupt();
    await kernel.interrupt();
    assertEquals(await kernel.value("kept"), "1");
  }
});

Deno.test("Stop drops the cells that wait, and ends a prompt", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(BEGIN);
  const running = await startStopped(kernel, ENDLESS["an await that never resolves"]!);
  const waiting = kernel.submit("console.log('never')");
  await kernel.interrupt();
  assertEquals((await kernel.finish(running)).reply.ename, "KeyboardInterrupt");
  assertEquals((await kernel.finish(waiting)).reply.status, "aborted");

  let asked = false;
  kernel.answer = () => {
    asked = true;
    return undefined;
  };
  const asking = kernel.submit("const name = prompt('who?')");
  await until(() => asked);
  await kernel.interrupt();
  assertEquals((await kernel.finish(asking)).reply.ename, "KeyboardInterrupt");
  assertEquals(await kernel.value("kept"), "1");
});

Deno.test("a stopped cell's finally blocks run, and its timers fall silent", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(BEGIN);
  const request = await startStopped(
    kernel,
    `setInterval(() => console.log('tick'), 20);
    try { begin(); await new Promise(() => {}); } finally { console.log('cleaned up'); kept = 2; }`,
  );
  await kernel.interrupt();
  const { outputs, late } = await kernel.finish(request);
  assert(outputs.some(({ content }) => String(content.text).includes("cleaned up")));
  await kernel.run("await new Promise((done) => setTimeout(done, 100))");
  assertEquals(late, []);
  assertEquals(await kernel.value("kept"), "2");
});

Deno.test("what can't be stopped costs the variables, and the cell says so", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(BEGIN);
  const pid = await kernel.childPid();
  const request = await startStopped(
    kernel,
    "begin(); new Deno.Command('sleep', { args: ['20'] }).outputSync();",
  );
  const start = performance.now();
  void kernel.interrupt();
  const { reply } = await kernel.finish(request);
  const took = performance.now() - start;
  assert(took < await limit(kernel), `it took ${took} ms`);
  assertEquals(reply.ename, "KernelDied");
  assertStringIncludes(String(reply.evalue), "native code");
  assertStringIncludes(String(reply.evalue), "variables are gone");
  assertEquals(await kernel.value("typeof kept"), '"undefined"');
  await until(async () => !await isAlive(pid));
});

Deno.test("Stops at random moments lose nothing and hang nothing", async () => {
  await using kernel = await TestKernel.start();
  await kernel.run(BEGIN);
  const codes = Object.values(ENDLESS);
  let kept = 1;
  for (let round = 0; round < (FULL ? 200 : 20); round++) {
    const request = kernel.submit(codes[round % codes.length]!);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    // A Stop that comes before the cell stops nothing: go on until one is heeded.
    let ended = false;
    void request.reply.then(() => ended = true);
    while (!ended) await kernel.interrupt();
    const { reply } = await kernel.finish(request);
    assertEquals(reply.ename, "KeyboardInterrupt", codes[round % codes.length]);
    assertEquals(await kernel.value("++kept"), String(++kept));
  }
});

Deno.test("one Stop ends a cell that could not begin yet, and nothing is lost", async () => {
  // The process that runs the cells is still starting, and the compiler is loaded.
  for (const code of ["while (true);", "enum E { A }; while (true);"]) {
    await using kernel = await TestKernel.start();
    const request = kernel.submit(code);
    await until(() => kernel.outputsOf(request).length > 0); // The kernel has it.
    await kernel.interrupt();
    const { reply, outputs } = await kernel.finish(request);
    assertEquals(reply.ename, "KeyboardInterrupt", code);
    assertStringIncludes(errorText(outputs), "KeyboardInterrupt");
    assertEquals(await kernel.value("1 + 1"), "2");
  }
});
