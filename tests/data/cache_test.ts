import { cacheFolder } from "@tunebook/data";
import { assertEquals, assertThrows } from "@std/assert";
import { keepFile, readKept } from "../../lib/data/cache.ts";

const env = (variables: Record<string, string>) => (name: string) => variables[name];

Deno.test("each system's own place for caches is used", () => {
  const home = env({ HOME: "/home/ada" });
  assertEquals(cacheFolder("linux", home), "/home/ada/.cache/tunebook");
  assertEquals(cacheFolder("darwin", home), "/home/ada/Library/Caches/tunebook");
  assertEquals(
    cacheFolder("windows", env({ LOCALAPPDATA: "C:\\Users\\Ada\\AppData\\Local" })),
    "C:\\Users\\Ada\\AppData\\Local\\tunebook\\cache",
  );
});

Deno.test("TUNEBOOK_CACHE wins everywhere, XDG_CACHE_HOME on Linux only", () => {
  const all = env({ TUNEBOOK_CACHE: "/big", XDG_CACHE_HOME: "/xdg", HOME: "/home/ada" });
  for (const platform of ["linux", "darwin", "windows"]) {
    assertEquals(cacheFolder(platform, all), "/big");
  }
  const xdg = env({ XDG_CACHE_HOME: "/xdg", HOME: "/home/ada" });
  assertEquals(cacheFolder("linux", xdg), "/xdg/tunebook");
  assertEquals(cacheFolder("darwin", xdg), "/home/ada/Library/Caches/tunebook");
});

Deno.test("a user without a folder is told which variable to set", () => {
  assertThrows(() => cacheFolder("linux", env({})), Error, "HOME");
  assertThrows(() => cacheFolder("windows", env({})), Error, "LOCALAPPDATA");
});

Deno.test("a kept file is read back; a folder that can't be written is no error", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = new TextEncoder().encode("kept");
    await keepFile(`${folder}/new/file`, bytes);
    assertEquals(await readKept(`${folder}/new/file`), bytes);
    // A file stands where the folder should be, as on a disk that can't be written to.
    await keepFile(`${folder}/new/file/below`, bytes);
    assertEquals(await readKept(`${folder}/new/file/below`), undefined);
    assertEquals([...Deno.readDirSync(`${folder}/new`)].length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
