import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { ensureLab } from "../../../kernel/lab/lab.ts";
import { installRenderer, RENDERER_NAME } from "../../../kernel/renderer/install.ts";

Deno.test("the renderer is a few files, and installing it again changes none", async () => {
  const share = await Deno.makeTempDir();
  try {
    const folder = await installRenderer(share);
    assertEquals(folder, join(share, "labextensions", RENDERER_NAME));
    const { jupyterlab } = JSON.parse(await Deno.readTextFile(join(folder, "package.json")));
    const entry = await Deno.readTextFile(join(folder, jupyterlab._build.load));
    assert(entry.includes(`_JUPYTERLAB["${RENDERER_NAME}"]`), "it registers under its own name");
    const { size } = await Deno.stat(join(folder, "static", "plotly.js"));
    assert(size > 1_000_000);

    const before = await modified(folder);
    await Promise.all([installRenderer(share), installRenderer(share)]);
    assertEquals(await modified(folder), before);
  } finally {
    await Deno.remove(share, { recursive: true });
  }
});

Deno.test("JupyterLab finds the renderer that comes with the lab", async () => {
  const { jupyter } = await ensureLab({ quiet: true });
  const { stdout, stderr } = await new Deno.Command(jupyter, {
    args: ["labextension", "list"],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertMatch(decoder.decode(stdout) + decoder.decode(stderr), /@tunebook\/plotly v.*enabled.*OK/);
});

/** When each file below a folder was written. */
async function modified(folder: string): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) Object.assign(times, await modified(path));
    else times[path] = Number((await Deno.stat(path)).mtime);
  }
  return times;
}
