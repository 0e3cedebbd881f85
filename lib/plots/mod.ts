/**
 * Plots: figures as plotly JSON, in one style that reads in light and dark themes. Nothing here
 * draws; `plot` of `@tunebook/notebook` shows a figure.
 *
 * @module
 */

export { attentionChart, type AttentionMap } from "./attention.ts";
export {
  barChart,
  type ChartOptions,
  intervalChart,
  type IntervalChartOptions,
  type IntervalSeries,
  lineChart,
  scatterChart,
  type Series,
} from "./charts.ts";
export { type Choice, type SliderOptions, withMenu, withSlider } from "./choice.ts";
export { type ColorScale, DIVERGING, SEQUENTIAL } from "./color_scales.ts";
export { type Confusion, confusionChart } from "./confusion.ts";
export { embeddingChart, type EmbeddingOptions } from "./embeddings.ts";
export type { Figure, Trace } from "./figure.ts";
export { histogramChart, type HistogramOptions } from "./histograms.ts";
export { lossChart, type RunHistory, scoreChart } from "./loss.ts";
export { methodChart, type MethodResult } from "./methods.ts";
export { parallelChart, type ParallelOptions, type Row } from "./parallel.ts";
export { project, type Projection, type ProjectionOptions } from "./project.ts";
export { scheduleChart } from "./schedules.ts";
export { type Parts, splitChart, type SplitChartOptions } from "./splits.ts";
export { HOUSE_STYLE, PALETTE } from "./style.ts";
export { tokenChart, type TokenOptions } from "./tokens.ts";
