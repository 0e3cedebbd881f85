/**
 * Plots: figures as plotly JSON, in one style that reads in light and dark themes. Nothing here
 * draws; `plot` of `@tunebook/notebook` shows a figure.
 *
 * @module
 */

export { barChart, type ChartOptions, lineChart, scatterChart, type Series } from "./charts.ts";
export { type Choice, withMenu, withSlider } from "./choice.ts";
export type { Figure, Trace } from "./figure.ts";
export { HOUSE_STYLE, PALETTE } from "./style.ts";
