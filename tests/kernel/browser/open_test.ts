import { assertEquals } from "@std/assert";
import { openBrowser } from "../../../kernel/browser/open.ts";

Deno.test("a headless browser opens a page, runs its scripts and closes", async () => {
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.setContent("<p id='sum'></p><script>sum.textContent = 19 + 23</script>");
  assertEquals(await page.textContent("#sum"), "42");
});
