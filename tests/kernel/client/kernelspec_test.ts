import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findKernelspec, KernelspecError } from "../../../kernel/client/mod.ts";
import { commandLine, interruptModeOn } from "../../../kernel/client/kernelspec.ts";
import { endSignals } from "../../../kernel/client/cleanup.ts";
import { makeConnectionFile } from "../../../kernel/client/connection_file.ts";

async function withSpec(text: string, run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "kernel.json"), text);
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the stock kernel is this very Deno, stopped by message", async () => {
  const spec = await findKernelspec("stock");
  assertEquals(commandLine(spec, "/c.json"), [
    Deno.execPath(),
    "jupyter",
    "--kernel",
    "--conn",
    "/c.json",
  ]);
  assertEquals(spec.interruptMode, "message");
});

Deno.test("the tunebook kernel is a program of this project", async () => {
  const argv = commandLine(await findKernelspec("tunebook"), "/c.json");
  assertEquals([argv[0], argv.at(-1)], [Deno.execPath(), "/c.json"]);
  assertEquals((await Deno.stat(argv.at(-2)!)).isFile, true);
});

Deno.test("a folder's kernel.json is read, named by the folder or the file", async () => {
  const text = JSON.stringify({
    argv: ["deno", "{resource_dir}/main.ts", "--file={connection_file}"],
    display_name: "Mine",
    language: "typescript",
    env: { A: "1" },
    interrupt_mode: "message",
  });
  await withSpec(text, async (folder) => {
    const expected = {
      name: folder,
      displayName: "Mine",
      argv: ["deno", `${folder}/main.ts`, "--file={connection_file}"],
      env: { A: "1" },
      interruptMode: "message" as const,
    };
    assertEquals(await findKernelspec(folder), expected);
    assertEquals(await findKernelspec(join(folder, "kernel.json")), expected);
  });
});

Deno.test("a kernelspec without interrupt_mode is stopped by a signal", async () => {
  await withSpec('{"argv": ["x", "{connection_file}"]}', async (folder) => {
    const { interruptMode, displayName } = await findKernelspec(folder);
    assertEquals([interruptMode, displayName], ["signal", folder]);
  });
});

Deno.test("a kernelspec that can't be used says what is wrong", async () => {
  await assertRejects(
    () => findKernelspec("no-such-kernel"),
    KernelspecError,
    'stock, tunebook, or a folder holding kernel.json), found "no-such-kernel"',
  );
  const cases = [
    ["{", "valid JSON"],
    ["{}", "argv"],
    ['{"argv": [1]}', "argv"],
    ['{"argv": ["x"]}', "{connection_file}"],
    ['{"argv": ["{connection_file}"], "env": 1}', "env"],
  ];
  for (const [text, message] of cases) {
    await withSpec(text!, async (folder) => {
      await assertRejects(() => findKernelspec(folder), KernelspecError, message);
    });
  }
});

Deno.test("a connection file is private, has five ports and a key, and can be removed twice", async () => {
  const file = makeConnectionFile("x");
  const read = JSON.parse(await Deno.readTextFile(file.path));
  assertEquals(read, file.info);
  const ports = Object.entries(read).filter(([name]) => name.endsWith("_port"));
  assertEquals(new Set(ports.map(([, port]) => port)).size, 5);
  assertEquals(read.key.length, 36);
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(file.path)).mode! & 0o777, 0o600);
  }
  file.remove();
  file.remove();
  await assertRejects(() => Deno.stat(file.path), Deno.errors.NotFound);
});

Deno.test("a kernel is stopped by what the platform has", async () => {
  const spec = await findKernelspec("stock");
  for (const platform of ["linux", "darwin"]) {
    assertEquals(interruptModeOn({ ...spec, interruptMode: "signal" }, platform), "signal");
    assertEquals(interruptModeOn(spec, platform), "message");
    assertEquals(endSignals(platform).map(([name]) => name), ["SIGINT", "SIGTERM", "SIGHUP"]);
  }
  assertEquals(interruptModeOn({ ...spec, interruptMode: "signal" }, "windows"), "message");
  assertEquals(endSignals("windows").map(([name]) => name), ["SIGINT", "SIGBREAK"]);
});
