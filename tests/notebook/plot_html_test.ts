import { assertEquals, assertStringIncludes } from "@std/assert";
import { toPlotlyJson } from "@tunebook/notebook";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../../kernel/browser/open.ts";
import { findKernelspec, KernelClient } from "../../kernel/client/mod.ts";
import { plotHtml } from "../../lib/notebook/plot_html.ts";

/** The HTML of what a cell shows in a front end without a renderer. */
async function htmlOf(...sources: string[]): Promise<string[]> {
  await using kernel = await KernelClient.start({
    kernelspec: await findKernelspec("stock"),
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { TUNEBOOK_PLOTLY: "html" },
  });
  const parts = [];
  for (const source of sources) {
    const { outputs } = await kernel.execute(source, { limitMs: 60_000 });
    for (const output of outputs) {
      if ("data" in output && output.data["text/html"]) parts.push(output.data["text/html"]);
    }
  }
  return parts.map(String);
}

Deno.test("plots draw in a page whose loader refuses scripts that define a module", async () => {
  const parts = await htmlOf(
    'import { plot } from "@tunebook/notebook"; plot({ data: [{ y: [1, 3, 2] }] });',
    'plot({ data: [{ type: "heatmap", z: [[1, 2], [3, 4]] }] });',
  );
  await using browser = await openBrowser();
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // What the classic Notebook's page has: require.js, which refuses an anonymous module.
  await page.setContent(`<script>
    window.define = () => { throw new Error("Mismatched anonymous define() module"); };
    window.define.amd = {};
  </script>${parts.join("\n")}`);
  await page.waitForSelector(".js-line", { state: "attached" });
  await page.waitForSelector(".heatmaplayer image", { state: "attached" });
  assertEquals(errors, []);
});

Deno.test("a plot draws when plotly.js comes after it, and says so when it never does", async () => {
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.clock.install();
  await page.setContent(plotHtml(toPlotlyJson({ data: [{ y: [1, 2] }] })));
  await page.clock.fastForward(5_000);
  await page.evaluate("window.Plotly = { newPlot: (place) => place.textContent = 'drawn' }");
  await page.clock.fastForward(100);
  assertEquals(await page.textContent("div"), "drawn");

  await page.evaluate("delete window.Plotly");
  await page.setContent(plotHtml(toPlotlyJson({ data: [{ y: [1, 2] }] })));
  await page.clock.fastForward(11_000);
  assertStringIncludes(String(await page.textContent("div")), "run `sendPlotly()`");
});
