import { type Choice, withMenu } from "./choice.ts";
import { colorBar, SEQUENTIAL } from "./color_scales.ts";
import type { Figure } from "./figure.ts";

/** Attention weights of one head: a row for each token that looks, a column for each it looks at. */
export type AttentionMap = readonly (readonly number[])[];

/**
 * Where each token looks: a row for each token, a column for each token it attends to. Several heads
 * get a menu.
 *
 * @param weights `[time][time]` for one head, `[heads][time][time]` for several, as `toArray()` gives
 *   them.
 * @param tokens The tokens, in order.
 * @param options The title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If a map has another number of rows or columns than there are tokens.
 *
 * @example
 * ```ts
 * import { attentionChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = attentionChart([[1, 0], [0.3, 0.7]], ["we", "the"]);
 * assertEquals(figure.data[0]?.z, [[1, 0], [0.3, 0.7]]);
 * ```
 */
export function attentionChart(
  weights: AttentionMap | readonly AttentionMap[],
  tokens: readonly string[],
  options: { title?: string } = {},
): Figure {
  const several = Array.isArray(weights[0]?.[0]);
  const heads = (several ? weights : [weights]) as readonly AttentionMap[];
  const figures = heads.map((map, head): Choice => {
    if (map.length !== tokens.length || map.some((row) => row.length !== tokens.length)) {
      throw new RangeError(
        `Expected ${tokens.length} rows of ${tokens.length} weights, one a token, but found ` +
          `${map.length} of ${map[0]?.length ?? 0}`,
      );
    }
    return { label: `head ${head + 1}`, figure: mapChart(map, tokens, options.title) };
  });
  return several && heads.length > 1 ? withMenu(figures) : figures[0]!.figure;
}

function mapChart(
  map: AttentionMap,
  tokens: readonly string[],
  title: string | undefined,
): Figure {
  // A token may occur twice: the axes count, and the ticks name.
  const ticks = {
    tickvals: tokens.map((_, i) => i),
    ticktext: tokens.map(visible),
    showgrid: false,
    zeroline: false,
  };
  const side = Math.max(320, 150 + 20 * tokens.length);
  return {
    data: [{
      type: "heatmap",
      // Four decimals: the maps of all heads of a model are many numbers.
      z: map.map((row) => row.map((weight) => Number(weight.toFixed(4)))),
      hovertemplate: "%{y} looks at %{x}: %{z:.3f}<extra></extra>",
      zmin: 0,
      colorscale: SEQUENTIAL,
      colorbar: colorBar("weight"),
    }],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: side,
      xaxis: { ...ticks, title: { text: "looks at" }, tickangle: -60 },
      yaxis: { ...ticks, title: { text: "token" }, autorange: "reversed" },
    },
  };
}

/** A token with its white space to be seen. */
export function visible(token: string): string {
  return token.replaceAll("\n", "↵").replaceAll(" ", "␣");
}
