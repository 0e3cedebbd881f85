import { assert, assertEquals } from "@std/assert";
import { findKernelspec, KernelClient } from "../../kernel/client/mod.ts";
import type { Outcome } from "./all.ts";

const ALL = new URL("all.ts", import.meta.url).href;
const full = Deno.env.get("TUNEBOOK_TEST") === "full";

function check({ cases, failures }: Outcome): void {
  assert(cases > 500, `only ${cases} cases`);
  assertEquals(failures, []);
}

for (const blas of ["off", "on"]) {
  for (const threads of [2, 1]) {
    const both = `${threads} thread${threads > 1 ? "s" : ""}, BLAS ${blas}`;
    // The short tests take the setting that lessons run with.
    const ignore = !full && !(threads === 2 && blas === "off");
    Deno.test({
      name: `everything agrees with PyTorch on ${both}`,
      ignore,
      async fn() {
        const { stdout, success } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", ALL],
          env: { TUNEBOOK_THREADS: `${threads}`, TUNEBOOK_BLAS: blas === "off" ? "off" : "" },
          stderr: "inherit",
        }).output();
        assert(success);
        const outcome = JSON.parse(new TextDecoder().decode(stdout)) as Outcome;
        check(outcome);
        assertEquals(outcome.engine.threads, threads);
        if (blas === "off") assertEquals(outcome.engine.blas, undefined);
      },
    });
  }
}

Deno.test("everything agrees with PyTorch inside Deno's own Jupyter kernel", async () => {
  await using kernel = await KernelClient.start({ kernelspec: await findKernelspec("stock") });
  const { status, outputs } = await kernel.execute(
    `const { compareAll } = await import(${JSON.stringify(ALL)});\n` +
      "console.log(JSON.stringify(await compareAll()))",
  );
  assertEquals(status, "ok", JSON.stringify(outputs));
  const printed = outputs.flatMap((output) =>
    output.output_type === "stream" && output.name === "stdout" ? [output.text] : []
  );
  check(JSON.parse(printed.join("")) as Outcome);
});
