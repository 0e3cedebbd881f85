import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  type Execution,
  findKernelspec,
  KernelClient,
  KernelDiedError,
  type Kernelspec,
  type Output,
} from "../../../kernel/client/mod.ts";

const stock = await findKernelspec("stock");

/** The outputs in short: the stream's name and text, or the plain text of a bundle. */
function short(outputs: readonly Output[]): string[] {
  return outputs.map((output) => {
    if (output.output_type === "stream") return `${output.name}:${output.text}`;
    if (output.output_type === "error") return `error:${output.ename}: ${output.evalue}`;
    return `${output.output_type}:${output.data["text/plain"]}`;
  });
}

/** A kernelspec that runs a script of ours in the kernel's place. */
function scripted(code: string): Kernelspec {
  return {
    name: "scripted",
    displayName: "Scripted",
    argv: [Deno.execPath(), "eval", code, "{connection_file}"],
    env: {},
    interruptMode: "signal",
  };
}

Deno.test("each kind of output arrives in its cell", async () => {
  await using kernel = await KernelClient.start({ kernelspec: stock });
  const run = async (code: string) => {
    const { status, outputs } = await kernel.execute(code);
    return [status, ...short(outputs)];
  };
  assertEquals(kernel.info.implementation, "Deno kernel");
  assertEquals(await run("1 + 1"), ["ok", "execute_result:2"]);
  assertEquals(await run("const a = 1;"), ["ok"]);
  assertEquals(await run('console.log("x"); console.error("y"); a'), [
    "ok",
    "stdout:x\n",
    "stderr:y\n",
    "execute_result:1",
  ]);
  assertEquals(await run('await Deno.jupyter.display({ "text/plain": "d" }, { raw: true })'), [
    "ok",
    "display_data:d",
  ]);
  const bundle = '{ data: { "text/plain": "TEXT" }, metadata: {}, transient: { display_id: "p" } }';
  const shown = await kernel.execute(
    `Deno.jupyter.broadcast("display_data", ${bundle.replace("TEXT", "first")}); undefined`,
  );
  assertEquals(short(shown.outputs), ["display_data:first"]);
  const updated = await run(
    `Deno.jupyter.broadcast("update_display_data", ${bundle.replace("TEXT", "second")}); undefined`,
  );
  assertEquals(updated, ["ok"]);
  assertEquals(short(shown.outputs), ["display_data:second"]);
});

Deno.test("outputs are told while the cell runs", async () => {
  await using kernel = await KernelClient.start({ kernelspec: stock });
  const gate = join(await Deno.makeTempDir(), "open");
  let seen = "";
  const { outputs } = await kernel.execute(
    `console.log("before");
     while (true) {
       try { Deno.statSync(${
      JSON.stringify(gate)
    }); break; } catch { await new Promise((r) => setTimeout(r, 5)); }
     }
     console.log("after");`,
    {
      limitMs: 20_000,
      onOutput: (list) => {
        if (seen === "") Deno.writeTextFileSync(gate, "");
        seen = short(list).join();
      },
    },
  );
  assertEquals(short(outputs), ["stdout:before\nafter\n"]);
  assertEquals(seen, "stdout:before\nafter\n");
  await Deno.remove(join(gate, ".."), { recursive: true });
});

Deno.test("an error is a cell's error, with its line", async () => {
  await using kernel = await KernelClient.start({ kernelspec: stock });
  const failing = async (code: string): Promise<Execution> => {
    const execution = await kernel.execute(code);
    assertEquals(execution.status, "error");
    assertEquals(execution.outputs.at(-1), execution.error);
    return execution;
  };
  const thrown = await failing(
    'console.log("a");\n\ninterface A {\n  x: number;\n}\n// why\nthrow new RangeError("deep");',
  );
  assertEquals(short(thrown.outputs), ["stdout:a\n", "error:RangeError: deep"]);
  assertEquals(thrown.line, 7);
  assertEquals((await failing("throw 5")).error?.traceback, ["Error: 5"]);
  // Deno's kernel says only "Execution failed" to these.
  const syntax = await failing("const fine = 1;\nlet y = ;");
  assertEquals(short(syntax.outputs), ["error:SyntaxError: Expression expected"]);
  assertStringIncludes(syntax.error!.traceback.join("\n"), "2 | let y = ;\n  |         ~");
  assertEquals(syntax.line, 2);
  assertEquals((await failing("%magic")).error?.ename, "SyntaxError");
  const asked = await failing('prompt("your name?")');
  assertEquals(asked.error?.ename, "InputRequested");
  assertStringIncludes(asked.error!.evalue, "your name?");
  assertEquals((await kernel.execute("fine")).status, "error");
  assertEquals(short((await kernel.execute("2")).outputs), ["execute_result:2"]);
});

