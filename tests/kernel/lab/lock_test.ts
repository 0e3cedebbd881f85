import { assertEquals } from "@std/assert";
import { withLock } from "../../../kernel/lab/lock.ts";
import { TemporaryFolder, until } from "./helpers.ts";

Deno.test("withLock() lets one caller in at a time and gives its result back", async () => {
  await using folder = new TemporaryFolder();
  const lock = folder.join("deep", "lock");
  let inside = 0;
  let waited = 0;
  const results = await Promise.all([1, 2, 3, 4].map((n) =>
    withLock(lock, async () => {
      assertEquals(++inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
      return n;
    }, () => waited++)
  ));
  assertEquals(results, [1, 2, 3, 4]);
  assertEquals(waited, 3);
});

Deno.test("withLock() is free again after a failure", async () => {
  await using folder = new TemporaryFolder();
  const lock = folder.join("lock");
  await withLock(lock, () => Promise.reject(new Error("no"))).catch(() => {});
  assertEquals(await withLock(lock, () => Promise.resolve("yes")), "yes");
});

Deno.test("withLock() is free again when the process that held it was killed", async () => {
  await using folder = new TemporaryFolder();
  const lock = folder.join("lock");
  const module = new URL("../../../kernel/lab/lock.ts", import.meta.url).href;
  const program = `import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(lock)}, async () => {
      await Deno.writeTextFile(${JSON.stringify(folder.join("held"))}, "");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", await folder.write("hold.ts", program)],
  }).spawn();
  await until("the lock to be held", () => Deno.stat(folder.join("held")).catch(() => undefined));
  let waited = false;
  const mine = withLock(lock, () => Promise.resolve("mine"), () => {
    waited = true;
    holder.kill("SIGKILL");
  });
  assertEquals(await mine, "mine");
  assertEquals(waited, true);
  await holder.status;
});
