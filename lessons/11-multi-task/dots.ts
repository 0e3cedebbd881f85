/**
 * Figures of lesson 11 that compare a few named cases.
 *
 * @module
 */
import { type ChartOptions, type Figure, intervalChart } from "@tunebook/plots";
import type { Interval } from "@tunebook/training";

/** What one colour stands for: an interval for each case. */
export interface Dots {
  /** What the legend calls it. */
  name?: string;
  /** For each case a mean with its interval. */
  y: readonly Interval[];
}

/** Means with their intervals, those of one case side by side; nothing joins one case to the next. */
export function dotChart(cases: readonly string[], series: Dots[], options: ChartOptions): Figure {
  const beside = (s: number) => 0.12 * (s - (series.length - 1) / 2);
  const figure = intervalChart(
    series.map((one, s) => ({ ...one, x: cases.map((_, i) => i + beside(s)) })),
    options,
  );
  const xaxis = {
    tickvals: cases.map((_, i) => i),
    ticktext: [...cases],
    range: [-0.5, cases.length - 0.5],
    zeroline: false,
  };
  return {
    data: figure.data.map((trace) => ({ ...trace, mode: "markers", hoverinfo: "y+name" })),
    layout: { ...figure.layout, xaxis },
  };
}
