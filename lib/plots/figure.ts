/** One set of marks in a figure; the fields are plotly.js's (plotly.com/javascript/reference). */
export interface Trace {
  /** The kind of marks: "scatter" (the default), "bar", "heatmap", "histogram", "box", … */
  type?: string;
  /** What the legend calls it. */
  name?: string;
  /** Any other field that plotly knows. */
  [field: string]: unknown;
}

/** A figure as plotly describes it, plain JSON: traces, the layout around them, how it behaves. */
export interface Figure {
  /** The traces. */
  data: Trace[];
  /** The title, the axes and everything else around the traces. */
  layout?: {
    title?: string | { text: string; [field: string]: unknown };
    [field: string]: unknown;
  };
  /** How the plot behaves, such as `{ scrollZoom: true }`. */
  config?: Record<string, unknown>;
}
