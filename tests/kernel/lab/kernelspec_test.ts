import { assertEquals } from "@std/assert";
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
  const names = (await Array.fromAsync(Deno.readDir(kernel), ({ name }) => name)).sort();
  assertEquals(names, ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);

  // An old date tells a file that was left alone from one written a moment ago.
  const old = new Date("2020-01-01");
  await Promise.all(names.map((name) => Deno.utime(`${kernel}/${name}`, old, old)));
  const touched = async () => {
    const times = await Promise.all(names.map((name) => Deno.stat(`${kernel}/${name}`)));
    return names.filter((_, i) => times[i]?.mtime?.getTime() !== old.getTime());
  };
  await writeKernelSpec(kernel, spec);
  assertEquals(await touched(), []);

  await writeKernelSpec(kernel, { ...spec, argv: ["other"] });
  assertEquals((await readKernelSpec(kernel))?.argv, ["other"]);
  assertEquals(await touched(), ["kernel.json"]);
});

Deno.test("readKernelSpec() is undefined where there is none or a broken one", async () => {
  await using folder = new TemporaryFolder();
  assertEquals(await readKernelSpec(folder.join("nowhere")), undefined);
  await folder.write("kernel.json", "{");
  assertEquals(await readKernelSpec(folder.path), undefined);
});
