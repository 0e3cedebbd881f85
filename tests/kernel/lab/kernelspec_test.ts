import { assert, assertEquals } from "@std/assert";
import { relayCommand } from "../../../kernel/relay/command.ts";
import { labKernelSpec, readKernelSpec, writeKernelSpec } from "../../../kernel/lab/kernelspec.ts";
import { TemporaryFolder } from "./helpers.ts";

Deno.test("labKernelSpec() starts the relay where there is one, else Deno's kernel", async () => {
  await using folder = new TemporaryFolder();
  const stock = await labKernelSpec(folder.path, "/d/deno");
  assertEquals(stock.argv, ["/d/deno", "jupyter", "--kernel", "--conn", "{connection_file}"]);
  assertEquals(stock.display_name, "Deno (Tunebook)");
  assertEquals(stock.interrupt_mode, "message");

  const relay = await folder.write("kernel/relay/main.ts", "");
  const spec = await labKernelSpec(folder.path, "/d/deno", { A: "1" });
  assertEquals(spec.argv, relayCommand("/d/deno", relay, "{connection_file}"));
  assertEquals(spec.env, { DENO_NO_UPDATE_CHECK: "1", A: "1" });
});

Deno.test("writeKernelSpec() writes the spec and its logos, and touches nothing twice", async () => {
  await using folder = new TemporaryFolder();
  const kernel = folder.join("kernels", "deno");
  const spec = await labKernelSpec(folder.path, "/d/deno");
  await writeKernelSpec(kernel, spec);
  assertEquals<unknown>(await readKernelSpec(kernel), spec);
  const times = async () =>
    (await Array.fromAsync(
      Deno.readDir(kernel),
      async ({ name }) => `${name} ${(await Deno.stat(`${kernel}/${name}`)).mtime?.getTime()}`,
    )).sort();
  const before = await times();
  assertEquals(
    before.map((line) => line.split(" ")[0]),
    ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"],
  );
  await writeKernelSpec(kernel, spec);
  assertEquals(await times(), before);

  await writeKernelSpec(kernel, { ...spec, argv: ["other"] });
  assertEquals((await readKernelSpec(kernel))?.argv, ["other"]);
  assert((await times())[0] !== before[0]);
});

Deno.test("readKernelSpec() is undefined where there is none or a broken one", async () => {
  await using folder = new TemporaryFolder();
  assertEquals(await readKernelSpec(folder.join("nowhere")), undefined);
  await folder.write("kernel.json", "{");
  assertEquals(await readKernelSpec(folder.path), undefined);
});