Deno.test("a loop over the time limit is interrupted, and the kernel goes on", async () => {
  await using kernel = await KernelClient.start({ kernelspec: stock });
  await kernel.execute("let kept = 42;");
  const { status, error } = await kernel.execute("while (true) {}", { limitMs: 200 });
  assertEquals(status, "timeout");
  assertEquals(error?.evalue, "The cell ran over its limit of 0.2 s");
  assertEquals(short((await kernel.execute("kept")).outputs), ["execute_result:42"]);
});

Deno.test("a cell that heeds no interrupt ends with its kernel", async () => {
  const kernel = await KernelClient.start({ kernelspec: stock });
  const { status } = await kernel.execute("await new Promise(() => {})", { limitMs: 100 });
  assertEquals(status, "timeout");
  await assertRejects(() => kernel.execute("1"), KernelDiedError, "ended");
  await kernel.shutdown();
});

Deno.test("a kernel that dies is reported with its exit code", async () => {
  const kernel = await KernelClient.start({ kernelspec: stock });
  const { status, error, outputs } = await kernel.execute("Deno.exit(7)");
  assertEquals(status, "died");
  assertEquals(error?.evalue, "The kernel ended (with code 7).");
  assertEquals(outputs, [error!]);
  const again = await assertRejects(() => kernel.execute("1"), KernelDiedError);
  assertStringIncludes(again.message, "with code 7");
  await kernel.shutdown();
});

Deno.test("one cell runs at a time", async () => {
  await using kernel = await KernelClient.start({ kernelspec: stock });
  const first = kernel.execute("1");
  await assertRejects(() => kernel.execute("2"), Error, "still running");
  assertEquals((await first).status, "ok");
});

Deno.test("a kernel that can't start says why", async () => {
  const missing = { ...scripted(""), argv: ["no-such-program", "{connection_file}"] };
  await assertRejects(
    () => KernelClient.start({ kernelspec: missing }),
    KernelDiedError,
    "The kernel scripted can't be started: no-such-program",
  );
  await assertRejects(
    () => KernelClient.start({ kernelspec: scripted('console.error("no luck"); Deno.exit(3)') }),
    KernelDiedError,
    "The kernel scripted ended before it answered (with code 3). Its last words:\nno luck",
  );
  await assertRejects(
    () => KernelClient.start({ kernelspec: scripted("setInterval(() => {}, 1e6)"), startMs: 300 }),
    KernelDiedError,
    "didn't answer within 0.3 s",
  );
});

Deno.test("shutdown leaves no process, and no connection file ever outlives the start", async () => {
  const folder = await Deno.makeTempDir();
  const kernel = await KernelClient.start({ kernelspec: stock, cwd: folder });
  const { outputs } = await kernel.execute("Deno.cwd()");
  assertStringIncludes(
    short(outputs).join(),
    (await Deno.realPath(folder)).replaceAll("\\", "\\\\"),
  );
  const { pid } = kernel;
  await kernel.shutdown();
  if (Deno.build.os !== "windows") {
    // SIGCONT does nothing to a process that runs.
    const error = await assertRejects(async () => await Deno.kill(pid, "SIGCONT"));
    assert(error instanceof Deno.errors.NotFound);
  }
  await Deno.remove(folder, { recursive: true });
});
