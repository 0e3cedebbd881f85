import { barChart, type Figure, lineChart, withMenu, withSlider } from "@tunebook/plots";
import { assertEquals, assertThrows } from "@std/assert";
import type { Page } from "playwright-core";
import { openBrowser } from "../../kernel/browser/open.ts";
import { plotlyScript } from "../../kernel/renderer/plotly_script.ts";

/** Draws a figure with plotly itself, alone on a page. */
async function draw(page: Page, figure: Figure): Promise<void> {
  await page.setContent('<div id="plot" style="width:800px;height:400px"></div>');
  await page.addScriptTag({ content: await plotlyScript() });
  await page.evaluate((figure) => {
    const { Plotly } = globalThis as unknown as {
      Plotly: { newPlot(id: string, data: unknown, layout: unknown): Promise<void> };
    };
    return Plotly.newPlot("plot", figure.data, figure.layout);
  }, figure);
}

/** Waits until a figure has a title, and tells which of its traces can be seen then. */
async function visibleUnder(page: Page, title: string): Promise<boolean[]> {
  await page.locator(".gtitle", { hasText: title }).waitFor();
  return await page.locator("#plot").evaluate((plot) => {
    const { data } = plot as unknown as { data: { visible: boolean }[] };
    return data.map(({ visible }) => visible);
  });
}

Deno.test("a menu and a slider show the figure that is chosen", async () => {
  await using browser = await openBrowser();
  const page = await browser.newPage();

  const line = (title: string) => lineChart({ x: [1, 2], y: [1, 2] }, { title });
  await draw(
    page,
    withMenu([{ label: "a", figure: line("A") }, { label: "b", figure: line("B") }]),
  );
  assertEquals(await visibleUnder(page, "A"), [true, false]);
  await page.locator(".updatemenu-header").click();
  await page.locator(".updatemenu-dropdown-button").nth(1).click();
  assertEquals(await visibleUnder(page, "B"), [false, true]);

  const bar = (title: string) => barChart({ x: ["word"], y: [1] }, { title });
  await draw(
    page,
    withSlider([{ label: "a", figure: bar("A") }, { label: "b", figure: bar("B") }]),
  );
  const rail = (await page.locator(".slider-rail-touch-rect").boundingBox())!;
  await page.mouse.click(rail.x + rail.width - 3, rail.y + rail.height / 2);
  assertEquals(await visibleUnder(page, "B"), [false, true]);
});

Deno.test("a slider may begin anywhere, and says what it chooses", async () => {
  await using browser = await openBrowser();
  const page = await browser.newPage();
  const choices = [1, 2, 3].map((rank) => ({
    label: String(rank),
    figure: barChart({ x: ["word"], y: [rank] }, { title: `Rank ${rank}` }),
  }));
  await draw(page, withSlider(choices, { label: "rank", start: 1 }));
  assertEquals(await visibleUnder(page, "Rank 2"), [false, true, false]);
  assertEquals(await page.locator(".slider-label").first().textContent(), "rank: 2");
  assertThrows(() => withSlider(choices, { start: 3 }), RangeError, "one of 3 figures");
});
