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
  return intervalChart(series.map((one) => ({ ...one, x: cases })), { ...options, joined: false });
}
