import { assert, assertEquals } from "@std/assert";
import { freePort, makeCheckout, ON_WINDOWS, TemporaryFolder, until } from "./helpers.ts";
import { processesWith } from "./processes.ts";

/** The version the README tells learners to use. */
const DENO = `deno@${Deno.version.deno}`;

Deno.test({
  name: "npx deno task lab installs, serves, starts again in 5 seconds, and leaves nothing running",
  ignore: ON_WINDOWS || Deno.env.get("TUNEBOOK_TEST") !== "full",
  async fn(t) {
    await using folder = new TemporaryFolder();
    await makeCheckout(folder);
    const port = freePort();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/${path}?token=secret`);
      return { ok: response.ok, text: await response.text() };
    };
    /** Starts the lab and returns the seconds until it serves, and a way to stop it. */
    const start = async () => {
      const began = performance.now();
      const npx = new Deno.Command("npx", {
        args: ["-y", DENO, "task", "lab", "--no-browser", "--allow-root", `--port=${port}`]
          .concat("--IdentityProvider.token=secret"),
        cwd: folder.path,
        env: { JUPYTER_CONFIG_DIR: folder.join("c"), JUPYTER_DATA_DIR: folder.join("d") },
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      await until(
        "JupyterLab to answer",
        () => get("api/status").then(({ ok }) => ok || undefined, () => undefined),
        300,
      );
      return { npx, seconds: (performance.now() - began) / 1000 };
    };
    const stop = async (npx: Deno.ChildProcess) => {
      npx.kill("SIGTERM");
      await npx.status;
      await until(
        "everything to end",
        async () => (await processesWith(folder.path)).length === 0 || undefined,
      );
    };

    await t.step("the first start installs", async () => {
      const { npx, seconds } = await start();
      console.log(`cold start: ${seconds.toFixed(1)} s`);
      const { text } = await get("api/contents/my/00-small/lesson.ipynb");
      assertEquals(JSON.parse(text).name, "lesson.ipynb");
      const specs = JSON.parse((await get("api/kernelspecs")).text).kernelspecs;
      assertEquals(specs.deno.spec.argv[0], folder.join(".deno", "deno"));
      await stop(npx);
    });
    await t.step("a later start is quick", async () => {
      const times: number[] = [];
      // Other tests may be running: the quickest of up to five counts.
      while (times.length < 5 && !times.some((seconds) => seconds < 5)) {
        const { npx, seconds } = await start();
        times.push(seconds);
        await stop(npx);
      }
      console.log(`warm start: ${times.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
      assert(Math.min(...times) < 5, `${times}`);
    });
  },
});
