import { HOUSE_STYLE, PALETTE } from "@tunebook/plots";
import { assert, assertGreaterOrEqual } from "@std/assert";

/** The relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const WHITE = "#ffffff";
const DARK = "#111111"; // JupyterLab's dark theme

Deno.test("text reads on a white and on a dark background", () => {
  const { font } = HOUSE_STYLE.layout as { font: { color: string } };
  for (const background of [WHITE, DARK]) {
    assertGreaterOrEqual(contrast(font.color, background), 3.5);
  }
});

Deno.test("every colour can be seen on a white and on a dark background", () => {
  for (const colour of PALETTE) {
    for (const background of [WHITE, DARK]) {
      const found = contrast(colour, background);
      assertGreaterOrEqual(found, 2.1, `${colour} on ${background}: ${found.toFixed(2)}`);
    }
  }
});

Deno.test("the background is left to the theme", () => {
  const { paper_bgcolor, plot_bgcolor } = HOUSE_STYLE.layout as Record<string, string>;
  assert(paper_bgcolor === "rgba(0,0,0,0)" && plot_bgcolor === "rgba(0,0,0,0)");
});
