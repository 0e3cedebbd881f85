import { assert, assertEquals } from "@std/assert";
import { labKernelSpec, readKernelSpec } from "../../../kernel/lab/kernelspec.ts";
import { installUserKernel, uninstallUserKernel } from "../../../kernel/lab/user_kernel.ts";
import { TemporaryFolder } from "./helpers.ts";

const STOCK = JSON.stringify({ argv: ["deno", "jupyter"], display_name: "Deno" });

async function kernelsIn(folder: TemporaryFolder): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder.join("kernels")));
  return entries.map((entry) => entry.name);
}

Deno.test("installUserKernel() registers, also twice, and is taken back, also twice", async () => {
  await using folder = new TemporaryFolder();
  const spec = await labKernelSpec(folder.path, "/d/deno");
  for (const time of [1, 2]) {
    const change = await installUserKernel(folder.path, spec);
    assertEquals(change.other, "none", `${time}`);
    assertEquals((await readKernelSpec(change.folder))?.display_name, "Deno (Tunebook)");
    assertEquals(await kernelsIn(folder), ["deno"]);
  }
  assertEquals((await uninstallUserKernel(folder.path)).done, true);
  assertEquals(await kernelsIn(folder), []);
  assertEquals((await uninstallUserKernel(folder.path)).done, false);
});

Deno.test("installUserKernel() keeps another deno spec, which uninstalling restores", async () => {
  await using folder = new TemporaryFolder();
  await folder.write("kernels/deno/kernel.json", STOCK);
  await folder.write("kernels/deno/logo.png", "picture");
  const spec = await labKernelSpec(folder.path, "/d/deno");
  for (const time of [1, 2]) {
    assertEquals((await installUserKernel(folder.path, spec)).other, "kept", `${time}`);
    assertEquals(await kernelsIn(folder), ["deno"], "the copy is not offered as a kernel");
  }
  assertEquals((await uninstallUserKernel(folder.path)).other, "restored");
  assertEquals(await Deno.readTextFile(folder.join("kernels/deno/kernel.json")), STOCK);
  assertEquals(await Deno.readTextFile(folder.join("kernels/deno/logo.png")), "picture");

  const again = await uninstallUserKernel(folder.path);
  assertEquals([again.done, again.other], [false, "none"], "a spec that isn't ours stays");
  assertEquals(await Deno.readTextFile(folder.join("kernels/deno/kernel.json")), STOCK);
  assertEquals((await Array.fromAsync(Deno.readDir(folder.path))).map((e) => e.name), ["kernels"]);
});

Deno.test("installUserKernel() keeps the newer of two other specs", async () => {
  await using folder = new TemporaryFolder();
  const spec = await labKernelSpec(folder.path, "/d/deno");
  await folder.write("kernels/deno/kernel.json", STOCK);
  await installUserKernel(folder.path, spec);
  const newer = STOCK.replace("Deno", "Deno 3");
  await folder.write("kernels/deno/kernel.json", newer);
  await installUserKernel(folder.path, spec);
  await uninstallUserKernel(folder.path);
  assertEquals(await Deno.readTextFile(folder.join("kernels/deno/kernel.json")), newer);
});

Deno.test("uninstallUserKernel() restores the copy if our spec was deleted by hand", async () => {
  await using folder = new TemporaryFolder();
  await folder.write("kernels/deno/kernel.json", STOCK);
  const { folder: kernel } = await installUserKernel(
    folder.path,
    await labKernelSpec(folder.path, "/d/deno"),
  );
  await Deno.remove(kernel, { recursive: true });
  const change = await uninstallUserKernel(folder.path);
  assert(change.done);
  assertEquals(await Deno.readTextFile(folder.join("kernels/deno/kernel.json")), STOCK);
});
