import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshConnection } from "../../../kernel/relay/connection_file.ts";
import { isAlive, printed, relayArgv, TestKernel, until } from "./client.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";

Deno.test("a dying child is reported with the reason, and the next cell runs", async () => {
  await using kernel = await TestKernel.start();
  const cases: [code: string, why: string][] = [
    ["Deno.exit(3)", "exit code 3"],
    ["await null; Deno.exit(0)", "Deno.exit ends the whole notebook"],
    ["Deno.kill(Deno.pid, 'SIGKILL')", "SIGKILL"],
    ["Deno.kill(Deno.pid, 'SIGABRT'); while (true);", "SIGABRT"],
  ];
  if (Deno.build.os === "linux") {
    const crash = `Deno.dlopen("libc.so.6", {
      strlen: { parameters: ["pointer"], result: "usize" },
    }).symbols.strlen(Deno.UnsafePointer.create(8n))`;
    cases.push([crash, "SIGSEGV"]);
  }
  for (const [code, why] of cases) {
    if (Deno.build.os === "windows" && /kill/.test(code)) continue;
    await kernel.value("let kept = 1");
    const { reply } = await kernel.run(`console.log("last words"); ${code}`);
    assertEquals(reply.ename, "KernelDied", code);
    assertStringIncludes(String(reply.evalue), why);
    assertStringIncludes(String(reply.evalue), "finds a fresh process");
    assertEquals(await kernel.value("typeof kept"), '"undefined"');
  }
});

Deno.test("a child that dies between cells is replaced before the next", async () => {
  await using kernel = await TestKernel.start();
  const pid = await kernel.childPid();
  await kernel.run("setTimeout(() => Deno.exit(1), 20)");
  await until(async () => !await isAlive(pid));
  const next = await kernel.run("1 + 1");
  assertEquals(next.reply.status, "ok");
  assertStringIncludes(printed(next.outputs, "stderr"), "All variables are gone");
  assertEquals((await kernel.run("1 + 1")).outputs.length, 1);
});

