import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { findKernelspec, KernelClient, type Output } from "../../kernel/client/mod.ts";

const LIMIT = { limitMs: 60_000 };
const FIGURE = "application/vnd.plotly.v1+json";

async function startKernel(name: string, env: Record<string, string> = {}) {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  return await KernelClient.start({ kernelspec: await findKernelspec(name), cwd, env });
}

/** An output in a word: what it prints, or its `text/plain`. */
function words(output: Output): string {
  if (output.output_type === "stream") return output.text.trim();
  if (output.output_type === "error") return `${output.ename}: ${output.evalue}`;
  return String(output.data["text/plain"]).split(" · ")[0]!;
}

function forms(output: Output): string[] {
  return "data" in output ? Object.keys(output.data).sort() : [];
}

for (const name of ["stock", "tunebook"]) {
  Deno.test(`${name} kernel: outputs keep their place among printed lines`, async () => {
    await using kernel = await startKernel(name, { TUNEBOOK_PLOTLY: "mime" });
    await kernel.execute('const { plot, progress, show } = await import("@tunebook/notebook");');
    const { outputs } = await kernel.execute(
      `console.log("one");
      show("two");
      console.log("three");
      const handle = plot({ data: [{ y: [1] }], layout: { title: "four" } });
      console.log("five");
      for (const _ of progress(2, { label: "six" })) console.log("seven");
      handle.update({ data: [{ y: [1, 2] }], layout: { title: "four, later" } });
      handle`,
      LIMIT,
    );
    assertEquals(outputs.filter((output) => !isEmpty(output)).map(words), [
      "one",
      "two",
      "three",
      "Plot: four, later — 1 trace, 2 points",
      "five",
      `six ${"█".repeat(20)} 2/2`,
      "seven\nseven",
    ]);
  });

  Deno.test(`${name} kernel: progress moves while a loop never awaits`, async () => {
    await using kernel = await startKernel(name);
    await kernel.execute('const { progress } = await import("@tunebook/notebook");');
    const seen = new Set<string>();
    const { outputs } = await kernel.execute(
      `for (const _ of progress(6)) {
        const began = performance.now();
        while (performance.now() - began < 150);
      }`,
      { ...LIMIT, onOutput: (outputs) => void seen.add(words(outputs[0]!)) },
    );
    assertEquals(outputs.length, 1);
    assert(seen.size >= 4, `${seen.size} different lines`);
    assert("metadata" in outputs[0]!);
    assertEquals(outputs[0].metadata.tunebook, { volatile: true });
  });

  Deno.test(`${name} kernel: a figure brings its script once, marked as not to be stored`, async () => {
    await using kernel = await startKernel(name, { TUNEBOOK_PLOTLY: "html" });
    await kernel.execute('const { plot } = await import("@tunebook/notebook");');
    const first = await kernel.execute("plot({ data: [{ y: [1] }] });", LIMIT);
    const second = await kernel.execute("plot({ data: [{ y: [2] }] });", LIMIT);
    const [script, plot] = first.outputs;
    assert(script !== undefined && plot !== undefined && "data" in script);
    assertEquals(script.metadata.tunebook, { passing: true });
    assert(String(script.data["text/html"]).length > 1_000_000);
    for (const output of [plot, second.outputs[0]!]) {
      assertEquals(forms(output), [FIGURE, "text/html", "text/plain"]);
      assert("data" in output && String(output.data["text/html"]).length < 10_000);
    }
    assert(!second.outputs.some((output) => "data" in output && isMarked(output.metadata)));
  });

  Deno.test(`${name} kernel: no script goes to a front end that draws figures itself`, async () => {
    await using kernel = await startKernel(name, { TUNEBOOK_PLOTLY: "mime" });
    await kernel.execute('const { plot } = await import("@tunebook/notebook");');
    const { outputs } = await kernel.execute("plot({ data: [{ y: [1] }] });", LIMIT);
    assertEquals(outputs.filter((output) => !isEmpty(output)).map(forms), [[FIGURE, "text/plain"]]);
  });

  Deno.test(`${name} kernel: check shows boxes and never throws`, async () => {
    await using kernel = await startKernel(name);
    const { status, outputs } = await kernel.execute(
      `const { check, exercise, todo } = await import("@tunebook/notebook");
      const one = exercise({
        title: "One <1>",
        hint: "Say \`1\`.",
        misconceptions: {},
        check: (answer: () => number, expect) => expect.equal(answer(), 1),
      });
      await check(one, () => todo());
      await check(one, () => 2);
      await check(one, () => { throw new Error("boom"); });
      await check(one, () => 1);`,
      LIMIT,
    );
    assertEquals(status, "ok");
    const shown = outputs.filter((output) => "data" in output && output.data["text/html"]);
    const states = shown.map((output) => "data" in output ? output.metadata.tunebook : undefined);
    assertEquals(states, [
      { check: "unsolved" },
      { check: "wrong" },
      { check: "wrong" },
      { check: "right" },
    ]);
    const html = shown.map((output) => "data" in output ? String(output.data["text/html"]) : "");
    assertStringIncludes(html[0]!, "<details>");
    assertStringIncludes(html[0]!, "One &lt;1&gt;");
    assertStringIncludes(html[0]!, "<code>1</code>");
    assertStringIncludes(html[1]!, "Found:    2");
  });
}

Deno.test("the stock kernel gets one line about the better one, the course's none", async () => {
  const shown = async (kernel: KernelClient) => {
    const { outputs } = await kernel.execute('await import("@tunebook/notebook");', LIMIT);
    return outputs.filter((output) => output.output_type === "display_data").map(words);
  };
  await using stock = await startKernel("stock");
  const [notice, ...more] = await shown(stock);
  assertMatch(notice!, /stock kernel.*`deno task lab`/);
  assertEquals([...more, ...await shown(stock)], []);

  await using ours = await startKernel("tunebook");
  assertEquals(await shown(ours), []);
});

/** The stock kernel shows a value that has nothing to show as an output without forms. */
function isEmpty(output: Output): boolean {
  return "data" in output && Object.keys(output.data).length === 0;
}

function isMarked({ tunebook }: Record<string, unknown>): boolean {
  return tunebook !== undefined;
}
