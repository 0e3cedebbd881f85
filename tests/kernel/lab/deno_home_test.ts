import { assert, assertEquals } from "@std/assert";
import { isPassing, permanentDeno } from "../../../kernel/lab/deno_home.ts";
import { TemporaryFolder } from "./helpers.ts";

Deno.test("isPassing() knows the caches of package runners on each platform", () => {
  for (
    const path of [
      "/root/.npm/_npx/7a40be787520bede/node_modules/deno/deno",
      "C:\\Users\\a\\AppData\\Local\\npm-cache\\_npx\\7a40\\node_modules\\deno\\deno.exe",
      "/home/a/.cache/pnpm/dlx-1234/node_modules/deno/deno",
      "/home/a/.cache/pnpm/dlx/5/node_modules/deno/deno",
      "/tmp/bunx-0-deno@2.9.6/node_modules/deno/deno",
      "/tmp/xfs-1a2b3c/dlx-99/node_modules/deno/deno",
    ]
  ) assert(isPassing(path), path);
  for (
    const path of [
      "/usr/local/bin/deno",
      "/home/a/.deno/bin/deno",
      "/home/dlxfan/project/node_modules/deno/deno",
      "C:\\Program Files\\deno\\deno.exe",
    ]
  ) assert(!isPassing(path), path);
});

Deno.test("permanentDeno() uses an installed Deno as it is", async () => {
  await using folder = new TemporaryFolder();
  const deno = { path: "/usr/local/bin/deno", version: "2.9.6" };
  assertEquals(await permanentDeno(folder.path, deno), deno.path);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("permanentDeno() copies one that is passing, once a version", async () => {
  for (const platform of ["linux", "windows"] as const) {
    await using folder = new TemporaryFolder();
    const deno = { path: await folder.write("_npx/1/deno", "first"), version: "2.9.6" };
    await Deno.chmod(deno.path, 0o755);
    const copy = await permanentDeno(folder.path, deno, platform);
    assertEquals(copy, folder.join(".deno", platform === "windows" ? "deno.exe" : "deno"));
    assertEquals(await Deno.readTextFile(copy), "first");
    if (Deno.build.os !== "windows") assert(((await Deno.stat(copy)).mode ?? 0) & 0o100);

    await Deno.writeTextFile(deno.path, "other"); // of the same size and version: not looked at
    assertEquals(await permanentDeno(folder.path, deno, platform), copy);
    assertEquals(await Deno.readTextFile(copy), "first");

    assertEquals(await permanentDeno(folder.path, { ...deno, version: "2.9.7" }, platform), copy);
    assertEquals(await Deno.readTextFile(copy), "other");
  }
});

Deno.test("permanentDeno() mends a copy that was cut short and leaves no part behind", async () => {
  await using folder = new TemporaryFolder();
  const deno = { path: await folder.write("_npx/1/deno", "whole"), version: "2.9.6" };
  const copy = await permanentDeno(folder.path, deno, "linux");
  await Deno.truncate(copy, 2);
  await Promise.all([1, 2, 3].map(() => permanentDeno(folder.path, deno, "linux")));
  assertEquals(await Deno.readTextFile(copy), "whole");
  const names = (await Array.fromAsync(Deno.readDir(folder.join(".deno")))).map((e) => e.name);
  assertEquals(names.sort(), ["deno", "version"]);
});
