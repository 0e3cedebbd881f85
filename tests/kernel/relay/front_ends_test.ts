import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "../../../kernel/lab/lab.ts";
import { labKernelSpec, writeKernelSpec } from "../../../kernel/lab/kernelspec.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";
import { fixture } from "../browser/fixture.ts";
import { ensurePythonVenv } from "../python_venv.ts";

/** A folder with a kernelspec `deno` that starts our kernel, and a Python that finds it. */
async function setUp() {
  const { python, bin } = await ensurePythonVenv();
  const folder = await Deno.makeTempDir({ prefix: "front_ends_" });
  const spec = await labKernelSpec(ROOT, Deno.execPath(), { NO_COLOR: "1" });
  await writeKernelSpec(join(folder, "jupyter", "kernels", "deno"), spec);
  const env = {
    JUPYTER_PATH: join(folder, "jupyter"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    IPYTHONDIR: join(folder, "ipython"),
    PATH: [bin, Deno.env.get("PATH")].join(delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  return {
    folder,
    async run(args: string[], input?: string): Promise<{ code: number; text: string }> {
      const process = new Deno.Command(python, {
        args,
        cwd: folder,
        env,
        stdin: input === undefined ? "null" : "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      if (input !== undefined) {
        const writer = process.stdin.getWriter();
        await writer.write(new TextEncoder().encode(input));
        await writer.close();
      }
      const { code, stdout, stderr } = await process.output();
      const decoder = new TextDecoder();
      return {
        code,
        text: stripVTControlCharacters(decoder.decode(stdout) + decoder.decode(stderr)),
      };
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const notebook = (sources: string[]) => formatNotebook(fixture(sources));

Deno.test("jupyter_kernel_test passes", async () => {
  await using front = await setUp();
  const script = fileURLToPath(new URL("./conformance.py", import.meta.url));
  const { code, text } = await front.run([script, "--verbose"]);
  assertEquals(code, 0, text);
  const skipped = [...text.matchAll(/^(test_\w+).*skipped/gm)].map(([, name]) => name);
  assertEquals(skipped, ["test_pager"], "the kernel has no pager");
});

Deno.test("nbclient and nbconvert --execute put every output into its cell", async () => {
  await using front = await setUp();
  const sources = Array.from(
    { length: 12 },
    (_, n) => `for (let i = 0; i < 50; i++) console.log("cell ${n} line", i);\n${n}`,
  );
  await Deno.writeTextFile(join(front.folder, "in.ipynb"), notebook(sources));
  const { code, text } = await front.run(
    ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "in.ipynb"],
  );
  assertEquals(code, 0, text);
  const { cells } = JSON.parse(await Deno.readTextFile(join(front.folder, "out.ipynb")));
  for (const [n, { outputs }] of cells.entries()) {
    const lines = Array.from({ length: 50 }, (_, i) => `cell ${n} line ${i}\n`).join("");
    assertEquals([outputs[0].text].flat().join(""), lines);
    assertEquals([outputs[1].data["text/plain"]].flat().join(""), String(n));
    assertEquals(outputs.length, 2);
  }

  await Deno.writeTextFile(
    join(front.folder, "failing.ipynb"),
    notebook(["1", "const x: number = 2;\nthrow new RangeError('on line two')", "3"]),
  );
  const failed = await front.run([
    "-m",
    "nbconvert",
    "--to",
    "notebook",
    "--execute",
    "failing.ipynb",
  ]);
  assert(failed.code !== 0);
  assertStringIncludes(failed.text, "RangeError: on line two");
  assertStringIncludes(failed.text, "Cell [2]:2:7");
});

Deno.test("jupyter console runs cells and asks for more lines", async () => {
  await using front = await setUp();
  const { text } = await front.run(
    ["-m", "jupyter_console", "--kernel", "deno", "--simple-prompt", "--no-confirm-exit"],
    "console.log('hello from', 'the console')\n6 * 7\nexit\n",
  );
  assertStringIncludes(text, "hello from the console");
  assertStringIncludes(text, "42");
});
