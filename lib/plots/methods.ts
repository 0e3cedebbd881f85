import type { Figure } from "./figure.ts";
import { PALETTE } from "./style.ts";

/** What a method took and what it reached. */
export interface MethodResult {
  /** What it is called, such as "LoRA, rank 8". */
  name: string;
  /** How many parameters it trains. */
  parameters: number;
  /** What it reached. */
  score: number;
  /** Where the interval of the score begins and ends. */
  interval?: readonly [low: number, high: number];
  /** How long training took. */
  seconds: number;
}

/**
 * Methods side by side: how many parameters each trains (across), what it reaches (up, with its
 * interval), how long it takes (the size of the dot, and under the pointer).
 *
 * @param results A line for each method.
 * @param options The title; what the score is, such as `"accuracy"`.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If there is no method.
 *
 * @example
 * ```ts
 * import { methodChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = methodChart([
 *   { name: "full", parameters: 1e6, score: 0.91, seconds: 40 },
 *   { name: "LoRA", parameters: 2e4, score: 0.9, interval: [0.88, 0.92], seconds: 22 },
 * ]);
 * assertEquals(figure.data.map(({ name }) => name), ["full", "LoRA"]);
 * ```
 */
export function methodChart(
  results: readonly MethodResult[],
  options: { title?: string; score?: string } = {},
): Figure {
  const { title, score = "score" } = options;
  if (results.length === 0) throw new RangeError("Expected at least one method but found none");
  const longest = Math.max(...results.map(({ seconds }) => seconds), Number.MIN_VALUE);
  return {
    data: results.map(({ name, parameters, score, interval, seconds }, i) => {
      const color = PALETTE[i % PALETTE.length]!;
      return {
        type: "scatter",
        mode: "markers+text",
        name,
        x: [parameters],
        y: [score],
        text: [name],
        textposition: "middle right",
        cliponaxis: false,
        // The area is what the eye compares.
        marker: { size: 8 + 28 * Math.sqrt(seconds / longest), color, opacity: 0.75 },
        ...(interval && {
          error_y: {
            type: "data",
            symmetric: false,
            array: [interval[1] - score],
            arrayminus: [score - interval[0]],
            color,
          },
        }),
        hovertemplate: `${name}<br>%{x:,} parameters<br>%{y:.3f}${
          interval ? ` (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})` : ""
        }<br>${seconds.toPrecision(3)} s<extra></extra>`,
        showlegend: false,
      };
    }),
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      xaxis: {
        title: { text: "trained parameters; the larger the dot, the longer it took" },
        ...axisOfCounts(results.map(({ parameters }) => parameters)),
      },
      yaxis: { title: { text: score } },
    },
  };
}

/** A logarithmic axis with room for the last name; a plain one if something trains nothing. */
function axisOfCounts(counts: readonly number[]): Record<string, unknown> {
  if (counts.some((count) => !(count > 0))) return {};
  const ends = [Math.min(...counts), Math.max(...counts)].map(Math.log10) as [number, number];
  return { type: "log", dtick: 1, range: [ends[0] - 0.4, ends[1] + 1.1] };
}
