/** A plotly colour scale: a share from 0 to 1, and the colour there. */
export type ColorScale = readonly (readonly [number, string])[];

/**
 * From little to much: one hue that gets darker, so that it reads without colour too. Its colours
 * are opaque: cells look the same on a light and a dark page, and plotly can choose ink that shows.
 */
export const SEQUENTIAL: ColorScale = [
  [0, "#e8f1f8"],
  [0.5, "#5a9fcb"],
  [1, "#003f66"],
];

/** From one side over a neutral middle to the other: blue and vermilion, which everyone tells apart. */
export const DIVERGING: ColorScale = [
  [0, "#0072b2"],
  [0.5, "#f2f2f2"],
  [1, "#d55e00"],
];

/**
 * For lines and dots on the page itself, whose background may be white or nearly black: orange over
 * grey to blue, none of them very light or very dark.
 */
export const FOR_LINES: ColorScale = [
  [0, "#e69f00"],
  [0.5, "#8f8f8f"],
  [1, "#0072b2"],
];

/** What stands beside a colour scale: a slim bar. */
export function colorBar(title: string): Record<string, unknown> {
  return { title: { text: title, side: "right" }, thickness: 12, outlinewidth: 0 };
}

/**
 * A colour of a scale.
 *
 * @param scale The scale.
 * @param share Where on it, from 0 to 1; beyond that its ends.
 */
export function colorAt(scale: ColorScale, share: number): string {
  const at = Math.min(1, Math.max(0, share));
  const upper = Math.max(1, scale.findIndex(([end]) => end >= at));
  const [from, low] = scale[upper - 1]!, [to, high] = scale[upper]!;
  const mix = [1, 3, 5].map((i) => {
    const [a, b] = [low, high].map((color) => parseInt(color.slice(i, i + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(a + (b - a) * (at - from) / (to - from)).toString(16).padStart(2, "0");
  });
  return `#${mix.join("")}`;
}
