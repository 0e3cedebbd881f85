import { assertEquals } from "@std/assert";
import { runnersAbove } from "../../../kernel/lab/runner.ts";
import { ON_WINDOWS, TemporaryFolder, until } from "./helpers.ts";

Deno.test("runnersAbove() counts what deno task and npx put between", () => {
  assertEquals(runnersAbove({}), 0);
  assertEquals(runnersAbove({ INIT_CWD: "/c" }), 1);
  assertEquals(runnersAbove({ INIT_CWD: "/c", npm_command: "exec" }), 2);
});

/** Starts itself `depth` times, one inside the other; the innermost watches its runners. */
const CHAIN = `
  const [depth = "0", folder, module] = Deno.args;
  if (depth !== "0") {
    const args = ["run", "-A", import.meta.filename!, String(Number(depth) - 1), folder, module];
    await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  } else {
    const { watchRunners } = await import(module);
    const forgotten = setTimeout(() => Deno.exit(1), 60_000);
    await watchRunners(async () => {
      clearTimeout(forgotten);
      await Deno.writeTextFile(folder + "/noticed", "");
    });
    await Deno.writeTextFile(folder + "/watching", "");
  }
`;

for (const [depth, env] of [[1, {}], [2, { npm_command: "exec" }]] as const) {
  Deno.test({
    name: `watchRunners() notices that the runner ${depth} above it was killed`,
    ignore: ON_WINDOWS,
    async fn() {
      await using folder = new TemporaryFolder();
      const script = await folder.write("chain.ts", CHAIN);
      const module = new URL("../../../kernel/lab/runner.ts", import.meta.url).href;
      const runner = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", script, `${depth}`, folder.path, module],
        env: { INIT_CWD: folder.path, ...env },
      }).spawn();
      const written = (name: string) => () => Deno.stat(folder.join(name)).catch(() => undefined);
      await until("the watch to begin", written("watching"));
      runner.kill("SIGKILL");
      await runner.status;
      await until("the end to be noticed", written("noticed"));
    },
  });
}
