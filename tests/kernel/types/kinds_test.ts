/** What the check says of names taken again is what the kernel does. */
import { assertEquals } from "@std/assert";
import { findKernelspec, KernelClient } from "../../../kernel/client/mod.ts";
import { makeProgram } from "../../../kernel/notebooks/types/program.ts";

const declarations: Record<string, (name: string) => string> = {
  const: (name) => `const ${name} = 1;`,
  import: (name) => `import { join as ${name} } from "node:path";`,
  let: (name) => `let ${name} = 1;`,
  class: (name) => `class ${name} {}`,
  function: (name) => `function ${name}() {}`,
  var: (name) => `var ${name} = 1;`,
  type: (name) => `type ${name} = 1;`,
};

Deno.test("names taken again: the check and Deno's kernel agree", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "tunebook-test-kinds-" });
  try {
    await using kernel = await KernelClient.start({
      kernelspec: await findKernelspec("stock"),
      cwd,
    });
    for (const [first, declare] of Object.entries(declarations)) {
      for (const [second, declareAgain] of Object.entries(declarations)) {
        const sources = [declare, declareAgain].map((write) => write(`${first}_${second}`));
        const cells = sources.map((source, i) => ({ number: i + 1, source, skipped: false }));
        const { refused } = makeProgram(cells, new URL("file:///"));
        const results: string[] = [];
        for (const source of sources) {
          results.push((await kernel.execute(source, { limitMs: 30_000 })).status);
        }
        const wanted = ["ok", refused.length > 0 ? "error" : "ok"];
        assertEquals(results, wanted, sources.join(" then "));
      }
    }
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
