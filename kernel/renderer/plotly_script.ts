/**
 * The text of plotly.js, from npm: the build for charts with two axes, pies and heat maps. It is
 * for browsers; Deno can't run it, since it needs a document.
 */
export async function plotlyScript(): Promise<string> {
  const module: unknown = await import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", {
    with: { type: "text" },
  });
  return (module as { default: string }).default;
}
