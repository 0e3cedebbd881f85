import { visible } from "./attention.ts";
import { colorBar, DIVERGING, SEQUENTIAL } from "./color_scales.ts";
import type { Figure } from "./figure.ts";

/** How to draw a token heat map. */
export interface TokenOptions {
  /** What the chart shows, in a few words. */
  title?: string;
  /** What the colours mean, such as "loss". */
  valueTitle?: string;
  /** Characters in a line. Default: 70. */
  width?: number;
}

/** Room on both sides of a token, in characters. */
const PADDING = 0.8;

/**
 * A text with each token coloured by a number: its loss, its part in a prediction, the attention it
 * gets. Numbers on both sides of 0 get two colours that meet there.
 *
 * @param tokens The tokens, in order.
 * @param values A number for each.
 * @param options Title, width.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there are more or fewer numbers than tokens, or no token.
 *
 * @example
 * ```ts
 * import { tokenChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = tokenChart(["We", " the", " people"], [5.1, 0.4, 1.2], { width: 10 });
 * assertEquals(figure.data[0]?.y, [0, 0, 1]); // the third is on the second line
 * ```
 */
export function tokenChart(
  tokens: readonly string[],
  values: ArrayLike<number>,
  options: TokenOptions = {},
): Figure {
  const { title, valueTitle = "value", width = 70 } = options;
  if (tokens.length === 0 || tokens.length !== values.length) {
    throw new RangeError(
      `Expected tokens and a number for each but found ${tokens.length} and ${values.length}`,
    );
  }
  const numbers = Array.from(values);
  const shown = tokens.map(visible);
  const { lines, starts, lengths } = layOut(shown, width);
  const low = Math.min(...numbers), high = Math.max(...numbers), most = Math.max(-low, high);
  const twoSided = low < 0 && high > 0;
  return {
    data: [{
      type: "bar",
      orientation: "h",
      base: starts,
      x: lengths,
      y: lines,
      width: 0.86,
      text: shown,
      textposition: "inside",
      insidetextanchor: "middle",
      constraintext: "none",
      textangle: 0,
      textfont: { family: "monospace" },
      customdata: numbers,
      hovertemplate: `%{text}: %{customdata:.3g}<extra></extra>`,
      marker: {
        color: numbers,
        colorscale: twoSided ? DIVERGING : SEQUENTIAL,
        cmin: twoSided ? -most : Math.min(low, 0),
        cmax: twoSided ? most : Math.max(high, 0),
        // Lying below the text, which may be a single line.
        colorbar: {
          ...colorBar(valueTitle),
          orientation: "h",
          x: 0,
          xanchor: "left",
          y: 0,
          yanchor: "top",
          len: 0.4,
        },
        showscale: true,
        line: { width: 0 },
      },
    }],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: 150 + 30 * (lines.at(-1)! + 1),
      showlegend: false,
      xaxis: { visible: false, range: [0, width], fixedrange: true },
      yaxis: { visible: false, autorange: "reversed", fixedrange: true },
    },
  };
}

/** Sets the tokens in lines, as text is set; a line break ends its line. */
function layOut(tokens: readonly string[], width: number) {
  const lines: number[] = [], starts: number[] = [], lengths: number[] = [];
  let line = 0, column = 0;
  for (const token of tokens) {
    const length = [...token].length + PADDING;
    if (column > 0 && column + length > width) {
      line++;
      column = 0;
    }
    lines.push(line);
    starts.push(column);
    lengths.push(length);
    column += length + 0.2;
    if (token.endsWith("↵")) column = width;
  }
  return { lines, starts, lengths };
}