Deno.test({
  name: "a child that dies while it starts is started again, without a word",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using kernel = await TestKernel.start();
    const { pid } = kernel.process;
    const child = Number(await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`));
    const request = kernel.submit("1 + 1");
    Deno.kill(child, "SIGKILL");
    const { reply, outputs } = await kernel.finish(request);
    assertEquals(reply.status, "ok");
    // On a fast machine the child may have been ready, and then its end is told.
    assert(outputs.length <= 2);
  },
});

Deno.test("memory runs short with a warning, then ends in a message", async () => {
  await using kernel = await TestKernel.start({ env: { TUNEBOOK_MEMORY: "600M" } });
  const warned = await kernel.run(
    `const held = []; while (Deno.memoryUsage().rss < 540e6) held.push(new Uint8Array(4e6).fill(1));
    await new Promise((done) => setTimeout(done, 600))`,
  );
  assertEquals(warned.reply.status, "ok");
  assertStringIncludes(printed(warned.outputs, "stderr"), "Memory runs short");
  const { reply } = await kernel.run(
    "for (;;) { held.push(new Uint8Array(4e6).fill(1)); await new Promise((f) => setTimeout(f)); }",
  );
  assertEquals(reply.ename, "KernelDied");
  assertStringIncludes(String(reply.evalue), "memory");
  assertEquals(await kernel.value("1 + 1"), "2");

  const { reply: heap } = await kernel.run(
    "const objects = []; for (;;) objects.push(Array.from({ length: 1e4 }, (_, i) => ({ i })));",
  );
  assertEquals(heap.ename, "KernelDied");
  assertStringIncludes(String(heap.evalue), "memory");
  assertEquals(await kernel.value("2 + 2"), "4");
});

Deno.test("shutdown and restart take less than two seconds and leave no process", async () => {
  for (let round = 0; round < (FULL ? 200 : 4); round++) {
    await using kernel = await TestKernel.start();
    const child = await kernel.childPid();
    if (round % 2 === 1) kernel.submit("while (true);");
    const took = await kernel.shutdown();
    assert(took < 2_000, `${took} ms`);
    await until(async () => !await isAlive(child));
  }
});

Deno.test({
  name: "no child outlives a kernel that is killed, busy or idle",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const code of ["0", "while (true);"]) {
      await using kernel = await TestKernel.start();
      const child = await kernel.childPid();
      kernel.submit(code);
      kernel.process.kill("SIGKILL");
      await until(async () => !await isAlive(child));
    }
  },
});

Deno.test({
  name: "nothing is left of a kernel that is killed while it starts, or that ends",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "kernel_test_" });
    const file = `${folder}/connection.json`;
    const mark = `TUNEBOOK_TEST_MARK=${crypto.randomUUID()}`;
    const [name, value] = mark.split("=") as [string, string];
    for (let round = 0; round < (FULL ? 100 : 10); round++) {
      await Deno.writeTextFile(file, JSON.stringify(freshConnection()));
      const [program, ...args] = relayArgv(file) as [string, ...string[]];
      const relay = new Deno.Command(program, {
        args,
        env: { [name]: value, TMPDIR: folder },
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      await until(async () => (await pidsMarked(mark)).length > 1);
      // At every stage of the start.
      await new Promise((done) => setTimeout(done, round * 20 % 200));
      relay.kill("SIGKILL");
      await relay.status;
      await until(async () => (await pidsMarked(mark)).length === 0);
      assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["connection.json"]);
    }
    {
      await using kernel = await TestKernel.start({ env: { [name]: value } });
      await kernel.value("1");
      await kernel.run("Deno.exit()"); // Its guard goes with it, and a fresh child comes.
      assertEquals(await kernel.value("2"), "2");
      await until(async () => (await pidsMarked(mark, "sh")).length === 1);
    }
    await until(async () => (await pidsMarked(mark)).length === 0);
    await Deno.remove(folder, { recursive: true });
  },
});

/** The processes whose environment holds a text, of all programs or of one. */
async function pidsMarked(mark: string, program?: string): Promise<number[]> {
  const pids: number[] = [];
  for await (const entry of Deno.readDir("/proc")) {
    const pid = Number(entry.name);
    if (!pid || !await isAlive(pid)) continue;
    const environment = await Deno.readTextFile(`/proc/${pid}/environ`).catch(() => "");
    if (!environment.includes(mark)) continue;
    const name = await Deno.readTextFile(`/proc/${pid}/comm`).catch(() => "");
    if (program === undefined || name.trim() === program) pids.push(pid);
  }
  return pids;
}

Deno.test({
  name: "a kernel whose parent is killed ends with its child",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    // Jupyter's part is played by a shell that starts the kernel and waits.
    await using kernel = await TestKernel.start({
      argv: (file) => [
        Deno.execPath(),
        "eval",
        `await new Deno.Command(Deno.execPath(), { args: ["run", "-A", ${
          JSON.stringify(new URL("../../../kernel/relay/main.ts", import.meta.url).href)
        }, ${JSON.stringify(file)}] }).spawn().status`,
      ],
    });
    const child = await kernel.childPid();
    const relay = Number(await kernel.value("Deno.ppid"));
    kernel.submit("while (true);");
    kernel.process.kill("SIGKILL");
    await until(async () => !await isAlive(child) && !await isAlive(relay));
  },
});

Deno.test("a kernel whose port is taken says so, and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir({ prefix: "kernel_test_" });
  const connection = freshConnection();
  using _taken = Deno.listen({ hostname: "127.0.0.1", port: connection.iopub_port });
  const file = `${folder}/connection.json`;
  await Deno.writeTextFile(file, JSON.stringify(connection));
  const log = `${folder}/log.txt`;
  const [program, ...args] = relayArgv(file);
  const { code, stderr } = await new Deno.Command(program!, {
    args,
    env: { TMPDIR: folder, TUNEBOOK_KERNEL_LOG: log, NO_COLOR: "1" },
  }).output();
  assert(code !== 0);
  assertStringIncludes(new TextDecoder().decode(stderr), "AddrInUse");
  const child = Number(/child spawned (\d+)/.exec(await Deno.readTextFile(log))?.[1]);
  await until(async () => !await isAlive(child));
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assertEquals(left, ["connection.json", "log.txt"]);
  await Deno.remove(folder, { recursive: true });
});
